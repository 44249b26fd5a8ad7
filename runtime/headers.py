"""HTTP header fields: an ordered, case-insensitive multimap."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias, TypeVar, overload

from pyastro.runtime.errors import ResponseSentError

__all__ = ["Headers", "HeadersInit", "is_token"]

D = TypeVar("D")

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")


class Headers:
    """The header fields of a request or a response.

    Names are compared without regard to case and written as they were first given. Fields of one
    name stand together, in the order in which they were added.

    A name must be a token (RFC 9110, 5.6.2). A value is text of the characters U+0000 to U+00FF, each
    of which stands for one byte, as in the Fetch standard; spaces and tabs around it are dropped. CR, LF
    and NUL, which would split a message, the other control characters and what is above U+00FF, which
    HTTP cannot carry, are a ValueError on every way in. Percent-encode such text first (`redirect` does
    so with its target).
    """

    __slots__ = ("_fields",)

    def __init__(self, init: HeadersInit | None = None) -> None:
        """Make headers from a mapping, from pairs of name and value, or from other headers."""
        self._fields: dict[str, list[tuple[str, str]]] = {}
        if isinstance(init, Headers):
            self._fields = {key: list(pairs) for key, pairs in init._fields.items()}
        elif init is not None:
            for name, value in init.items() if isinstance(init, Mapping) else init:
                self.append(name, value)

    @classmethod
    def received(cls, fields: Iterable[tuple[bytes, bytes]]) -> Headers:
        """The fields of a message as they came: each byte of a value is one character. Raises ValueError as all ways in."""
        headers = cls()
        held = headers._fields
        for name, data in fields:
            key, shown = _received_name(name)
            value = _checked_value(shown, data.decode("latin-1"))
            if key in held:
                held[key].append((shown, value))
            else:
                held[key] = [(shown, value)]
        return headers

    @overload
    def get(self, name: str) -> str | None: ...

    @overload
    def get(self, name: str, default: D) -> str | D: ...

    def get(self, name: str, default: object = None) -> object:
        """The value of `name`, several joined by ", " (Fetch standard), or `default`."""
        pairs = self._fields.get(name.lower())
        return ", ".join([value for _, value in pairs]) if pairs else default

    def get_all(self, name: str) -> list[str]:
        """Every value of `name`, in order; an empty list when there is none."""
        return [value for _, value in self._fields.get(name.lower(), ())]

    def has(self, name: str) -> bool:
        """Whether there is a field called `name`."""
        return name.lower() in self._fields

    def set(self, name: str, value: str) -> None:
        """Make `value` the only value of `name`. Raises ValueError for a name or value HTTP refuses."""
        self._fields[_key(name)] = [(name, _checked_value(name, value))]

    def append(self, name: str, value: str) -> None:
        """Add a value to those of `name`. Raises ValueError for a name or value HTTP refuses."""
        pair = name, _checked_value(name, value)
        self._fields.setdefault(_key(name), []).append(pair)

    def delete(self, name: str) -> None:
        """Remove every field called `name`; nothing happens when there is none."""
        self._fields.pop(name.lower(), None)

    def keys(self) -> list[str]:
        """The names, each once, as they were first given."""
        return [pairs[0][0] for pairs in self._fields.values()]

    def values(self) -> list[str]:
        """The value of each field, in the order of `items()`."""
        return [value for _, value in self.items()]

    def items(self) -> list[tuple[str, str]]:
        """Every field as a pair of name and value; a name with several values comes several times."""
        return [pair for pairs in self._fields.values() for pair in pairs]

    def items_without(self, names: Container[str]) -> list[tuple[str, str]]:
        """Every field as in `items()`, but for those that have one of these names, in lower case."""
        return [pair for name, pairs in self._fields.items() if name not in names for pair in pairs]

    def seal(self) -> None:
        """From now on every change raises ResponseSentError: the fields are on their way."""
        self._fields = _SentFields(self._fields)

    def copy(self) -> Headers:
        """Other headers with the same fields."""
        return Headers(self)

    def __getitem__(self, name: str) -> str:
        """The value of `name`, several joined by ", ". Raises KeyError when there is none."""
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        del self._fields[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        """The number of names."""
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same fields; the case of names and their order do not matter."""
        if not isinstance(other, Headers):
            return NotImplemented
        return {name: self.get_all(name) for name in self._fields} == {
            name: other.get_all(name) for name in other._fields
        }

    __hash__ = None  # type: ignore[assignment]  # it can change, so it must not be a key

    def __repr__(self) -> str:
        return f"Headers({self.items()!r})"


class _SentFields(dict[str, list[tuple[str, str]]]):
    """Fields that were sent, and can only be read."""

    def _refuse(self, *_: Any) -> NoReturn:
        raise ResponseSentError("Changing a header")

    __setitem__ = __delitem__ = setdefault = pop = _refuse


HeadersInit: TypeAlias = Headers | Mapping[str, str] | Iterable[tuple[str, str]]


def is_token(text: str) -> bool:
    """Whether `text` is a token, as names of headers, cookies and methods are (RFC 9110, 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


@lru_cache(512)  # a site sees the same few names again and again
def _key(name: str) -> str:
    """The name in the case by which fields are compared. Raises ValueError for one that HTTP refuses."""
    if not is_token(name):
        raise ValueError(f"{name!r} is not the name of a header")
    return name.lower()


@lru_cache(512)
def _received_name(name: bytes) -> tuple[str, str]:
    """A name in the case by which fields are compared, and as it came."""
    shown = name.decode("latin-1")
    return _key(shown), shown


def _checked_value(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"The value of the header {name!r} must be a str, not {type(value).__name__}")
    if value.isascii() and value.isprintable():  # nearly all are, and it takes less time than the rest
        return value.strip(" ")
    found = _UNSAFE.search(value)
    if found:
        raise ValueError(
            f"The value of the header {name!r} holds {found[0]!r}, which HTTP cannot carry there"
        )
    return value.strip(" \t")
