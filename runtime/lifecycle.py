"""Starting a site and stopping it, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyastro.runtime.fetch import close_fetch
from pyastro.runtime.site import Site

if TYPE_CHECKING:
    from asyncio import Task


class StartFailed(RuntimeError):
    """The site asked for the end of the process while it was imported or started, which is the host's to decide."""


class Lifecycle:
    """Whether a site runs. However many requests want it to, it is started once; a start that failed is tried again."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._is_running = False
        self._starting: Task[None] | None = None

    async def start(self) -> None:
        """Comes back when the site is started. Whatever its start raises passes through."""
        if self._is_running:
            return
        from asyncio import create_task, shield

        if self._starting is None:
            # A task of its own: whoever asked first may be cancelled while others wait.
            self._starting = create_task(self._start())
        await shield(self._starting)

    async def stop(self) -> None:
        """Stops the site where it runs."""
        if self._is_running:
            self._is_running = False
            try:
                await self._site.shutdown()
            finally:
                await close_fetch()

    async def _start(self) -> None:
        try:
            await self._site.startup()
            self._is_running = True
        except SystemExit as error:
            raise StartFailed("The site called for an exit when it was started") from error
        finally:
            self._starting = None
