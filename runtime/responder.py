"""Answering with the modules of a build: a route's page or endpoint, another route's after a rewrite, the error pages."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from pyastro.runtime.addresses import Addresses
from pyastro.runtime.context import Context
from pyastro.runtime.cookies import Cookies
from pyastro.runtime.endpoints import Endpoint
from pyastro.runtime.error_pages import plain_page
from pyastro.runtime.failures import FailurePage
from pyastro.runtime.headers import Headers
from pyastro.runtime.loading import Build
from pyastro.runtime.manifest import Manifest, Route
from pyastro.runtime.pages import Page, copy_response
from pyastro.runtime.redirects import filled, permanent, with_query
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.routing import Match, Router
from pyastro.runtime.static_paths import StaticPaths
from pyastro.runtime.url import URL, path_segments

MOST_REWRITES = 5
_BODY_HEADERS = ("content-type", "content-length", "content-encoding", "etag", "last-modified")


class RewriteError(RuntimeError):
    """A rewrite that leads nowhere: to another site, or to rewrites without end."""


class Responder:
    """What routes and modules of a build answer, without middleware, cookies, or a net for failures."""

    def __init__(self, build: Build, manifest: Manifest, addresses: Addresses | None = None) -> None:
        self._build = build
        self._manifest = manifest
        self._router = Router(manifest.routes)
        self._base = tuple(part for part in manifest.config.base.split("/") if part)
        self._status_of = {module: status for status, module in manifest.errors.items()}
        self._handlers: dict[str, Page | Endpoint] = {}
        self._error_pages: dict[int, Page] = {}
        self._addresses = addresses or Addresses.of(manifest.config)

    def load(self) -> None:
        """Imports every module that answers requests. Whatever one of them raises passes through."""
        for route in self._manifest.routes:
            if route.kind != "redirect":
                self._handler(route)
        for status in self._manifest.errors:
            self._error_page(status)

    def static_paths(self, route: Route) -> StaticPaths | None:
        """The paths that a page or an endpoint exists for; None where it lists none."""
        return self._handler(route).static_paths

    def module(self, name: str) -> ModuleType:
        """A module of the build by its name."""
        return self._build.module(name)

    def site_path(self, segments: Sequence[str], root_path: str = "") -> tuple[str, ...] | None:
        """The path below the configured base; None for a path outside of it.

        The base of a mounted site is below its mount point (`root_path`), unless it names that itself.
        """
        root = path_segments(root_path)
        base = self._base if self._base[: len(root)] == root else (*root, *self._base)
        return tuple(segments[len(base) :]) if tuple(segments[: len(base)]) == base else None

    def match(self, segments: Sequence[str] | None) -> Match | None:
        """The route of a path below the base. A slash at its end makes no difference."""
        if segments and segments[-1] == "":
            segments = segments[:-1]
        return None if segments is None else self._router.match(segments)

    async def respond(self, context: Context, match: Match | None, rewrites: int = 0) -> Response:
        """What a route answers; the page for 404 where there is no route, or the page says so without a body."""
        if match is None:
            return await self.not_found(context)
        if match.route.kind == "redirect":
            target = with_query(filled(match.route.to, match.params), context.url.query_string)
            return Response.redirect(target, match.route.status or permanent(context.request.method))
        handler = self._handler(match.route)
        props = await handler.static_paths.props(match.params) if handler.static_paths else {}
        if props is None:
            return await self.not_found(context)
        if isinstance(handler, Endpoint):
            return await self._rewritten(context, await handler.respond(context, props), rewrites)
        status = self._status_of.get(match.route.module)
        if status is not None:
            context.response.status = status
            props = {**_error_props(handler, None), **props}
        response = await self._rewritten(context, await handler.respond(context, props), rewrites)
        return await self.with_error_page(context, response)

    async def rewrite(self, context: Context, target: str | URL | Request, rewrites: int = 0) -> Response:
        """What the route of another path answers to the same request, or to another request."""
        if rewrites >= MOST_REWRITES:
            raise RewriteError(
                f"{context.origin_pathname} was rewritten {rewrites} times, at last to {_shown(target)}"
            )
        derived = context.rewritten(target)
        if derived.url.origin != context.url.origin:
            raise RewriteError(f"A rewrite stays within the site: {_shown(target)} does not")
        return await self.respond(derived, self._match_request(derived.request), rewrites + 1)

    def find_route(self, request: Request) -> tuple[Mapping[str, str | None], str]:
        """The params and the pattern of the route that answers a request; nothing where none does."""
        match = self._match_request(request)
        return (match.params, match.route.pattern) if match else ({}, "")

    def _match_request(self, request: Request) -> Match | None:
        """The route of a rewritten request, whose path may stand below the base or leave it out."""
        segments = request.url.segments
        below = self.site_path(segments, request.root_path)
        return self.match(segments if below is None else below)

    async def with_error_page(self, context: Context, response: Response) -> Response:
        """The site's page for a 404 or 500 that has no body of its own; any other response as it is."""
        if response.body is not None or response.status not in (404, 500):
            return response
        page = await self.error_response(context, response.status)
        for name, value in Headers(response.headers).items():
            if name.lower() not in _BODY_HEADERS:
                page.headers.append(name, value)
        return page

    async def finish(self, context: Context, response: Response) -> Response:
        """A response that a middleware made: a rewrite is followed, an error without a body gets its page."""
        response = await self._rewritten(context, copy_response(response), 0)
        return await self.with_error_page(context, response)

    def failure_page(self, context: Context, cookies: Cookies) -> FailurePage | None:
        """What makes the site's own page for a failure, with cookies that the failed page did not touch."""
        if 500 not in self._manifest.errors:
            return None

        async def page(error: BaseException) -> Response:
            return await self.error_response(context.for_error(cookies), 500, error)

        return page

    async def not_found(self, context: Context) -> Response:
        """The site's own 404 page, or a plain one."""
        return await self.error_response(context, 404)

    async def error_response(
        self, context: Context, status: int, error: BaseException | None = None
    ) -> Response:
        """The site's own page for a status, which gets the exception as a prop, or a plain one."""
        page = self._error_page(status)
        if page is None:
            return plain_page(status)
        derived = context.for_error()
        derived.response.status = status
        response = await page.respond(derived, _error_props(page, error))
        response = await self._rewritten(derived, response, MOST_REWRITES - 1)
        return response if response.body is not None or response.status != status else plain_page(status)

    async def _rewritten(self, context: Context, response: Response, rewrites: int) -> Response:
        if isinstance(response, Rewrite):
            return await self.rewrite(context, response.target, rewrites)
        return response

    def _handler(self, route: Route) -> Page | Endpoint:
        if route.module not in self._handlers:
            module = self._build.module(route.module)
            self._handlers[route.module] = (
                Page(module, route, self._addresses)
                if route.kind == "page"
                else Endpoint(module, route, self._addresses)
            )
        return self._handlers[route.module]

    def _error_page(self, status: int) -> Page | None:
        name = self._manifest.errors.get(status)
        if name is not None and status not in self._error_pages:
            self._error_pages[status] = Page(self._build.module(name))
        return self._error_pages.get(status)


def _shown(target: str | URL | Request) -> str:
    return str(target.url if isinstance(target, Request) else target)


def _error_props(page: Page, error: BaseException | None) -> dict[str, Any]:
    return {"error": error} if page.render.accepts("error") else {}
