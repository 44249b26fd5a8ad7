"""The site behind the Fetch standard."""

import logging
from asyncio import CancelledError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyastro.javascript.requests import given_id, to_request
from pyastro.javascript.responses import to_response
from pyastro.javascript.visitor import Visitor
from pyastro.runtime.errors import RequestError
from pyastro.runtime.incoming import Trust
from pyastro.runtime.lifecycle import Lifecycle, StartFailed
from pyastro.runtime.limits import DEFAULT_LIMITS, Limits
from pyastro.runtime.outgoing import add_request_id
from pyastro.runtime.request import request_id
from pyastro.runtime.response import Response
from pyastro.runtime.site import Site
from pyastro.runtime.startup_report import startup_report
from pyastro.runtime.tracebacks import rewrite

_CLIENT_WENT_AWAY = 499  # nginx's word for it; nobody hears it

log = logging.getLogger("pyastro.javascript")


class Application:
    """A site that answers the requests of a JavaScript host."""

    def __init__(
        self,
        build: str | Path | Site,
        *,
        allowed_hosts: Iterable[str] = (),
        trust_forwarded: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Make an application of a build's folder, or of a site that was loaded already.

        `allowed_hosts` are those of `Site.load`; `trust_forwarded` believes `X-Forwarded-For`, `-Proto` and `-Host`:
        only right behind a proxy that sets them. `limits` bound what is read of a request.

        Raises what `Site.load` raises. Nothing of the site is imported yet.
        """
        self.site = build if isinstance(build, Site) else Site.load(build, allowed_hosts=list(allowed_hosts))
        self._lifecycle = Lifecycle(self.site)
        self._trust = Trust(self.site.hosts, trust_forwarded, limits)

    async def start(self) -> str | None:
        """Start the site, if nobody did; what is wrong where it does not start, to be shown to its author."""
        try:
            await self._lifecycle.start()
        except StartFailed as error:
            return startup_report(error.__cause__ or error)
        except Exception as error:
            return startup_report(error)
        return None

    async def stop(self) -> None:
        """Stop the site where it runs. What fails then is logged."""
        try:
            await self._lifecycle.stop()
        except Exception as error:
            log.error("The site did not stop", exc_info=rewrite(error))

    async def fetch(
        self, request: Any, client_address: str | None = None, listening: str | None = None
    ) -> Any:
        """A `Response` to a `Request`, both JavaScript's.

        `listening` is the host and port that stand for a `Host` which is not among the allowed ones.
        """
        report = await self.start()
        if report is not None:
            log.error("The site did not start:\n%s", report)
            return to_response(self.site.refusal(500), "")
        visitor = Visitor(request)
        try:
            response, name = await self._respond(request, client_address, listening)
        except CancelledError:
            if not visitor.has_left():
                raise
            log.debug("%s %s: the client went away", request.method, request.url)
            response, name = Response(None, _CLIENT_WENT_AWAY), ""
        finally:
            visitor.forget()
        add_request_id(response, name)
        return to_response(response, name)

    async def _respond(
        self, request: Any, client_address: str | None, listening: str | None
    ) -> tuple[Response, str]:
        """The response to a request, and what the request is called."""
        try:
            made = to_request(request, client_address, listening, self._trust)
        except RequestError as error:
            log.debug("%s %s: %s", request.method, request.url, error)
            return self.site.refusal(error.status), request_id(given_id(request))
        return await self.site.handle(made), made.id
