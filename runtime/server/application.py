"""The site behind aiohttp: its requests in, its responses out."""

import asyncio
import logging
from typing import Protocol

from aiohttp import web

from pyastro.runtime.compression import compress
from pyastro.runtime.error_pages import plain_text
from pyastro.runtime.errors import RequestError
from pyastro.runtime.hosts import Hosts
from pyastro.runtime.outgoing import add_request_id
from pyastro.runtime.request import Request, request_id
from pyastro.runtime.response import Response
from pyastro.runtime.server.access_log import log_access
from pyastro.runtime.server.connection import Listener
from pyastro.runtime.server.requests import to_request
from pyastro.runtime.server.responses import Delivery
from pyastro.runtime.server.settings import Settings

log = logging.getLogger("pyastro.server")


class Answering(Protocol):
    """What a server needs of a site."""

    @property
    def hosts(self) -> Hosts:
        """The names under which it may be reached."""

    async def startup(self) -> None:
        """Called before the first request."""

    async def shutdown(self) -> None:
        """Called after the last one."""

    async def handle(self, request: Request) -> Response:
        """The answer to a request; nothing but its cancellation is raised."""

    def refusal(self, status: int) -> Response:
        """The answer, with this status, to what cannot be made a request of."""


class Application:
    """A site as an aiohttp server.

    `listening` is the host and port under which the site is known where a `Host` header cannot be trusted.
    """

    def __init__(self, site: Answering, listening: str, settings: Settings) -> None:
        self.site = site
        self._listening = listening
        self._settings = settings
        self._is_closing = False

    def listener(self) -> Listener:
        """What makes the connections, for `loop.create_server`."""
        return Listener(self.handle, self._settings)

    def close(self) -> None:
        """From now on each response is the last of its connection, and the server is not healthy."""
        self._is_closing = True

    async def handle(self, message: web.BaseRequest) -> web.StreamResponse:
        """Answers one request of aiohttp's."""
        if message.raw_path == self._settings.health and message.method in ("GET", "HEAD"):
            health, name = self._health(message), _request_id(message)
            return await self._delivery(health, message, name, is_last=self._is_closing).send()
        start = asyncio.get_running_loop().time()
        try:
            request = to_request(message, self.site.hosts, self._listening, self._settings)
        except RequestError as error:
            log.debug("%s %s: %s", message.method, message.raw_path, error)
            refusal = self.site.refusal(error.status)
            delivery = self._delivery(refusal, message, _request_id(message), is_last=True)
            return await self._send(delivery, message, None, start)
        response = await self._answer(request)
        # What is left of a body that nobody wanted would have to be read before the next request, and after the wish for
        # another protocol aiohttp waits for that.
        is_unread = message.can_read_body and not message.content.is_eof()
        is_last = self._is_closing or is_unread or request.headers.has("upgrade")
        delivery = self._delivery(response, message, request.id, is_last=is_last)
        try:
            return await self._send(delivery, message, request, start)
        finally:
            request.close()  # a stream may have read an uploaded file

    async def _answer(self, request: Request) -> Response:
        response = await self.site.handle(request)
        if self._settings.compress:
            await compress(response, request)
        return response

    def _health(self, message: web.BaseRequest) -> Response:
        response = plain_text(503, "closing") if self._is_closing else plain_text(200, "ok")
        if message.method == "HEAD":
            response.body = None
        return response

    def _delivery(
        self, response: Response, message: web.BaseRequest, request_id: str, *, is_last: bool
    ) -> Delivery:
        add_request_id(response, request_id)
        if is_last:
            response.headers["connection"] = "close"
        return Delivery(response, message, request_id, self._settings.deadlines.write)

    async def _send(
        self, delivery: Delivery, message: web.BaseRequest, request: Request | None, start: float
    ) -> web.StreamResponse:
        """Sends a response; however that ends, the access log has it."""
        try:
            return await delivery.send()
        finally:
            if self._settings.access_log:
                log_access(
                    message,
                    delivery.status,
                    size=delivery.size,
                    seconds=asyncio.get_running_loop().time() - start,
                    client=request.client_address if request else None,
                    request_id=delivery.request_id,
                )


def _request_id(message: web.BaseRequest) -> str:
    return request_id(message.headers.get("x-request-id", ""))
