"""The names that a generated module uses for itself."""

from collections.abc import Iterable


class Names:
    """Hands out names that the author does not use."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._claimed: dict[str, str] = {}

    def get(self, wanted: str) -> str:
        """The module's own name `wanted`: always the same, with underscores behind it where the author uses it."""
        if wanted not in self._claimed:
            self._claimed[wanted] = self.new(wanted)
        return self._claimed[wanted]

    def is_taken(self, name: str) -> bool:
        """Does anything have this name?"""
        return name in self._taken

    def new(self, wanted: str) -> str:
        """A name like `wanted` that nothing else has."""
        name = wanted
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def numbered(self, wanted: str) -> str:
        """A name like `wanted` that nothing else has, with a number behind it if it must."""
        if wanted not in self._taken:
            return self.new(wanted)
        number = 2
        while f"{wanted}_{number}" in self._taken:
            number += 1
        return self.new(f"{wanted}_{number}")
