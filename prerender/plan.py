"""What is rendered ahead: each path that a route exists for, with the file that it becomes."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pyastro.runtime.addresses import Addresses, filled_segments, is_folder
from pyastro.runtime.manifest import Route, SiteConfig
from pyastro.runtime.redirects import filled, location
from pyastro.runtime.site import Site
from pyastro.runtime.tracebacks import rewrite

_ERROR_PAGES = {"/404": "404.html", "/500": "500.html"}


class Job(NamedTuple):
    """One path to render."""

    route: Route
    params: Mapping[str, str | None]
    path: str
    """Its address on the site, percent-encoded."""
    file: str
    to: str = ""
    """Where it leads, if it is a redirect."""


@dataclass
class Plan:
    """All that is to be rendered, and what stands against it."""

    jobs: list[Job] = field(default_factory=list)
    on_demand: list[Route] = field(default_factory=list)
    """The routes that are left to a server."""
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def is_ahead(route: Route, config: SiteConfig) -> bool:
    """Is a page or an endpoint rendered ahead?"""
    return config.output == "static" if route.prerender is None else route.prerender


async def make_plan(site: Site, addresses: Addresses, *, with_redirects: bool) -> Plan:
    """What is rendered of a site. Redirects become files too, where no server is there to answer them."""
    plan = Plan()
    planner = _Planner(site, addresses, {file.path for file in site.manifest.public})
    for route in site.manifest.routes:
        if route.kind == "redirect":
            if with_redirects:
                await planner.add_redirect(plan, route)
        elif is_ahead(route, site.config):
            await planner.add(plan, route)
        else:
            plan.on_demand.append(route)
    return plan


class _Planner:
    """Adds the paths of one route after the other, in order of priority: of two with one address the first is it."""

    def __init__(self, site: Site, addresses: Addresses, public: Collection[str]) -> None:
        self._site = site
        self._addresses = addresses
        self._public = public
        self._owners: dict[str, Route] = {}
        self._spellings: dict[str, str] = {}
        """The path of each file, by its name without regard to letter case."""
        self._folders: dict[str, Route] = {}

    async def add(self, plan: Plan, route: Route) -> None:
        """Add the paths of a page or an endpoint."""
        try:
            async for params in self._params(route):
                self._add(plan, route, params)
        except PlanError as error:
            plan.failures.append(f"{route.source}: error: {error}\n")
        except Exception as error:
            from pyastro.runtime.startup_report import startup_report

            plan.failures.append(startup_report(rewrite(error)))

    async def _params(self, route: Route) -> AsyncIterator[Mapping[str, str | None]]:
        paths = self._site.responder.static_paths(route)
        if not route.param_names:
            yield {}
        elif paths is None:
            raise PlanError(
                f"{route.pattern} has params, so rendering it ahead needs `get_static_paths`, which lists them. "
                "Define it, or write `prerender = False`, so that the page is rendered on demand."
            )
        else:
            for params in await paths.params():
                yield params

    def _add(self, plan: Plan, route: Route, params: Mapping[str, str | None], to: str = "") -> None:
        segments = filled_segments(route, params)
        check_segments(route, segments)
        file = file_of(self._addresses, route, segments)
        path = self._addresses.path(route, params)
        owner = self._owners.get(file)
        match = self._site.responder.match(segments)
        if match is not None and match.route != route and self._claims(match.route):
            plan.warnings.append(f"{route.source}: {path} is not written: {match.route.source} answers it.")
        elif owner is not None:
            plan.warnings.append(f"{route.source}: {path} is not written: {owner.source} is {file} already.")
        elif file in self._public:
            raise PlanError(
                f"{path} would be written to {file}, which public/ has as well. Remove one of them."
            )
        else:
            self._take(route, path, file)
            other = self._spellings.setdefault(file.casefold(), path)
            if other != path:
                plan.warnings.append(
                    f"{route.source}: {path} and {other} differ in letter case alone: where files are kept without "
                    "regard to it, there is one of them only."
                )
            plan.jobs.append(Job(route, params, path, file, to))

    def _claims(self, route: Route) -> bool:
        return route.kind != "redirect" and is_ahead(route, self._site.config)

    def _take(self, route: Route, path: str, file: str) -> None:
        """Note who has a file, and the folders above it, so that nothing else needs their places."""
        above = [file[:at] for at, c in enumerate(file) if c == "/"]
        other = self._folders.get(file) or next(
            (self._owners[each] for each in above if each in self._owners), None
        )
        if other is not None:
            raise PlanError(
                f"{path} would be the file {file}, and {other.source} needs a folder and a file of one name there. "
                "Give the endpoint's name an ending, such as `.json`."
            )
        self._owners[file] = route
        self._folders.update(dict.fromkeys(above, route))

    async def add_redirect(self, plan: Plan, route: Route) -> None:
        """Add the pages that stand for a redirect: one for each params that the page has to which it leads."""
        if not route.param_names:
            self._add_redirect(plan, route, {})
            return
        target = next(
            (r for r in self._site.manifest.routes if r.pattern == route.to and r.kind == "page"), None
        )
        paths = None if target is None else self._site.responder.static_paths(target)
        if paths is None:
            plan.warnings.append(
                f"{route.source}: the redirect {route.pattern} is left out: files cannot answer every path, and "
                f"{route.to} is no page with `get_static_paths`."
            )
            return
        for params in await paths.params():
            self._add_redirect(plan, route, params)

    def _add_redirect(self, plan: Plan, route: Route, params: Mapping[str, str | None]) -> None:
        try:
            self._add(plan, route, params, location(filled(route.to, params)))
        except PlanError as error:
            plan.failures.append(f"{route.source}: error: {error}\n")


class PlanError(Exception):
    """A path that cannot become a file."""


def check_segments(route: Route, segments: tuple[str, ...]) -> None:
    """Raises PlanError where a param makes a path that is none of this route, or that no file can have."""
    for segment in segments:
        if segment in ("", ".", "..") or set(segment) & set("/\\\0") or not segment.isprintable():
            raise PlanError(
                f"`get_static_paths` gives a param that makes the segment {segment!r} of {route.pattern}, which cannot be "
                "part of a file's path."
            )
        if len(segment.encode()) > 240:
            raise PlanError(
                f"`get_static_paths` gives a param of {len(segment)} characters: files cannot be called so."
            )


def file_of(addresses: Addresses, route: Route, segments: tuple[str, ...]) -> str:
    """The file of a path: `about/index.html` or `about.html` for a page, `feed.xml` for an endpoint."""
    if route.kind == "page" and route.pattern in _ERROR_PAGES:
        return _ERROR_PAGES[route.pattern]
    name = "/".join(segments)
    if not segments:
        return "index.html"
    if route.kind == "endpoint" or name.endswith(".html"):
        return name
    return f"{name}/index.html" if is_folder(addresses.format or "directory", route) else f"{name}.html"
