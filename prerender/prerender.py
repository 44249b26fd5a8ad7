"""A whole build: planned, rendered by all cores, and handed to whom writes the files."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyastro.prerender.page_policy import with_policy
from pyastro.prerender.plan import Job, Plan, make_plan
from pyastro.prerender.render import Rendered, render
from pyastro.prerender.style_files import StyleFiles
from pyastro.runtime.addresses import Addresses
from pyastro.runtime.fetch import close_fetch
from pyastro.runtime.loading import Build
from pyastro.runtime.manifest import Manifest, Route
from pyastro.runtime.middleware import call_hook, check_middleware
from pyastro.runtime.sessions import MemoryStore, SessionSettings
from pyastro.runtime.sessions.visits import Visits
from pyastro.runtime.site import Site
from pyastro.runtime.tracebacks import rewrite

Chunk = tuple[Job, ...]
Work = Callable[[Chunk], list[Rendered]]
Share = Callable[[Sequence[Chunk], Work], Iterable[tuple[Chunk, list[Rendered]]]]
"""Does some chunks of work, perhaps in several processes, and gives each with its results, in any order."""
Write = Callable[[str, bytes], object]
"""Takes a file's path and its bytes, in the process that rendered it."""
Progress = Callable[[int, int], None]

_CHUNK, _FIRST_CHUNK = 8, 4
_ALONE, _COPIES = 0.03, 0.1
"""Seconds. So long the process renders by itself: what is loaded until then, all copies of it have. And so much must be
left for copies to be worth their making.
"""
SITEMAP = "sitemap.xml"


@dataclass
class Report:
    """What came of it."""

    rendered: list[Rendered] = field(default_factory=list)
    """The paths that became files, in order, without their bytes."""
    sizes: dict[str, int] = field(default_factory=dict)
    """The files, each with its size in bytes."""
    on_demand: list[Route] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What is wrong; where anything is, the files are not to be used."""
    warnings: list[str] = field(default_factory=list)


def prerender(
    build: Path,
    write: Write,
    *,
    share: Share | None = None,
    has_server: bool = False,
    sends_headers: bool | None = None,
    progress: Progress | None = None,
) -> Report:
    """Render what a build has to render ahead, and hand each file to `write`.

    `share` spreads the work over processes; without it, this one does all. `has_server`: does a server answer redirects?
    Else they become pages. `sends_headers`, by default as a server does: are the pages' headers sent? Else a
    Content-Security-Policy becomes an element of its page. Whatever the site's code raises is in the report.
    """
    session = _Session(build, has_server, has_server if sends_headers is None else sends_headers)
    report = Report()
    try:
        with _reported(report):
            plan = session.start()
            report.on_demand, report.failures, report.warnings = plan.on_demand, plan.failures, plan.warnings
            if not report.failures:
                _put(session.style_files(plan), report, write)
                session.render(plan, report, write, share, progress)
                _add_sitemap(session.site, report, write)
    finally:
        with _reported(report):
            session.close()
    return report


@contextmanager
def _reported(report: Report) -> Iterator[None]:
    """Whatever the site's code raises inside is told as a failure."""
    try:
        yield
    except Exception as error:
        from pyastro.runtime.startup_report import startup_report

        report.failures.append(startup_report(rewrite(error)))


