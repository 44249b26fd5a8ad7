"""Answering with a page."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from pyastro.runtime.addresses import ON_DEMAND, Addresses
from pyastro.runtime.context import Context
from pyastro.runtime.headers import Headers
from pyastro.runtime.manifest import Route
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.static_paths import StaticPaths
from pyastro.runtime.streaming import Rendering

HTML = "text/html; charset=utf-8"
_HTML = Headers({"content-type": HTML})


class Page:
    """A compiled page. It answers every method alike: the page reads `Astro.request.method` where it matters."""

    def __init__(
        self, module: ModuleType, route: Route | None = None, addresses: Addresses = ON_DEMAND
    ) -> None:
        self.render: Any = module.render
        self._begin: Any = getattr(module.render, "begin", module.render)
        self.static_paths = None if route is None else StaticPaths.of(module, route, addresses)

    async def respond(self, context: Context, props: Mapping[str, object] | None = None) -> Response:
        """The page as a response, or the Response that the page itself returned."""
        result = await self._begin(context, **(props or {}))
        if isinstance(result, Response):
            return copy_response(result)
        init = context.used_response
        if init is None and not isinstance(result, Rendering):  # most pages leave their response as it is
            return Response(str(result), headers=_HTML)
        init = context.response
        body = result if isinstance(result, Rendering) else str(result)
        response = Response(body, init.status, init.status_text, init.headers)
        if not init.headers.has("content-type"):
            response.headers["content-type"] = HTML
        if isinstance(result, Rendering):
            init.seal()
        return response


def copy_response(response: Response) -> Response:
    """A response of its own with the same body: what the site adds must not reach a Response that code shares."""
    if isinstance(response, Rewrite):
        return response
    return Response(response.body, response.status, response.status_text, Headers(response.headers))
