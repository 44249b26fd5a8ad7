"""A response of the site's, sent through aiohttp."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from aiohttp import web
from multidict import CIMultiDict

from pyastro.runtime.failures import is_failure
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.headers import Headers
from pyastro.runtime.outgoing import is_closing, known_body, outgoing_fields
from pyastro.runtime.response import Response
from pyastro.runtime.server.connection import Connection
from pyastro.runtime.server.stalls import PIECE, WriteDeadline, flush, unsent
from pyastro.runtime.server.stretches import send_stretch
from pyastro.runtime.server.whole import Sent, send_whole, takes_body
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.server")

_LONGEST_AT_ONCE = 256 * 1024  # more than that would wait in memory for a slow client
_UNSENT = Sent(is_last=True)
_CLIENT_WENT_AWAY = 499  # nginx's word for it; it is only logged


class Delivery:
    """One response on its way to its client. A client that takes nothing for `write_seconds` is cut off."""

    def __init__(
        self, response: Response, message: web.BaseRequest, request_id: str, write_seconds: float
    ) -> None:
        self.request_id = request_id
        """What the log calls the request."""
        self.size = 0
        """How many bytes of the body were handed to the system."""
        self._response = response
        self._message = message
        self._seconds = write_seconds
        self._data = known_body(response)
        self._head: web.StreamResponse = _UNSENT
        self.status = response.status
        """The status that was sent; at the end 500 where the response broke, 499 where its client went away."""

    async def send(self) -> web.StreamResponse:
        """Sends the response, and gives aiohttp's object for it.

        A stream that breaks after its first byte ends without the end that the client expects, so that it cannot be
        taken for a whole. One whose client goes away is closed at once: this call is cancelled then.
        """
        try:
            await self._send()
            if unsent(self._message.transport):
                await flush(self._message.transport, self._seconds)
        except BaseException as error:
            self.status = _CLIENT_WENT_AWAY
            if not is_failure(error):
                raise
            if not isinstance(error, ConnectionError):  # a client that went away is nobody's failure
                self.status = 500
                self._report("broke while it was sent", error)
            await self._cut()
        return self._head

    async def _send(self) -> None:
        response, message, data = self._response, self._message, self._data
        if data is not None and len(data) <= _LONGEST_AT_ONCE and takes_body(response, message.method):
            self._head = send_whole(response, data, message)
            self.size = len(data)
            return
        head = self._head = _head(response, data, message.method)
        if isinstance(head, web.Response):
            await head.prepare(message)  # into the buffer, without waiting
            await head.write_eof()
        else:
            await self._send_pieces(head)

    async def _send_pieces(self, head: web.StreamResponse) -> None:
        async with WriteDeadline(self._seconds):
            await head.prepare(self._message)
        body = self._response.body
        if isinstance(body, FileBody):
            await send_stretch(head, body, self._message, self._seconds)
            self.size = body.length
        elif self._data is not None:
            await self._write(self._data)
        else:
            await self._send_stream()
        async with WriteDeadline(self._seconds):
            await head.write_eof()

    async def _send_stream(self) -> None:
        # The first piece may be long in coming; an EventSource, for one, waits for the head.
        self._message.writer.send_headers()
        pieces = self._response.stream()
        connection = self._message.protocol
        if isinstance(connection, Connection):
            connection.stream = asyncio.current_task()
        try:
            async for piece in pieces:
                await self._write(piece)
        finally:
            if isinstance(connection, Connection):
                connection.stream = None
            if isinstance(pieces, AsyncGenerator):  # whatever stands behind the stream is let go of at once
                await pieces.aclose()

    async def _write(self, piece: bytes) -> None:
        """Writes a piece of any size; each 64 KB of it have the whole time."""
        for start in range(0, len(piece), PIECE):
            part = piece[start : start + PIECE]
            async with WriteDeadline(self._seconds):
                await self._head.write(part)
            self.size += len(part)

    async def _cut(self) -> None:
        """Ends the connection at once, without the end of the response, and the stream behind it."""
        self._head.force_close()
        if self._message.transport is not None:
            self._message.transport.abort()
        try:
            await self._response.close()
        except Exception as error:
            self._report("its stream failed to close", error)

    def _report(self, what: str, error: BaseException) -> None:
        log.error(
            "%s %s: %s (request %s)",
            self._message.method,
            self._message.raw_path.partition("?")[0],  # a query may hold what no log should
            what,
            self.request_id,
            exc_info=rewrite(error),
            extra={"request_id": self.request_id},
        )


def _head(response: Response, data: bytes | None, method: str) -> web.StreamResponse:
    """aiohttp's response: one of its `Response`s where no body follows."""
    fields = _fields(response.headers)
    if data is not None:
        fields["content-length"] = str(len(data))
    has_body = response.body is not None and takes_body(response, method)
    kind = web.StreamResponse if has_body else web.Response
    head = kind(status=response.status, reason=response.reason, headers=fields)
    if is_closing(response.headers):
        head.force_close()
    return head


def _fields(headers: Headers) -> CIMultiDict[str]:
    """The site's fields for aiohttp.

    A value holds one character for each byte; aiohttp sends text as UTF-8. What is UTF-8 comes out as it went in.
    """
    fields = CIMultiDict([("server", "pyastro")])
    for name, value in outgoing_fields(headers):
        fields.add(name, value if value.isascii() else _utf8(value))
    return fields


def _utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
