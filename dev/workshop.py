"""From a change in a file to what is seen of it: waiting for the end of it, compiling, handing over."""

import asyncio
import logging
import math
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pyastro.dev.builder import Builder
from pyastro.dev.live_site import LiveSite
from pyastro.dev.outcome import Broken, Changed, Crashed
from pyastro.dev.outside import OutsideModules
from pyastro.dev.reporting import Reporter
from pyastro.dev.watching import QUIET, Watch, is_unfinished

log = logging.getLogger("pyastro.dev")

T = TypeVar("T")

_HANGS = 1.5
"""Seconds after which an event loop that does nothing else is held to hang in a page."""

ENVIRONMENT = ".env"

_UNWATCHED = (
    "Let the system watch more files (`fs.inotify.max_user_watches` on Linux), or set WATCHFILES_FORCE_POLLING=true; "
    "then start `pyastro dev` again."
)


class Workshop:
    """Watches the sources in a thread of its own, where they are compiled too; the event loop only takes the results.

    `replace` is called for what only a new process can take up, with whether the event loop hangs.
    """

    def __init__(
        self, builder: Builder, live: LiveSite, reporter: Reporter, replace: Callable[[bool], None]
    ) -> None:
        self._builder = builder
        self._live = live
        self._reporter = reporter
        self._replace = replace
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._outside = OutsideModules(builder.root)
        self._began = time.time()
        self._environment = Path(ENVIRONMENT).resolve()
        self._had_environment = self._environment.exists()
        self._changed: set[Path] = set()
        self._stale: set[Path] = set()
        """The files of modules outside of the site that changed after they were imported."""
        self._last = 0.0
        self._is_held = False
        """Is there a change that was not compiled yet, because its file is being written?"""
        self._pending: Broken | None = None
        """What is wrong unless a file is only half written."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch. The thread ends when `stop` is called."""
        self._thread = threading.Thread(target=self._watch, args=(loop,), name="pyastro-dev", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def join(self) -> None:
        """Wait for the end of the thread: an interpreter that ends while it is in native code may hang."""
        if self._thread is not None:
            self._thread.join()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take up what changes, or say why that cannot be noticed: the system allows so many watches, for instance."""
        try:
            self._run(loop)
        except (OSError, RuntimeError) as error:
            problem = Broken(message=f"No change is noticed any more: {error}", hint=_UNWATCHED)
            self._reporter.failed(problem)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        watch = Watch(self._builder.root, self._stop)
        look: _Look | None = _Look(self._began)
        while look is not None and not self._stop.is_set():
            # What changed before the watch began is found when it is quiet for the first time.
            self._is_held = True
            look = self._follow(watch, look, loop)

    def _follow(self, watch: Watch, last: "_Look", loop: asyncio.AbstractEventLoop) -> "_Look | None":
        """Take up what changes until other files have to be watched; since when, or None if a new process has to begin."""
        state = known, is_crashed = self._state()
        outer = {*known, self._environment}
        look = _Look.at(known)
        for number, paths in enumerate(watch.changes(outer, Path.cwd() if is_crashed else None)):
            if number == 0:  # from then on the watch tells
                paths |= last.missed(outer)
            if self._environment in paths or self._environment.exists() != self._had_environment:
                self._give_way(_shown(self._environment), "it holds the environment")
                return None
            # A module may change as soon as the step has imported it.
            before, look = look, _Look.at(known) if paths else look._replace(time=time.time())
            self._stale |= {path for path in paths if path in known or (is_crashed and path.suffix == ".py")}
            try:
                self._step(paths, loop)
            except Exception:
                log.exception("The development server failed; it goes on")
            if self._state() != state:
                # Where nothing changed, a request has imported something since we looked.
                return look if paths else before
        return None

    def _state(self) -> tuple[frozenset[Path], bool]:
        """The modules outside of the site, and whether it cannot be started. Then what it lacks may be any other."""
        crash = self._live.crash
        if crash is not None:
            self._outside.note(crash.error)
        return frozenset(self._outside.files), crash is not None

    def _step(self, paths: frozenset[Path], loop: asyncio.AbstractEventLoop) -> None:
        """Take up what changed, or see that nothing did."""
        now = time.monotonic()
        if paths:
            self._changed |= paths
            self._last = now
            self._is_held = any(map(is_unfinished, paths))
            if not self._is_held:
                self._build(loop)
        elif now - self._last >= QUIET:
            if self._is_held:
                self._is_held = False
                self._build(loop)
            if self._pending is not None:
                broken, self._pending = self._pending, None
                self._hand_over(broken, loop, now)

    def _build(self, loop: asyncio.AbstractEventLoop) -> None:
        start = time.monotonic()
        outcome = self._builder.run()
        self._pending = outcome if isinstance(outcome, Broken) else None
        if self._stale and not isinstance(outcome, Broken):
            # The modules of the site may be the same: they import others.
            outcome = replace(outcome or Changed(), is_reload=True)
        if isinstance(outcome, Changed):
            self._hand_over(outcome, loop, start)
        elif outcome is None:
            self._changed.clear()
            if self._wait(loop, self._take_back()):
                self._reporter.fixed()

    async def _take_back(self) -> bool:
        return self._live.take_back()

    def _hand_over(self, outcome: Changed | Broken, loop: asyncio.AbstractEventLoop, start: float) -> None:
        stale = self._stale if isinstance(outcome, Changed) else set()
        if stale and self._live.has_threads:
            self._give_way(_shown(min(stale)), "a module has begun a thread, which would go on")
            return
        if stale and self._outside.has_native:
            self._give_way(_shown(min(stale)), "a module beside it is not written in Python")
            return
        before = _stamps(stale)
        result = self._wait(loop, self._take(outcome, stale))
        paths = sorted(self._relative(path) for path in self._changed)
        self._changed.clear()
        if isinstance(result, Changed):
            self._stale.clear()
            self._reporter.changed(paths or result.compiled, result, time.monotonic() - start)
        elif isinstance(result, Crashed) and self._outside.can_begin(stale) and _stamps(stale) == before:
            self._give_way(_shown(min(stale)), f"{type(result.error).__name__} when it was imported again")
        elif isinstance(result, Broken | Crashed):
            self._reporter.failed(result)

    async def _take(self, outcome: Changed | Broken, stale: set[Path]) -> Changed | Broken | Crashed:
        if not stale:
            return await self._live.take(outcome)
        take_back = self._outside.forget(stale)
        result = await self._live.take(outcome)
        if isinstance(result, Crashed):
            take_back()  # the last site goes on, and may import more of them
        return result

    def _relative(self, path: Path) -> str:
        return (
            path.relative_to(self._builder.root).as_posix()
            if path.is_relative_to(self._builder.root)
            else _shown(path)
        )

    def _give_way(self, changed: str, reason: str) -> None:
        self._reporter.replacing(changed, reason)
        self._replace(False)

    def _wait(self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T]) -> T | None:
        """What a coroutine gives on the event loop; a loop that hangs in a page ends with its process."""
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        while not self._stop.is_set():
            try:
                return future.result(_HANGS)
            except TimeoutError:
                if not _answers(loop) and not _is_debugged():
                    self._reporter.replacing("a page", "it did not come to an end")
                    self._replace(True)
        return None


def _answers(loop: asyncio.AbstractEventLoop) -> bool:
    """Does an event loop come to what it has to do?"""
    answered = threading.Event()
    loop.call_soon_threadsafe(answered.set)
    return answered.wait(_HANGS)


def _is_debugged() -> bool:
    """Does the main thread stand in a debugger, where a person needs time?"""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] in ("bdb", "pdb", "debugpy", "pydevd"):
            return True
        frame = frame.f_back
    return False


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return -math.inf


class _Look(NamedTuple):
    """A moment, and the files that were there."""

    time: float
    there: frozenset[Path] = frozenset()

    @classmethod
    def at(cls, files: Iterable[Path]) -> "_Look":
        """What there is now."""
        return cls(time.time(), frozenset(file for file in files if file.exists()))

    def missed(self, files: Iterable[Path]) -> frozenset[Path]:
        """Which of these have changed since, or are gone."""
        return frozenset(
            file
            for file in files
            if _modified(file) > self.time or (file in self.there and not file.exists())
        )


def _stamps(files: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """What tells each file from what it was, or will be while somebody is writing it."""
    found: dict[Path, tuple[int, int] | None] = dict.fromkeys(files)
    for file in found:
        with suppress(OSError):
            status = file.stat()
            found[file] = status.st_mtime_ns, status.st_size
    return found


def _shown(path: Path) -> str:
    """A path as a person would write it here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
