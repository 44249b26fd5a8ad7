"""The request and the context of a page that is rendered ahead of all requests: what nobody has sent is an error."""

from collections.abc import Mapping
from typing import Any, NoReturn

from pyastro.runtime.context import Context
from pyastro.runtime.cookies import Cookies
from pyastro.runtime.headers import HeadersInit
from pyastro.runtime.request import Request
from pyastro.runtime.url import URL

ON_DEMAND = "prerender = False"


class NeedsRequest(RuntimeError):
    """A page that is rendered ahead asked for what only a request brings."""

    def __init__(self, name: str) -> None:
        """Say what was asked for, and how to opt out."""
        super().__init__(
            f"{name} comes with a request, and this page is rendered ahead of all requests. Write `{ON_DEMAND}` "
            "in the page, so that it is rendered on demand; middleware can look at `context.is_prerendered` first"
        )


class AheadRequest(Request):
    """A GET of a page that nobody has sent: it has a URL, but neither headers nor a body nor a client."""

    __slots__ = ()

    def __init__(self, url: URL | str) -> None:
        super().__init__("GET", url)

    @property
    def headers(self) -> Any:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request.headers")

    @headers.setter
    def headers(self, headers: HeadersInit | None) -> None:
        """There are none to keep."""

    @property
    def client_address(self) -> Any:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.client_address")

    @client_address.setter
    def client_address(self, address: str | None) -> None:
        """There is none to keep."""

    def with_url(self, url: URL | str) -> Request:
        """The same for another page."""
        return AheadRequest(url)

    def rewritten(self, target: str | URL | Request) -> Request:
        """The request that a rewrite makes of this one."""
        url = target.url if isinstance(target, Request) else self.url.join(str(target))
        return AheadRequest(url)

    async def body(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request's body")

    async def form_data(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request.form_data()")

    async def json(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request.json()")

    async def text(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request.text()")

    def stream(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.request.stream()")


class AheadContext(Context):
    """The context of a page that is rendered ahead."""

    def __init__(self, request: Request, **options: Any) -> None:
        super().__init__(request, is_prerendered=True, **options)

    @property
    def cookies(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.cookies")

    @property
    def session(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.session")

    @session.setter
    def session(self, session: object) -> None:
        raise NeedsRequest("Astro.session")

    @property
    def client_address(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.client_address")

    @property
    def preferred_locale(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.preferred_locale")

    @property
    def preferred_locale_list(self) -> NoReturn:
        """Raises NeedsRequest."""
        raise NeedsRequest("Astro.preferred_locale_list")

    def rewritten(self, target: str | URL | Request) -> Context:
        """The context of the same page for another route."""
        derived = self._for(*self._route_of(self.request.rewritten(target)))
        derived.rewrites = self.rewrites + 1
        return derived

    def for_error(self, status: int, cookies: Cookies | None = None) -> Context:
        """The context of the same page for an error page."""
        return self._for(self.request, {}, f"/{status}")

    def _for(self, request: Request, params: Mapping[str, str | None], pattern: str) -> Context:
        derived = AheadContext(
            request,
            params=params,
            locals=self.locals,
            site=self.site,
            i18n=self.i18n,
            route_pattern=pattern,
            origin_pathname=self.origin_pathname,
            find_route=self._find_route,
        )
        self._pass_on(derived)
        return derived
