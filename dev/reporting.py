"""What the development server tells the person who started it."""

from collections.abc import Iterable
from typing import Protocol

from pyastro.dev.outcome import Broken, Changed, Crashed


class Reporter(Protocol):
    """Takes what happens, in the order in which it does, from whichever thread."""

    def ready(self, url: str, pages: int, components: int, seconds: float, is_restart: bool) -> None:
        """The server answers, perhaps as the successor of another process."""

    def warned(self, outcome: Changed) -> None:
        """The compiler has something to say of the sources, which are served all the same."""

    def changed(self, paths: Iterable[str], outcome: Changed, seconds: float) -> None:
        """Sources changed, and the new site answers."""

    def failed(self, outcome: Broken | Crashed) -> None:
        """The sources cannot be compiled, or their site cannot start."""

    def fixed(self) -> None:
        """The sources are again what is served."""

    def replacing(self, path: str, reason: str) -> None:
        """The whole process starts anew."""

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered."""
