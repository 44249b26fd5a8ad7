"""One client's connection: aiohttp's protocol, with a deadline for heads and answers of our own for what is no HTTP."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import BadHttpMessage, BadHttpMethod, LineTooLong

from pyastro.runtime.error_pages import phrase
from pyastro.runtime.request import request_id
from pyastro.runtime.server.access_log import log_access
from pyastro.runtime.server.settings import Settings

log = logging.getLogger("pyastro.server")

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_UNKNOWN_METHOD = re.compile(r"\bb['\"][A-Z-]{1,32} ")
_LONGEST_LINE = 16 * 1024
_MOST_HEADERS = 128
_FIRST_REQUEST_SECONDS = 0.5
"""Who has connected is about to ask. At the end of a server, a client that came so recently is waited for."""


class Connection(web.RequestHandler):
    """A connection that is closed when the head of a request does not arrive in time.

    aiohttp waits for the next head as long as for the next request, and starts no timer when a head has begun.
    """

    def __init__(self, manager: "Listener", **options: Any) -> None:
        super().__init__(manager, **options)
        self._head_seconds = manager.head_seconds
        self._logs_access = manager.logs_access
        self._head_timer: asyncio.TimerHandle | None = None
        self.stream: asyncio.Task[Any] | None = None
        """The task that sends a stream now; it is cancelled when the client goes away."""
        self._opened = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts the first head's time."""
        super().connection_made(transport)
        self._opened = self._loop.time()
        self._start_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Stops the time, and the stream that nobody receives any more."""
        self._stop_timer()
        if self.stream is not None:
            self.stream.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Stops the time when a head is complete, and starts it at the first byte of the next."""
        heads = self._request_count
        super().data_received(data)
        if self._request_count != heads:
            self._stop_timer()
        elif self._waiter is not None and self._head_timer is None:
            self._start_timer()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what is no HTTP request; nothing of it is repeated."""
        if request.writer.output_size > 0:
            raise ConnectionError("the response was begun already")
        if status >= 500:
            log.error("The server failed to answer", exc_info=exc)
        status, name = _status(status, exc), request_id(request.headers.get("x-request-id", ""))
        if self._logs_access:
            log_access(request, status, size=0, seconds=0.0, request_id=name)
        # aiohttp takes what it could not read for HTTP/1.0
        request._version = HttpVersion11
        headers = {"server": "pyastro", "x-request-id": name}
        response = web.Response(status=status, text=f"{phrase(status)}\n", headers=headers)
        response.force_close()
        return response

    def is_idle(self) -> bool:
        """Is no request being answered, nor the first one probably on its way?"""
        is_new = not self._request_count and self._loop.time() < self._opened + _FIRST_REQUEST_SECONDS
        return self._waiter is not None and not is_new

    def _start_timer(self) -> None:
        self._head_timer = self._loop.call_later(self._head_seconds, self._head_is_late)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._waiter is not None and not self._waiter.done():
            self.force_close()


class Listener(web.Server):
    """Makes the connections of a server."""

    def __init__(self, handler: Handler, settings: Settings) -> None:
        super().__init__(handler, handler_cancellation=True)  # a client that goes away ends its render
        self.head_seconds = settings.deadlines.head
        self.logs_access = settings.access_log
        self._options: dict[str, Any] = {
            "keepalive_timeout": settings.deadlines.keep_alive,
            "access_log": None,
            "max_line_size": _LONGEST_LINE,
            "max_field_size": _LONGEST_LINE,
            "max_headers": _MOST_HEADERS,
            "lingering_time": 1.0,
        }

    def __call__(self) -> Connection:
        """The protocol of a new connection."""
        return Connection(self, loop=self._loop, **self._options)

    def close_idle(self) -> None:
        """Closes the connections on which nothing is to be answered."""
        for connection in self.connections:
            if isinstance(connection, Connection) and connection.is_idle():
                connection.force_close()


def _status(status: int, error: BaseException | None) -> int:
    """The status for what the parser refused (RFC 9110, 15.5.15 and 15.6.2; RFC 6585, 5)."""
    if isinstance(error, BadHttpMethod):
        return 501 if _UNKNOWN_METHOD.search(str(error)) else 400
    if isinstance(error, LineTooLong):
        return 414 if _is_target(error.args[0]) else 431
    return 431 if isinstance(error, BadHttpMessage) and "Too many headers" in error.message else status


def _is_target(line: str | bytes) -> bool:
    """Whether the line that was too long began as a request's target does: neither names nor values of fields do."""
    return line[:1] in ("/", b"/")
