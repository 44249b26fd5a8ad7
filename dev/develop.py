"""`develop`: compile, serve, watch, and begin again with each change."""

import asyncio
import errno
import gc
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from pyastro.compiler.project import check_pages
from pyastro.dev.builder import Builder
from pyastro.dev.live_site import LiveSite
from pyastro.dev.loading import BuildFinder, CodeCache
from pyastro.dev.outcome import Broken, Changed
from pyastro.dev.reporting import Reporter
from pyastro.dev.successor import Successor, inherited_sockets
from pyastro.dev.workshop import ENVIRONMENT, Workshop
from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.environment_file import load_environment_file
from pyastro.runtime.errors import SetupError
from pyastro.runtime.server import Settings, serve_site
from pyastro.runtime.server.running import run_through
from pyastro.runtime.server.sockets import close, listen, url

PORT = 4321
_TRIES = 20
"""So many ports are tried, from the usual one on, where none was asked for."""
_LONGEST_END = 3.0


def develop(
    pages: Path,
    reporter: Reporter,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    allowed_hosts: tuple[str, ...] = (),
) -> int:
    """Serve the site whose pages stand in a folder while it is edited, until a signal comes; gives the exit status.

    `port` None is the usual one, or the next that is free. Raises ProjectError where there are no pages, OSError
    where nothing can be listened at.
    """
    start = time.monotonic()
    check_pages(pages)
    settings = Settings(
        host=host,
        port=port or 0,
        development=True,
        allowed_hosts=allowed_hosts,
        deadlines=Deadlines(shutdown=1.0),
    )
    inherited = inherited_sockets()
    sockets = inherited or _sockets(host, port)
    with Successor(sockets) as successor:
        sys.path.insert(0, os.getcwd())
        with suppress(SetupError):  # a mistake in this file shows where something is missing
            load_environment_file(Path(ENVIRONMENT))
        builder = Builder(pages)
        codes = CodeCache(builder.build.with_suffix(".code"))
        BuildFinder(codes).install()
        run = _Run(builder, LiveSite(builder.build, reporter, allowed_hosts), reporter, successor)
        first = builder.run()  # before there is a second thread: then all cores can be used
        try:
            run_through(run.main(first, sockets, settings, start, is_restart=bool(inherited)))
        finally:
            close(sockets)
            codes.keep()
        if successor.is_wanted:
            successor.start()
    return 0


class _Run:
    """One process of the server, from its first build to its end."""

    def __init__(self, builder: Builder, live: LiveSite, reporter: Reporter, successor: Successor) -> None:
        self._builder = builder
        self._live = live
        self._reporter = reporter
        self._successor = successor
        self._workshop = Workshop(builder, live, reporter, self._replace)
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main(
        self,
        first: Changed | Broken | None,
        sockets: list[socket.socket],
        settings: Settings,
        start: float,
        *,
        is_restart: bool,
    ) -> None:
        """Serve until a signal comes, or another process is to take over."""
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end())
        assert first is not None, "the first build is a change"
        outcome = await self._live.take(first)
        gc.collect()
        gc.freeze()  # what is there now stays: looking it through for garbage would hold up one edit or another

        def on_ready() -> None:
            report = self._builder.report
            pages = sum(path.startswith(f"{self._builder.pages.name}/") for path in report.components)
            address = url(sockets, settings.host)
            seconds = time.monotonic() - start
            self._reporter.ready(address, pages, len(report.components), seconds, is_restart)
            if isinstance(outcome, Changed):
                self._reporter.warned(outcome)
            else:
                self._reporter.failed(outcome)
            self._workshop.start(asyncio.get_running_loop())

        closing = asyncio.create_task(self._close_streams())
        await serve_site(self._live, sockets, settings, stop=self._stop, on_ready=on_ready)
        await closing
        await asyncio.to_thread(self._workshop.join)

    async def _close_streams(self) -> None:
        """Let go of the pages that listen, which would hold up the end."""
        await self._stop.wait()
        self._workshop.stop()
        if self._successor.is_wanted:
            self._live.feed.publish(reload=True)  # what the pages ask for now waits for the successor
        self._live.feed.close()

    def _end(self) -> None:
        """The end that a signal asks for: soon, also where a page hangs; and at once at the second signal."""
        if self._stop.is_set():
            os._exit(130)
        self._stop.set()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(lambda: None)
        timer = threading.Timer(_LONGEST_END, os._exit, (1,))
        timer.daemon = True
        timer.start()

    def _replace(self, hangs: bool) -> None:
        """Let another process take over: at once where the event loop hangs, else after the last answers."""
        if hangs:
            self._successor.start()
        assert self._loop is not None
        self._successor.is_wanted = True
        self._loop.call_soon_threadsafe(self._stop.set)


def _sockets(host: str, port: int | None) -> list[socket.socket]:
    if port is not None:
        return listen(host, port)
    for number in range(PORT, PORT + _TRIES):
        try:
            return listen(host, number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    return listen(host, PORT)
