"""A read-only mapping in which a name may have several values: a query, a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar, overload

__all__ = ["MultiMap"]

V = TypeVar("V")
D = TypeVar("D")


class MultiMap(Generic[V]):
    """Names and values in order; a name's first value is the one that `[]` and `get` give.

    This is what `URLSearchParams` and `FormData` do in the URL and XMLHttpRequest standards.
    """

    __slots__ = ("_pairs", "_values")

    def __init__(self, pairs: Iterable[tuple[str, V]] = ()) -> None:
        """Make a mapping of these pairs of name and value."""
        self._pairs = tuple(pairs)
        self._values: dict[str, list[V]] = {}
        for name, value in self._pairs:
            self._values.setdefault(name, []).append(value)

    @overload
    def get(self, name: str) -> V | None: ...

    @overload
    def get(self, name: str, default: D) -> V | D: ...

    def get(self, name: str, default: object = None) -> object:
        """The first value of `name`, or `default`."""
        values = self._values.get(name)
        return values[0] if values else default

    def get_all(self, name: str) -> list[V]:
        """Every value of `name`, in order; an empty list when there is none."""
        return list(self._values.get(name, ()))

    def has(self, name: str) -> bool:
        """Whether `name` has a value."""
        return name in self._values

    def keys(self) -> list[str]:
        """The names, each once."""
        return list(self._values)

    def values(self) -> list[V]:
        """Every value, in the order of `items()`."""
        return [value for _, value in self._pairs]

    def items(self) -> list[tuple[str, V]]:
        """Every pair of name and value, in order; a name with several values comes several times."""
        return list(self._pairs)

    def __getitem__(self, name: str) -> V:
        """The first value of `name`. Raises KeyError when there is none."""
        return self._values[name][0]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        """The number of names."""
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        """Whether both are of one kind and hold the same pairs in the same order."""
        return type(other) is type(self) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.items()!r})"
