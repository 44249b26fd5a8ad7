"""One request's state, shared by middleware, pages, components and endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pyastro.runtime.cookies import Cookies
from pyastro.runtime.errors import NoRequest, NoSession
from pyastro.runtime.holes import Holes
from pyastro.runtime.params import Locals, Params
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.response_init import ResponseInit
from pyastro.runtime.url import URL

__all__ = ["Context"]


class Context:
    """What an endpoint and middleware receive, and what `Astro` shows to a component.

    Without a request, whatever comes from one raises NoRequest, a RuntimeError that says how to give it.
    """

    def __init__(
        self,
        request: Request | None = None,
        *,
        params: Mapping[str, str | None] | None = None,
        locals: Mapping[str, Any] | Locals | None = None,
        cookies: Cookies | None = None,
        session: Any = None,
        site: URL | str | None = None,
        client_address: str | None = None,
        route_pattern: str = "",
    ) -> None:
        """Make the state of one request."""
        self._request = request
        self._cookies = cookies
        self._session = session
        self._client_address = client_address
        self.params = params if isinstance(params, Params) else Params(params)
        self.locals = locals if isinstance(locals, Locals) else Locals(locals)
        self.site = URL(site) if isinstance(site, str) else site
        """The site's own URL, where the configuration names one."""
        self.route_pattern = route_pattern
        """The pattern of the route that answers: `/post/[id]`."""
        self.response = ResponseInit()
        """The status and headers of the page's response, which it may change."""
        self.head = ""
        """The page's `<style>` elements, which `render_head` gives once."""
        self.head_rendered = False
        """Whether `render_head` was called."""
        self.is_partial = False
        """Whether the page is a part of one, to which nothing is added."""
        self.is_partial = False
        """Whether the page wants nothing added to its output."""
        self.holes: Holes | None = None
        """The places in the output whose content is still awaited; None before there is one."""
        self._rendered: set[str] = set()

    @property
    def request(self) -> Request:
        """The request. Raises NoRequest when there is none."""
        if self._request is None:
            raise NoRequest("request")
        return self._request

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
            # HTTP/2 may send several fields, which mean one (RFC 9113, 8.2.3)
            self._cookies = Cookies("; ".join(self._request.headers.get_all("cookie")))
        return self._cookies

    @property
    def session(self) -> Any:
        """The visitor's session. Raises NoRequest without a request, NoSession where there is no session."""
        if self._session is None:
            raise NoSession() if self._request else NoRequest("session")
        return self._session

    @session.setter
    def session(self, session: Any) -> None:
        self._session = session

    @property
    def client_address(self) -> str | None:
        """The address of the client's end of the connection, where it is known."""
        if self._client_address is None and self._request is not None:
            return self._request.client_address
        return self._client_address

    @property
    def generator(self) -> str:
        """What made the page, for `<meta name="generator">`: `pyastro v0.1.0`."""
        return _generator()

    def redirect(self, path: str | URL, status: int = 302) -> Response:
        """A response that sends the browser to `path`; see `Response.redirect`."""
        return Response.redirect(path, status)

    def rewrite(self, target: str | URL) -> Rewrite:
        """A response in whose place the site answers with the page that `target` leads to."""
        return Rewrite(target)

    def render_head(self) -> str:
        """The page's `<style>` elements the first time, nothing after that."""
        if self.head_rendered:
            return ""
        self.head_rendered = True
        return self.head

    def render_once(self, key: str, html: str) -> str:
        """The HTML the first time that `key` is seen in this page, nothing after that."""
        if self.holes:  # what comes before this place is not rendered yet, and may be the first
            return self.holes.leave(_nothing(), lambda _: self._first(key, html))
        return self._first(key, html)

    def _first(self, key: str, html: str) -> str:
        if self.is_partial or key in self._rendered:
            return ""
        self._rendered.add(key)
        return html

    def __repr__(self) -> str:
        return f"<Context of {self._request or 'no request'}>"


async def _nothing() -> None:
    """Done at once."""


@cache
def _generator() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"pyastro v{version('pyastro-web')}"
    except PackageNotFoundError:  # a copy of the source, as some hosts have it
        return "pyastro"
