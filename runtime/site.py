"""A compiled site: a request in, a response out, whatever host carries them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from pyastro.runtime.addresses import Addresses
from pyastro.runtime.body_length import settle_length
from pyastro.runtime.context import Context
from pyastro.runtime.error_pages import plain_text
from pyastro.runtime.failures import failure_response, is_failure
from pyastro.runtime.hosts import Hosts, host_of
from pyastro.runtime.loading import Build
from pyastro.runtime.manifest import Manifest
from pyastro.runtime.methods import METHODS, is_cross_site
from pyastro.runtime.middleware import call_hook, check_middleware, run_middleware
from pyastro.runtime.redirects import permanent
from pyastro.runtime.request import Request
from pyastro.runtime.responder import NOT_FOUND, Responder
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.routing import Match
from pyastro.runtime.sessions import SessionStore
from pyastro.runtime.sessions.cookie import CookieSessions
from pyastro.runtime.sessions.visits import Visits
from pyastro.runtime.signing import read_secrets
from pyastro.runtime.site_files import SiteFiles
from pyastro.runtime.tracebacks import rewrite
from pyastro.runtime.trailing_slash import canonical_location
from pyastro.runtime.url import URL

_KNOWN = str, bytes, type(None)
"""The types of a body that is no stream."""


class Site:
    """A build, ready to answer. It does no input or output of its own: a host gives it requests.

    `await site.startup()` before the first request and `await site.shutdown()` after the last belong to the host.
    """

    def __init__(
        self,
        build: Build,
        manifest: Manifest,
        visits: Visits,
        *,
        development: bool = False,
        allowed_hosts: Iterable[str] = (),
        check_origin: bool = True,
        addresses: Addresses | None = None,
        public: Path | None = None,
    ) -> None:
        self.build = build
        self.manifest = manifest
        self.config = manifest.config
        self.development = development
        self.hosts = Hosts((*allowed_hosts, *host_of(manifest.config.site)))
        self.url = URL(manifest.config.site) if manifest.config.site else None
        self._check_origin = check_origin
        self._visits = visits
        self.responder = Responder(build, manifest, addresses)
        """What answers, without cookies or a net for failures."""
        self._files = SiteFiles(public or build.folder / "public", manifest)

    @staticmethod
    def load(
        build: str | Path,
        *,
        development: bool = False,
        session_store: SessionStore | CookieSessions | None = None,
        session_idle_seconds: float | None = None,
        allowed_hosts: Iterable[str] = (),
        check_origin: bool = True,
    ) -> "Site":
        """The site of a build folder.

        `development` shows failures in the browser. `session_store` keeps the sessions, which end after
        `session_idle_seconds` without a request; by default both are as the site is configured, and else an SQLite file,
        `.pyastro/sessions.db` in the working directory, and two weeks. `allowed_hosts` are the names, besides the
        configured site's and the machine's own, that a `Host` header may give. `check_origin=False` lets other sites'
        pages send forms and data to this one.

        Raises ManifestError for a folder that is no build of this version, and SetupError where a secret, an address or
        a package is missing that sessions or signed cookies need. Nothing of the site is imported yet.
        """
        folder = Path(build)
        manifest = Manifest.read(folder)
        settings = manifest.config.session
        if session_idle_seconds is not None:
            settings = replace(settings, idle=session_idle_seconds)
        visits = Visits(settings, session_store)
        visits.prepare()
        if manifest.needs_secret:
            read_secrets()
        return Site(
            Build(folder),
            manifest,
            visits,
            development=development,
            allowed_hosts=allowed_hosts,
            check_origin=check_origin,
        )

    async def startup(self) -> None:
        """Imports every module (`import_modules`), then runs the middleware's `on_startup(site)`.

        Whatever that raises passes through, with a traceback that shows the author's own lines.
        """
        self.import_modules()
        try:
            await call_hook(self.middleware, "on_startup", self)
        except BaseException as error:
            rewrite(error)
            raise

    def import_modules(self) -> None:
        """Imports every page, endpoint and middleware, of those that were not imported before.

        The declared settings of the environment are read first: SetupError tells all that is wrong with them. Whatever a
        module raises passes through, with a traceback that shows the author's own lines.
        """
        try:
            if self.manifest.environment is not None:
                self.build.module(self.manifest.environment)
            self.responder.load()
            check_middleware(self.middleware)
        except BaseException as error:
            rewrite(error)
            raise

    async def shutdown(self) -> None:
        """Runs the middleware's `on_shutdown(site)`, and closes the session store."""
        try:
            await call_hook(self.middleware, "on_shutdown", self)
        finally:
            await self._visits.close()

    def refusal(self, status: int) -> Response:
        """What a host answers, in the place of the site, to what cannot be made a request of."""
        response = plain_text(status)
        self.config.security.complete(response, "http")
        return response

    async def handle(self, request: Request) -> Response:
        """What the site answers to a request.

        Whatever a page, an endpoint or a middleware raises is answered as well, `SystemExit` included; only the
        cancellation of the request itself passes through.
        """
        is_head = request.method == "HEAD"
        try:
            response = await self._answer(request)
            settle_length(response, is_head=is_head)
        except BaseException as error:
            if not is_failure(error):
                raise
            response = await failure_response(error, request, development=self.development)
            settle_length(response, is_head=is_head)
        self.config.security.complete(response, request.url.scheme)
        if response.body is not None and not response.headers.has("content-type"):
            response.headers["content-type"] = (
                "application/octet-stream"  # else browsers guess (RFC 9110, 8.3)
            )
        if isinstance(response.body, _KNOWN):
            request.close()  # a stream may still read an uploaded file
        return await _without_body(response) if is_head else response

    async def _answer(self, request: Request) -> Response:
        if request.method not in METHODS:
            return plain_text(501)
        try:
            segments = request.url.segments
        except ValueError:
            return plain_text(400, "The path is no percent-encoded UTF-8")
        if self._check_origin and is_cross_site(request):
            return plain_text(403, f"Cross-site {request.method} requests are refused")
        below = self.responder.site_path(segments, request.root_path)
        match = self.responder.match(below)
        response = None
        if below is not None and self._files.has(below):
            response = await self._files.named(request, below, has_route=match is not None)
        return response or self._moved(request, match) or await self._rendered(request, below, match)

    def _moved(self, request: Request, match: Match | None) -> Response | None:
        """The redirect to the one address of a page; a configured redirect is one step whatever the address."""
        if match is not None and match.route.kind == "redirect":
            return None
        location = self._canonical(request)
        if location is None:
            return None
        return Response(None, permanent(request.method), headers={"location": location})

    async def _rendered(
        self, request: Request, below: tuple[str, ...] | None, match: Match | None
    ) -> Response:
        """The page or endpoint of a path, rendered ahead or now, or the `index.html` of a folder without one."""
        response = None
        if below is not None and self._files.has_ahead(below):
            response = await self._files.rendered_ahead(request, below)
        if below is not None and response is None and match is None:
            response = await self._files.index(request, below)
        return response or await self._visit(request, match)

    def _canonical(self, request: Request) -> str | None:
        """Where a request is to be redirected for its trailing slash. The slash of a mounted site's root is the host's."""
        inside = request.url.segments[request.root_path.count("/") :]
        return canonical_location(request.url, inside, self.config.trailing_slash)

    async def _visit(self, request: Request, match: Match | None) -> Response:
        """The answer of a route, of the middleware around it, or of the page for their failure, with its cookies."""
        context = self._context(request, match)
        response, answered = await self._attempt(context, match)
        if context.csp is not None:
            context.csp.add_to(response)
        # Most visits ask for neither cookies nor a session.
        if context.used_session is not None:
            is_secure = request.url.scheme == "https"
            self._visits.set_cookie(context.used_session, answered.cookies, is_secure=is_secure)
        if answered.used_cookies is not None:
            for value in answered.used_cookies.outgoing():
                response.headers.append("set-cookie", value)
        if not isinstance(response.body, _KNOWN):
            answered.cookies.seal()  # what the stream does to them while it is sent would be lost
            context.session.seal()
        return response

    def _context(self, request: Request, match: Match | None) -> Context:
        context = Context(
            request,
            params=match.params if match else {},
            site=self.url,
            i18n=self.config.i18n,
            route_pattern=match.route.pattern if match else NOT_FOUND,
            find_route=self.responder.find_route,
        )
        context.csp = self.config.security.policy()
        context.open_session = self._visits.session
        return context

    async def _attempt(self, context: Context, match: Match | None) -> tuple[Response, Context]:
        """The answer of a route or of the page for its failure, and the context whose cookies go with it.

        What a failed page set is not kept: neither its cookies nor what it changed in the session.
        """
        try:
            response = await self.respond(context, match)
            if context.used_session is not None:
                await context.used_session.save()
            return response, context
        except BaseException as error:
            if not is_failure(error):
                raise
            untouched = Context(context.request)
            page = self.responder.failure_page(context, untouched.cookies)
            response = await failure_response(error, context.request, development=self.development, page=page)
            return response, untouched

    async def respond(self, context: Context, match: Match | None) -> Response:
        """The answer of a route, through the middleware where there is one."""
        context.follow = self._follow
        on_request = getattr(self.middleware, "on_request", None)
        if on_request is None:
            return await self.responder.respond(context, match)
        inner: Response | None = None

        async def next(target: str | URL | Request | None = None) -> Response:
            nonlocal inner
            if target is None:
                inner = await self.responder.respond(context, match)
            else:
                inner = await self.responder.rewrite(context, target)
            return inner

        response = await run_middleware(on_request, context, next)
        return response if response is inner else await self.responder.finish(context, response)

    async def _follow(self, context: Context, rewrite: Rewrite) -> Response:
        """The answer of the route that a rewrite leads to, as if it had been asked for: no guard is passed by."""
        return await self.respond(*self.responder.rewritten(context, rewrite.target))

    @property
    def middleware(self) -> ModuleType | None:
        """The site's middleware, where it has one."""
        name = self.manifest.middleware
        return None if name is None else self.build.module(name)


async def _without_body(response: Response) -> Response:
    """The answer to HEAD: the head that GET would have, and no body."""
    await response.close()
    response.body = None
    return response
