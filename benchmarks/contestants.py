"""Who takes part: each renders the same pages and measures its own processor time."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from time import process_time
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Contestant(Protocol):
    """One way to make HTML."""

    name: str
    version: str

    def can_render(self, page: str) -> bool:
        """Does this contestant have the page?"""

    def html(self, page: str) -> str:
        """The page."""

    def measure(self, page: str, times: int) -> float:
        """The processor time, in seconds, that so many renders of the page take."""


@dataclass(frozen=True)
class Synchronous:
    """Pages that are functions."""

    name: str
    version: str
    pages: Mapping[str, Callable[[], str]]

    def can_render(self, page: str) -> bool:
        return page in self.pages

    def html(self, page: str) -> str:
        return self.pages[page]()

    def measure(self, page: str, times: int) -> float:
        render = self.pages[page]
        start = process_time()
        for _ in range(times):
            render()
        return process_time() - start


@dataclass(frozen=True)
class Asynchronous:
    """Pages that are coroutine functions.

    One coroutine awaits all renders of a round, as a server's would await one; they wait for nothing, so that no event
    loop is needed.
    """

    name: str
    version: str
    pages: Mapping[str, Callable[[], Awaitable[Any]]]

    def can_render(self, page: str) -> bool:
        return page in self.pages

    def html(self, page: str) -> str:
        async def render() -> str:
            return str(await self.pages[page]())

        return _finish(render())

    def measure(self, page: str, times: int) -> float:
        render = self.pages[page]

        async def rounds() -> float:
            start = process_time()
            for _ in range(times):
                await render()
            return process_time() - start

        return _finish(rounds())


def _finish(coroutine: Coroutine[None, None, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # StopIteration does not tell its type
    coroutine.close()
    raise RuntimeError("a page waited for something")
