"""The site behind aiohttp: its requests in, its responses out."""

import logging

from aiohttp import web

from pyastro.runtime.error_pages import plain_text
from pyastro.runtime.errors import RequestError
from pyastro.runtime.response import Response
from pyastro.runtime.server.connection import Listener
from pyastro.runtime.server.requests import to_request
from pyastro.runtime.server.responses import Delivery
from pyastro.runtime.server.settings import Settings
from pyastro.runtime.site import Site

log = logging.getLogger("pyastro.server")


class Application:
    """A site as an aiohttp server.

    `listening` is the host and port under which the site is known where a `Host` header cannot be trusted.
    """

    def __init__(self, site: Site, listening: str, settings: Settings) -> None:
        self.site = site
        self._listening = listening
        self._settings = settings
        self._is_closing = False

    def listener(self) -> Listener:
        """What makes the connections, for `loop.create_server`."""
        return Listener(self.handle, self._settings)

    def close(self) -> None:
        """From now on each response is the last of its connection."""
        self._is_closing = True

    async def handle(self, message: web.BaseRequest) -> web.StreamResponse:
        """Answers one request of aiohttp's."""
        try:
            request = to_request(message, self.site.hosts, self._listening, self._settings)
        except RequestError as error:
            log.debug("%s %s: %s", message.method, message.raw_path, error)
            return await self._send(plain_text(error.status), message, is_last=True)
        response = await self.site.handle(request)
        # What is left of a body that nobody wanted would have to be read before the next request.
        is_last = self._is_closing or (message.can_read_body and not message.content.is_eof())
        return await self._send(response, message, is_last=is_last)

    async def _send(
        self, response: Response, message: web.BaseRequest, *, is_last: bool
    ) -> web.StreamResponse:
        if is_last:
            response.headers["connection"] = "close"
        return await Delivery(response, message, self._settings.deadlines.write).send()