class _Session:
    """A site that is open while its pages are rendered."""

    def __init__(self, build: Path, has_server: bool, sends_headers: bool) -> None:
        manifest = Manifest.read(build)
        config = manifest.config
        self.addresses = Addresses(config.base, config.trailing_slash, config.format)
        # No visitor comes: neither secrets nor a store are needed.
        visits = Visits(SessionSettings(), MemoryStore())
        self.site = Site(Build(build), manifest, visits, addresses=self.addresses)
        self._runner, self._context = asyncio.Runner(), copy_context()
        self._process = os.getpid()
        self._has_server = has_server
        self._sends_headers = sends_headers

    def start(self) -> Plan:
        """Run what the site does at its start, and see what there is to render."""
        return self._runner.run(self._start(), context=self._context)

    async def _start(self) -> Plan:
        check_middleware(self.site.middleware)
        await call_hook(self.site.middleware, "on_startup", self.site)
        return await make_plan(self.site, self.addresses, with_redirects=not self._has_server)

    def style_files(self, plan: Plan) -> dict[str, bytes]:
        """The style sheets that the pages share. The pages link them from now on."""
        config = self.site.config
        styles = StyleFiles(config.base, self.site.build.folder / "public", minifies=config.minify)
        routes = dict.fromkeys(job.route for job in plan.jobs if job.route.kind == "page" and not job.to)
        pages = (self.site.responder.page(route) for route in routes)
        styles.settle([page for page in pages if page is not None])
        return styles.files

    def render(
        self, plan: Plan, report: Report, write: Write, share: Share | None, progress: Progress | None
    ) -> None:
        """Render all jobs; in this process alone where the site opened something at its start."""
        if hasattr(self.site.middleware, "on_startup"):
            share = None

        def work(chunk: Chunk) -> list[Rendered]:
            return [self._written(each, write) for each in self._rendered(chunk)]

        results: dict[str, Rendered] = {}
        for _, chunk in _done(plan.jobs, work, share):
            results |= {each.job.file: each for each in chunk}
            if progress is not None:
                progress(len(results), len(plan.jobs))
        report.rendered = [results[job.file] for job in plan.jobs]
        report.sizes |= {r.job.file: r.size for r in report.rendered if r.outcome == "written"}
        report.failures += dict.fromkeys(r.message for r in report.rendered if r.outcome == "failed")
        report.warnings += [r.message for r in report.rendered if r.outcome == "left out"]
        report.rendered = [r for r in report.rendered if r.outcome == "written"]

    def _written(self, rendered: Rendered, write: Write) -> Rendered:
        """The same without its bytes, which are written: a large site need not fit into memory."""
        if rendered.outcome != "written":
            return rendered
        data = rendered.data if self._sends_headers else with_policy(rendered.data, rendered.headers)
        write(rendered.job.file, data)
        return rendered._replace(data=b"", size=len(data))

    def _rendered(self, chunk: Chunk) -> list[Rendered]:
        """Render some paths, which wait side by side. A copy of the process has an event loop of its own."""
        if os.getpid() != self._process:
            self._runner, self._process = asyncio.Runner(), os.getpid()
        # `Runner.run` handles Ctrl+C anew each time, for which `signal` describes the whole task: that took a fifth.
        loop = self._runner.get_loop()
        task = loop.create_task(self._render_all(chunk), context=self._context)
        try:
            return loop.run_until_complete(task)
        except BaseException:
            _end_all(loop, task)
            raise

    async def _render_all(self, chunk: Chunk) -> list[Rendered]:
        return list(await asyncio.gather(*(render(self.site, job) for job in chunk)))

    def close(self) -> None:
        """Run what the site does at its end."""
        try:
            self._runner.run(self._close(), context=self._context)
        finally:
            self._runner.close()
            self.site.build.unload()

    async def _close(self) -> None:
        try:
            await self.site.shutdown()
        finally:
            await close_fetch()


def _end_all(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    """End whatever is left to do after an interruption, so that the site can close in peace what it has opened."""
    left = asyncio.all_tasks(loop) | {task}
    for each in left:
        each.cancel()
    with suppress(KeyboardInterrupt):  # the task that was interrupted tells it once more
        loop.run_until_complete(asyncio.wait(left))
    for each in left:
        if each.done() and not each.cancelled():
            each.exception()  # it is known


def _done(jobs: Sequence[Job], work: Work, share: Share | None) -> Iterator[tuple[Chunk, list[Rendered]]]:
    """The jobs with what came of them. The first are done here, and what takes longer than a moment is shared."""
    done, start = 0, time.perf_counter()
    size = _CHUNK if share is None else _FIRST_CHUNK
    while done < len(jobs) and (share is None or not _is_long(time.perf_counter() - start, done, len(jobs))):
        chunk = tuple(jobs[done : done + size])
        done += len(chunk)
        yield chunk, work(chunk)
    if share is not None and done < len(jobs):
        yield from share([tuple(jobs[at : at + _CHUNK]) for at in range(done, len(jobs), _CHUNK)], work)


def _is_long(seconds: float, done: int, number: int) -> bool:
    """Will what is left take long enough for copies of the process, by the time that some of it took?"""
    return done > 0 and seconds > _ALONE and seconds / done * (number - done) > _COPIES


def _put(files: Mapping[str, bytes], report: Report, write: Write) -> None:
    """Write some files, and note them."""
    for file, data in files.items():
        write(file, data)
        report.sizes[file] = len(data)


def _add_sitemap(site: Site, report: Report, write: Write) -> None:
    """The site map, where the site's URL is known and no file or page of that name is there."""
    taken = {*report.sizes, *(file.path for file in site.manifest.public)}
    patterns = {route.pattern for route in site.manifest.routes}
    if site.url is None or not site.config.sitemap or SITEMAP in taken or f"/{SITEMAP}" in patterns:
        return
    from pyastro.feeds.sitemap import sitemap_files

    paths = [each.job.path for each in report.rendered if each.is_indexed]
    addresses = Addresses.of(site.config)
    paths += [
        addresses.path(route, {})
        for route in report.on_demand
        if route.kind == "page" and not route.param_names and route.pattern not in ("/404", "/500")
    ]
    urls = [str(site.url.join(path)) for path in sorted(paths)]
    base = str(site.url.join(site.config.base.rstrip("/") + "/"))
    files = sitemap_files(urls, base) if urls else {}
    if not files.keys() & taken:
        _put(files, report, write)
