"""The site behind ASGI: its scopes in, its messages out."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pyastro.asgi.connection import Connection
from pyastro.asgi.lifecycle import follow
from pyastro.asgi.protocol import Receive, Scope, Send
from pyastro.asgi.requests import given_id, to_request
from pyastro.asgi.responses import BrokenResponse, send_response
from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.errors import RequestError
from pyastro.runtime.incoming import Trust
from pyastro.runtime.lifecycle import Lifecycle
from pyastro.runtime.limits import DEFAULT_LIMITS, Limits
from pyastro.runtime.outgoing import add_request_id
from pyastro.runtime.request import request_id
from pyastro.runtime.response import Response
from pyastro.runtime.site import Site

log = logging.getLogger("pyastro.asgi")


class Application:
    """A site as an ASGI application.

    A server that speaks the lifespan protocol starts and stops the site. Where the application is mounted in another
    one, which hears of both alone, the site is started by its first request, or with `lifespan`.
    """

    def __init__(
        self,
        build: str | Path | Site,
        *,
        trust_forwarded: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        deadlines: Deadlines | None = None,
        **options: Any,
    ) -> None:
        """Make an application of a build's folder, or of a site that was loaded already.

        `trust_forwarded` believes `X-Forwarded-For`, `-Proto` and `-Host`: only right behind a proxy that sets them.
        `limits` bound what is read of a request. Of the `deadlines`, those for bodies and for writing count: the others
        are the server's. `options` are those of `Site.load`: `allowed_hosts`, `development`, `session_store` and so on.

        Raises ManifestError for a folder that is no build. Nothing of the site is imported yet.
        """
        if isinstance(build, Site) and options:
            raise TypeError(f"A site that is loaded takes no more options: {', '.join(options)}")
        self.site = build if isinstance(build, Site) else Site.load(build, **options)
        self._lifecycle = Lifecycle(self.site)
        self._trust = Trust(self.site.hosts, trust_forwarded, limits)
        self._deadlines = deadlines or Deadlines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or follows the server from its start to its end."""
        match scope["type"]:
            case "http":
                try:
                    await self._answer(scope, receive, send)
                except BrokenResponse as error:
                    raise error.with_traceback(None) from None
            case "lifespan":
                await follow(self._lifecycle, receive, send)
            case "websocket":  # refused before it is accepted, it is answered with 403
                await send({"type": "websocket.close", "code": 1000, "reason": ""})
            case kind:
                raise ValueError(f"pyastro answers http, not {kind}")

    @asynccontextmanager
    async def lifespan(self, app: object = None) -> AsyncGenerator[None, None]:
        """The site is started inside of `async with`, and stopped at its end.

        The host's own lifespan has to do this where it mounts the application: `FastAPI(lifespan=site.lifespan)`.
        """
        await self._lifecycle.start()
        try:
            yield
        finally:
            await self._lifecycle.stop()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(scope, receive, send, self._deadlines)
        try:
            await self._lifecycle.start()
            await self._respond(scope, connection)
        except asyncio.CancelledError:
            if not connection.is_abandoned():
                raise
            log.debug("%s: the client went away", connection)
            await connection.forgo()
        finally:
            connection.close()

    async def _respond(self, scope: Scope, connection: Connection) -> None:
        """Sends the response to a request."""
        try:
            request = to_request(scope, connection, self._trust)
        except RequestError as error:
            log.debug("%s: %s", connection, error)
            refusal = self.site.refusal(error.status)
            refusal.headers["connection"] = "close"  # what there may be of a body is not worth to be read
            await self._send(refusal, connection, request_id(given_id(scope)))
            return
        try:
            await self._send(await self.site.handle(request), connection, request.id)
        finally:
            request.close()  # a stream may have read an uploaded file

    async def _send(self, response: Response, connection: Connection, name: str) -> None:
        add_request_id(response, name)
        await send_response(response, connection, name)
