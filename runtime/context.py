"""One request's state, shared by middleware, pages, components and endpoints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from pyastro.runtime.errors import NoRequest, NoSession
from pyastro.runtime.params import Locals, Params

if TYPE_CHECKING:  # a page that is only rendered needs none of it, and pays for loading it
    from pyastro.runtime.cookies import Cookies
    from pyastro.runtime.holes import Holes
    from pyastro.runtime.locale import Locales
    from pyastro.runtime.request import Request
    from pyastro.runtime.response import Response, Rewrite
    from pyastro.runtime.response_init import ResponseInit
    from pyastro.runtime.security import Policy
    from pyastro.runtime.sessions.session import Session
    from pyastro.runtime.url import URL

__all__ = ["Context", "FindRoute", "Follow", "OpenSession"]

FindRoute: TypeAlias = "Callable[[Request], tuple[Request, Mapping[str, str | None], str]]"
"""The request as it is for the site, and the params and the pattern of the route that answers it."""
Follow: TypeAlias = "Callable[[Context, Rewrite], Awaitable[Response]]"
"""What a site answers to a rewrite that code returned."""
OpenSession: TypeAlias = "Callable[[Cookies], Session]"
"""The session that a request's cookies name."""


class Context:
    """What an endpoint and middleware receive, and what `Astro` shows to a component.

    Without a request, whatever comes from one raises NoRequest, a RuntimeError that says how to give it.
    """

    # Most pages need little of this: what is seldom used is made when it is first asked for.
    head = ""
    """The page's `<style>` elements, which `render_head` gives once."""
    head_rendered = False
    """Whether `render_head` was called."""
    is_partial = False
    """Whether the page wants nothing added to its output."""
    holes: Holes | None = None
    """The places in the output whose content is still awaited; None before there is one."""
    renders = 0
    """How many renders are under way: the page's, and those of components that its code renders meanwhile."""
    inert_depth = 0
    """How many elements are open in which no script runs: `<template>`, `<noscript>`."""
    csp: Policy | None = None
    """What the browser may run of the page, where the site has a Content-Security-Policy."""
    props: Mapping[str, Any] = MappingProxyType({})
    """What `get_static_paths` gives to an endpoint."""
    site: URL | None = None
    """The site's own URL, where the configuration names one."""
    i18n: Locales | None = None
    """The site's languages, where the configuration names them."""
    route_pattern = ""
    """The pattern of the route that answers: `/post/[id]`."""
    is_prerendered = False
    """Whether the page is rendered ahead of all requests."""
    open_session: OpenSession | None = None
    """Opens the visitor's session when it is first asked for; None where there is none."""
    follow: Follow | None = None
    """Answers for a rewrite; None where there is no site."""
    rewrites = 0
    """How many rewrites led here."""
    _request: Request | None = None
    _params: Mapping[str, str | None] | Params | None = None
    _locals: Mapping[str, Any] | Locals | None = None
    _cookies: Cookies | None = None
    _session: Session | None = None
    _client_address: str | None = None
    _origin_pathname: str | None = None
    _find_route: FindRoute | None = None
    _response: ResponseInit | None = None
    _rendered: set[str] | None = None
    _before: Context | None = None

    def __init__(
        self,
        request: Request | None = None,
        *,
        params: Mapping[str, str | None] | None = None,
        locals: Mapping[str, Any] | Locals | None = None,
        cookies: Cookies | None = None,
        session: Session | None = None,
        site: URL | str | None = None,
        i18n: Locales | None = None,
        client_address: str | None = None,
        route_pattern: str = "",
        origin_pathname: str | None = None,
        is_prerendered: bool = False,
        find_route: FindRoute | None = None,
    ) -> None:
        """Make the state of one request."""
        # A context without a request may be made without this: each attribute has its default in the class.
        self._request = request
        self._cookies = cookies
        self._session = session
        self._client_address = client_address
        self._locals = locals
        self._origin_pathname = origin_pathname
        self._find_route = find_route
        self._params = params
        self.site = _url(site) if isinstance(site, str) else site
        self.i18n = i18n
        self.route_pattern = route_pattern
        self.is_prerendered = is_prerendered

    @property
    def request(self) -> Request:
        """The request. Raises NoRequest when there is none."""
        if self._request is None:
            raise NoRequest("request")
        return self._request

    @property
    def locals(self) -> Locals:
        """What middleware, pages and endpoints tell each other. It cannot be replaced: others hold it already."""
        if not isinstance(self._locals, Locals):
            self._locals = Locals(self._locals)
        return self._locals

    @locals.setter
    def locals(self, locals: object) -> None:
        raise AttributeError("locals cannot be replaced; set what it holds: context.locals.user = user")

    @property
    def params(self) -> Params:
        """The params of the route."""
        if not isinstance(self._params, Params):
            self._params = Params(self._params)
        return self._params

    @params.setter
    def params(self, params: Params) -> None:
        self._params = params

    @property
    def response(self) -> ResponseInit:
        """The status and headers of the page's response, which it may change."""
        if self._response is None:
            from pyastro.runtime.response_init import ResponseInit

            self._response = ResponseInit()
        return self._response

    @response.setter
    def response(self, response: ResponseInit) -> None:
        self._response = response

    @property
    def origin_pathname(self) -> str:
        """The path that was asked for, before any rewrite. Raises NoRequest when there is no request."""
        return self.url.path if self._origin_pathname is None else self._origin_pathname

    @property
    def has_request(self) -> bool:
        """Whether there is a request."""
        return self._request is not None

    @property
    def url(self) -> URL:
        """The request's URL. Raises NoRequest when there is no request."""
        if self._request is None:
            raise NoRequest("url")
        return self._request.url

    @property
    def cookies(self) -> Cookies:
        """The request's cookies, and those that the response will set. Raises NoRequest without a request."""
        if self._cookies is None:
            if self._request is None:
                raise NoRequest("cookies")
            from pyastro.runtime.cookies import Cookies

            # HTTP/2 may send several fields, which mean one (RFC 9113, 8.2.3)
            self._cookies = Cookies("; ".join(self._request.headers.get_all("cookie")))
        return self._cookies

    @property
    def session(self) -> Session:
        """The visitor's session. Raises NoRequest without a request, NoSession where there is no session."""
        if self._session is None:
            if self.open_session is None:
                raise NoSession() if self._request else NoRequest("session")
            self._session = self.open_session(self.cookies)
        return self._session

    @session.setter
    def session(self, session: Session) -> None:
        self._session = session

    @property
    def used_cookies(self) -> Cookies | None:
        """The cookies, if anybody asked for them."""
        return self._cookies

    @property
    def used_session(self) -> Session | None:
        """The session, if anybody asked for it."""
        return self._session

    @property
    def used_response(self) -> ResponseInit | None:
        """What the page wants of its response, if it wants anything."""
        return self._response

    @property
    def client_address(self) -> str | None:
        """The address of the client's end of the connection, where it is known."""
        if self._client_address is None and self._request is not None:
            return self._request.client_address
        return self._client_address

    @property
    def current_locale(self) -> str | None:
        """The language of the request's URL, else the default; None where the site has no `i18n`."""
        return None if self.i18n is None else self.i18n.current(self.url.segments)

    @property
    def preferred_locale(self) -> str | None:
        """The language of the site that the browser likes best; None where it likes none of them."""
        return None if self.i18n is None else self.i18n.preferred(self._accept_language())

    @property
    def preferred_locale_list(self) -> list[str]:
        """The languages of the site that the browser asks for, best first."""
        return [] if self.i18n is None else self.i18n.preferred_list(self._accept_language())

    @property
    def nonce(self) -> str | None:
        """What a `<script>` or `<style>` of the page's own says for the browser to run it; None where all are run."""
        return None if self.csp is None else self.csp.nonce

    @property
    def generator(self) -> str:
        """What made the page, for `<meta name="generator">`: `pyastro v0.1.0`."""
        return _generator()

    def end_holes(self) -> None:
        """A render is over; with the last one, whatever nobody awaited in it."""
        if not self.renders and self.holes is not None:
            self.holes.close()

    def redirect(self, path: str | URL, status: int = 302) -> Response:
        """A response that sends the browser to `path`; see `Response.redirect`."""
        from pyastro.runtime.response import Response

        return Response.redirect(path, status)

    def rewrite(self, target: str | URL | Request) -> Rewrite:
        """A response in whose place the site answers with the page that `target` leads to."""
        from pyastro.runtime.response import Rewrite

        return Rewrite(target)

    def rewritten(self, target: str | URL | Request) -> Context:
        """The context of the same visit for another route: it shares locals, cookies and session, not the response."""
        request, params, pattern = self._route_of(self.request.rewritten(target))
        derived = self._derived(request, params, pattern, self.cookies)
        derived.rewrites = self.rewrites + 1
        derived._before = self
        for context in derived._rewritten():
            context.params, context.route_pattern = Params(params), pattern
        return derived

    def _route_of(self, request: Request) -> tuple[Request, Mapping[str, str | None], str]:
        return (request, {}, "") if self._find_route is None else self._find_route(request)

    def _rewritten(self) -> Iterator[Context]:
        """The contexts from which rewrites led here: to middleware, the route that answers is the last one's."""
        before = self._before
        while before is not None:
            yield before
            before = before._before

    def for_error(self, status: int, cookies: Cookies | None = None) -> Context:
        """The context of the same visit for an error page, with other cookies where the failed page's do not count."""
        return self._derived(self.request, {}, f"/{status}", self.cookies if cookies is None else cookies)

    def _derived(
        self, request: Request, params: Mapping[str, str | None], pattern: str, cookies: Cookies
    ) -> Context:
        derived = Context(
            request,
            params=params,
            locals=self.locals,
            cookies=cookies,
            session=self._session if self.open_session is None else self.session,
            site=self.site,
            i18n=self.i18n,
            client_address=self._client_address,
            route_pattern=pattern,
            origin_pathname=self.origin_pathname,
            is_prerendered=self.is_prerendered,
            find_route=self._find_route,
        )
        self._pass_on(derived)
        return derived

    def _pass_on(self, derived: Context) -> None:
        """What belongs to the visit, whichever of its contexts is asked."""
        derived.csp, derived.follow, derived.rewrites = self.csp, self.follow, self.rewrites

    def _accept_language(self) -> str:
        return ",".join(self.request.headers.get_all("accept-language"))

    def render_head(self) -> str:
        """The page's `<style>` elements the first time, nothing after that."""
        if self.head_rendered:
            return ""
        self.head_rendered = True
        return self.head if self.csp is None else self.csp.allow(self.head)

    def render_once(self, key: str, html: str) -> str:
        """The HTML the first time that `key` is seen in this page, nothing after that.

        Inside a `<template>` or `<noscript>` it comes each time, and does not count: it does not run there.
        """
        if self.inert_depth:
            return "" if self.is_partial else self._allowed(html)
        if self.holes:  # what comes before this place is not rendered yet, and may be the first
            return self.holes.leave(_nothing(), lambda _: self._first(key, html))
        return self._first(key, html)

    def _first(self, key: str, html: str) -> str:
        if self._rendered is None:
            self._rendered = set()
        if self.is_partial or key in self._rendered:
            return ""
        self._rendered.add(key)
        return self._allowed(html)

    def _allowed(self, html: str) -> str:
        return html if self.csp is None else self.csp.allow(html)

    def __repr__(self) -> str:
        return f"<Context of {self._request or 'no request'}>"


async def _nothing() -> None:
    """Done at once."""


def _url(text: str) -> URL:
    from pyastro.runtime.url import URL

    return URL(text)


@cache
def _generator() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"pyastro v{version('pyastro-web')}"
    except PackageNotFoundError:  # a copy of the source, as some hosts have it
        return "pyastro"
