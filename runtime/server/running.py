"""A site on an event loop: from its start to the last answer."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyastro.runtime.fetch import close_fetch
from pyastro.runtime.server.application import Answering, Application
from pyastro.runtime.server.connection import Listener
from pyastro.runtime.server.settings import Settings
from pyastro.runtime.server.sockets import authority
from pyastro.runtime.site import Site

log = logging.getLogger("pyastro.server")

_GRACE = 4.0  # what the end of the process may take beyond the drain

_STEPS = 3  # of the event loop, from a connection that is accepted to its protocol


def make_site(build: Path, settings: Settings) -> Site:
    """The site of a build, as the settings want it."""
    return Site.load(
        build,
        development=settings.development,
        allowed_hosts=settings.allowed_hosts,
        check_origin=settings.check_origin,
    )


async def serve_site(
    site: Answering,
    sockets: list[socket.socket],
    settings: Settings,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serves a site until `stop` is set; then answers what is in flight, within the deadline, and closes everything."""
    await site.startup()
    try:
        application = Application(site, authority(sockets, settings.host), settings)
        listener = application.listener()
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(listener, sock=opened) for opened in sockets]
        on_ready()
        await stop.wait()
        application.close()
        await asyncio.sleep(settings.deadlines.notice)
        await _accept_no_more(servers)
        await _drain(listener, settings.deadlines.shutdown)
    finally:
        await site.shutdown()
        await close_fetch()


async def _accept_no_more(servers: Iterable[asyncio.Server]) -> None:
    """Closes servers; each connection that they have accepted is one of the listener's then.

    asyncio accepts a connection, makes its protocol and tells that of it in a step of its own each, and forgets one whose
    server was closed in between: whoever connected then would wait for ever.
    """
    loop = asyncio.get_running_loop()
    for server in servers:
        for listening in server.sockets:
            with suppress(NotImplementedError):  # Windows
                loop.remove_reader(listening.fileno())
    for _ in range(_STEPS):
        await asyncio.sleep(0)
    for server in servers:
        server.close()
    await asyncio.sleep(0)


async def _drain(listener: Listener, seconds: float) -> None:
    """Lets the requests in flight come to their end; what is not ready in time is cancelled."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    listener.close_idle()
    while listener.connections and loop.time() < end:
        await asyncio.sleep(0.01)
        listener.close_idle()
    if listener.connections:
        log.warning("%d connections were cut off at the end", len(listener.connections))
    await listener.shutdown(0.2)


def run(
    site: Answering, sockets: list[socket.socket], settings: Settings, on_ready: Callable[[], None]
) -> None:
    """Serves a site in this process until SIGTERM or SIGINT comes.

    Whatever the start of the site raises passes through. A second signal ends the process at once.
    """

    async def main() -> None:
        stop = asyncio.Event()
        _stop_at_signals(stop, settings.deadlines.notice + settings.deadlines.shutdown + _GRACE)
        await serve_site(site, sockets, settings, stop=stop, on_ready=on_ready)

    run_through(main())


def run_through(main: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end on a new event loop, uvloop's where that is installed.

    A task that the site itself started may raise SystemExit, which ends a running loop: it is started again.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)
        while not task.done():
            try:
                loop.run_until_complete(task)
            except (SystemExit, KeyboardInterrupt) as error:
                if task.done():
                    raise
                log.error("A task that the site started raised %s", type(error).__name__, exc_info=error)
        task.result()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _stop_at_signals(stop: asyncio.Event, seconds: float) -> None:
    def on_signal() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        # A thread of the site that hangs would keep the process for ever.
        timer = threading.Timer(seconds, os._exit, (1,))
        timer.daemon = True
        timer.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends the loop by itself
            loop.add_signal_handler(number, on_signal)
