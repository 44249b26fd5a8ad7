"""The site as it is now, behind the same face as any site: requests in, responses out."""

import asyncio
import gc
import logging
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from secrets import token_urlsafe
from weakref import WeakSet

from pyastro.dev.editor import Editor
from pyastro.dev.feed import Feed, Message
from pyastro.dev.injection import PREFIX, inject, script
from pyastro.dev.outcome import Broken, Changed, Crashed
from pyastro.dev.problem_page import problem_page
from pyastro.dev.reporting import Reporter
from pyastro.runtime.debug_page import FailureResponse, startup_page
from pyastro.runtime.error_pages import plain_text
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.hosts import Hosts
from pyastro.runtime.manifest import Manifest
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.sessions.memory import MemoryStore
from pyastro.runtime.site import Site

log = logging.getLogger("pyastro.dev")

_PATIENCE = 5.0  # seconds that requests to an old site may take before what it opened is closed
_SCRIPT = (files(__package__) / "client.js").read_text("utf-8")


@dataclass(eq=False)
class _Edition:
    """A site that was started, and how many requests it is answering."""

    site: Site
    version: int
    requests: int = 0


class LiveSite:
    """Answers with the newest site that could be started, and tells the pages that are open of each new one."""

    def __init__(self, build: Path, reporter: Reporter, allowed_hosts: tuple[str, ...] = ()) -> None:
        self.hosts = Hosts(allowed_hosts)
        self.feed = Feed()
        self._build = build
        self._reporter = reporter
        self._allowed_hosts = allowed_hosts
        self._editor = Editor(build.parent.parent, token_urlsafe(24))
        self._edition: _Edition | None = None
        self._problem: Broken | Crashed | None = None
        self._crash: Crashed | None = None
        """Why the site of the build as it is now could not be started."""
        self._sessions = MemoryStore()
        """Where the site keeps them in memory: its visitors stay whatever is edited."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads: WeakSet[threading.Thread] = WeakSet()
        """What modules of sites began when they were imported."""

    async def startup(self) -> None:
        """Nothing: sites come by `take`."""

    async def shutdown(self) -> None:
        """Ends the site that answers."""
        if self._edition is not None:
            await self._edition.site.shutdown()

    async def take(self, outcome: Changed | Broken) -> Changed | Broken | Crashed:
        """Let what came of a change be seen; what came of starting the new site, where there is one."""
        if isinstance(outcome, Broken):
            self._set_problem(outcome)
            return outcome
        edition = await self._start()
        if isinstance(edition, Crashed):
            self._crash = edition
            self._set_problem(edition)
            return edition
        self._exchange(edition, outcome)
        return outcome

    @property
    def crash(self) -> Crashed | None:
        """Why the site of the build as it is now could not be started."""
        return self._crash

    @property
    def has_threads(self) -> bool:
        """Does a thread run that a module began when it was imported?"""
        return any(thread.is_alive() for thread in self._threads)

    def take_back(self) -> bool:
        """The sources are again what the build holds; is a problem gone by that?"""
        if self._problem is self._crash:
            return False
        self._set_problem(self._crash)
        return self._crash is None

    def _set_problem(self, problem: Broken | Crashed | None) -> None:
        self._problem = problem
        self.feed.set_problem(problem is not None)

    async def _start(self) -> _Edition | Crashed:
        """The site of the build as it is now, started. Whatever its modules raise is its own affair, not the server's."""
        site: Site | None = None
        gc.disable()  # nothing of what is imported now is garbage
        try:
            site = self._load()
            self._import(site)
            await site.startup()
        except BaseException as error:
            if site is not None:
                site.build.unload()
            if _is_cancelled():
                raise
            return Crashed(error)
        finally:
            gc.enable()
        return _Edition(site, self.feed.version + 1)

    def _load(self) -> Site:
        driver = Manifest.read(self._build).config.session.driver
        return Site.load(
            self._build,
            development=True,
            allowed_hosts=self._allowed_hosts,
            session_store=self._sessions if driver == "memory" else None,
        )

    def _import(self, site: Site) -> None:
        before = threading.enumerate()
        try:
            site.import_modules()
        finally:
            self._threads.update(thread for thread in threading.enumerate() if thread not in before)

    def _exchange(self, edition: _Edition, changed: Changed) -> None:
        old, self._edition = self._edition, edition
        self.hosts = edition.site.hosts
        base = edition.site.config.base.rstrip("/")
        self.feed.publish(
            # After a site that never answered, the difference to it is not the difference to what is shown.
            reload=changed.is_reload or old is None or self._crash is not None,
            styles=changed.styles,
            links=[(f"{base}/{before}", f"{base}/{after}") for before, after in changed.links],
        )
        self._crash = None
        self._set_problem(None)
        if old is not None:
            task = asyncio.get_running_loop().create_task(_retire(old))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    # ---------------------------------------------------------------- answering

    def refusal(self, status: int) -> Response:
        """What is answered to what cannot be made a request of."""
        return plain_text(status) if self._edition is None else self._edition.site.refusal(status)

    async def handle(self, request: Request) -> Response:
        """What the newest site answers, with the script for a browser; or what pages ask of this server itself."""
        if request.url.path.startswith(PREFIX):
            return await self._own(request)
        start = time.perf_counter()
        edition = self._edition
        if edition is None:
            response = self._problem_page()
        else:
            edition.requests += 1
            try:
                response = await edition.site.handle(request)
            finally:
                edition.requests -= 1
        self._add_script(response, request, edition.version if edition else 0)
        if not isinstance(response.body, FileBody):
            self._reporter.answered(
                request.method, request.url.path, response.status, time.perf_counter() - start
            )
        return response

    def _add_script(self, response: Response, request: Request, version: int, **more: object) -> None:
        if isinstance(response, FailureResponse):
            more |= {"failed": "", "token": self._editor.token}
        inject(response, script(run=self.feed.run, version=version, method=request.method, **more))

    def _problem_page(self) -> Response:
        match self._problem:
            case Broken():
                return problem_page(self._problem)
            case Crashed():
                return startup_page(self._problem.error)
        return plain_text(404, "There is no problem.")

    async def _own(self, request: Request) -> Response:
        match request.url.path.removeprefix(PREFIX):
            case "client.js":
                headers = {"content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache"}
                return Response(_SCRIPT, headers=headers)
            case "events":
                return Response.event_stream(self._events(request), heartbeat=10)
            case "problem":
                response = self._problem_page()
                response.status = 200
                self._add_script(response, request, 0, still="")
                return response
            case "open":
                return await self._editor.respond(request)
        return plain_text(404)

    async def _events(self, request: Request) -> AsyncIterator[Message]:
        query = request.url.query
        version = query.get("version", "")
        async for message in self.feed.listen(
            query.get("run", ""), int(version) if version.isdigit() else -1
        ):
            yield message


def _is_cancelled() -> bool:
    """Is it us who are to end, or has a module raised what usually says so?"""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _retire(edition: _Edition) -> None:
    """End a site when its last request is answered."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while edition.requests and loop.time() < end:
        await asyncio.sleep(0.02)
    try:
        await edition.site.shutdown()
    except Exception:
        log.exception("on_shutdown failed")
    edition.site.build.unload()
