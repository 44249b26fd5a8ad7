"""Starting a site and stopping it, each once."""

import asyncio
import traceback

from pyastro.asgi.protocol import Receive, Send
from pyastro.runtime.fetch import close_fetch
from pyastro.runtime.site import Site
from pyastro.runtime.startup_report import startup_report


class StartFailed(RuntimeError):
    """The site asked for the end of the process while it was imported or started, which is the server's to decide."""


class Lifecycle:
    """Whether a site runs. However many requests want it to, it is started once; a start that failed is tried again."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._is_running = False
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Comes back when the site is started. Whatever its start raises passes through."""
        if self._is_running:
            return
        if self._starting is None:
            # A task of its own: whoever asked first may be cancelled while others wait.
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def stop(self) -> None:
        """Stops the site where it runs."""
        if self._is_running:
            self._is_running = False
            try:
                await self._site.shutdown()
            finally:
                await close_fetch()

    async def follow(self, receive: Receive, send: Send) -> None:
        """Starts and stops the site as the server says (ASGI's lifespan protocol)."""
        while (await receive())["type"] == "lifespan.startup":
            # What is raised here would only tell the server that the protocol is not spoken.
            try:
                await self.start()
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": _report(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        try:
            await self.stop()
        except Exception:
            await send({"type": "lifespan.shutdown.failed", "message": traceback.format_exc()})
            return
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        try:
            await self._site.startup()
            self._is_running = True
        except SystemExit as error:
            raise StartFailed("The site called for an exit when it was started") from error
        finally:
            self._starting = None


def _report(error: Exception) -> str:
    """What the server shows of a start that failed."""
    return startup_report(error.__cause__ if isinstance(error, StartFailed) and error.__cause__ else error)
