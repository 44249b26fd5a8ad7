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
from pyastro.runtime.middleware import followed
from pyastro.runtime.page import Page as CompiledPage
from pyastro.runtime.pages import Page, copy_response
from pyastro.runtime.redirects import filled, permanent, with_query
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.routing import Match, Router
from pyastro.runtime.static_paths import StaticPaths
from pyastro.runtime.url import URL, path_segments

MOST_REWRITES = 5
NOT_FOUND = "/404"
"""The pattern of the route that answers where no other does, as in Astro, whether or not there is such a page."""
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

    def page(self, route: Route) -> CompiledPage[..., Any] | None:
        """The component that renders a route; None where it is no compiled page."""
        render = getattr(self._handler(route), "render", None)
        return render if isinstance(render, CompiledPage) else None

    def module(self, name: str) -> ModuleType:
        """A module of the build by its name."""
        return self._build.module(name)

    def site_path(self, segments: Sequence[str], root_path: str = "") -> tuple[str, ...] | None:
        """The path below the configured base; None for a path outside of it.

        The base of a mounted site is below its mount point (`root_path`), unless it names that itself.
        """
        if root_path:
            base = (*path_segments(root_path), *self._base_below(root_path))
        else:
            base = self._base
        return tuple(segments[len(base) :]) if tuple(segments[: len(base)]) == base else None

    def _base_below(self, root_path: str) -> tuple[str, ...]:
        """What of the configured base stands below a mount point."""
        root = path_segments(root_path)
        return self._base[len(root) :] if self._base[: len(root)] == root else self._base

    def match(self, segments: Sequence[str] | None) -> Match | None:
        """The route of a path below the base. A slash at its end makes no difference."""
        if segments and segments[-1] == "":
            segments = segments[:-1]
        return None if segments is None else self._router.match(segments)

    async def respond(self, context: Context, match: Match | None) -> Response:
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
            return await followed(context, await handler.respond(context, props))
        status = self._status_of.get(match.route.module)
        if status is not None:
            context.response.status = status
            props = {**_error_props(handler, None), **props}
        response = await handler.respond(context, props)
        if isinstance(response, Rewrite):
            response = await followed(context, response)
        return response if response.body is not None else await self.with_error_page(context, response)

    async def rewrite(self, context: Context, target: str | URL | Request) -> Response:
        """What the route of another path answers to the same request, or to another request."""
        return await self.respond(*self.rewritten(context, target))

    def rewritten(self, context: Context, target: str | URL | Request) -> tuple[Context, Match | None]:
        """The context and the route of a rewrite. Raises RewriteError for one that leads nowhere."""
        if context.rewrites >= MOST_REWRITES:
            raise RewriteError(
                f"{context.origin_pathname} was rewritten {context.rewrites} times, at last to {_shown(target)}. A rewrite "
                "runs the middleware again, which has to look at `context.url` before it returns one, or calls `next(target)`"
            )
        derived = context.rewritten(target)
        if derived.url.origin != context.url.origin:
            raise RewriteError(f"A rewrite stays within the site: {_shown(target)} does not")
        return derived, self._match_request(derived.request)

    def find_route(self, request: Request) -> tuple[Request, Mapping[str, str | None], str]:
        """A rewritten request, and the params and the pattern of its route; those of the 404 page where there is none.

        Its path may leave the base out, and has it then: middleware and pages see one path, as of any other request.
        """
        url = request.url
        if self.site_path(url.segments, request.root_path) is None:
            base = "/".join(("", *self._base_below(request.root_path)))
            request = request.with_url(url.replace(path=request.root_path + base + url.path))
        match = self._match_request(request)
        return (request, match.params, match.route.pattern) if match else (request, {}, NOT_FOUND)

    def _match_request(self, request: Request) -> Match | None:
        return self.match(self.site_path(request.url.segments, request.root_path))

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
        """A response that a middleware made; an error without a body gets its page."""
        return await self.with_error_page(context, copy_response(response))

    def failure_page(self, context: Context, cookies: Cookies) -> FailurePage | None:
        """What makes the site's own page for a failure, with cookies that the failed page did not touch."""
        if 500 not in self._manifest.errors:
            return None

        async def page(error: BaseException) -> Response:
            return await self.error_response(context.for_error(500, cookies), 500, error)

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
        derived = context.for_error(status)
        derived.response.status = status
        derived.rewrites = MOST_REWRITES - 1  # a page for errors that leads to another one ends there
        response = await followed(derived, await page.respond(derived, _error_props(page, error)))
        return response if response.body is not None or response.status != status else plain_page(status)

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
