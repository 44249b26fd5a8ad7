"""What is known of a module script that a browser cannot run as it is written."""

from typing import Any, NamedTuple


class ModuleScript(NamedTuple):
    """A module script that a browser cannot run as it is written. All offsets are those of its component."""

    start: int
    """Where its element begins."""
    text_start: int
    text: str
    need: tuple[int, int]
    """What it is that a browser does not have."""
    package: str = ""
    """What is imported there; nothing where it is TypeScript."""

    def to_json(self) -> list[Any]:
        """The same as JSON."""
        return [self.start, self.text_start, self.text, list(self.need), self.package]

    @classmethod
    def from_json(cls, data: list[Any]) -> "ModuleScript":
        """The opposite of `to_json`."""
        start, text_start, text, (first, end), package = data
        return cls(start, text_start, text, (first, end), package)
