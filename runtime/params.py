"""The parameters of a route, and the values that one request's code shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

__all__ = ["Locals", "Params"]

# Only a rest parameter can be None, and a type cannot tell it from the others. `str | None` would have each page ask for a
# None that never comes; beside Any, a checker takes the value for a str, and lets those ask who have a rest parameter.
_Param: TypeAlias = str | Any


class Params(Mapping[str, _Param]):
    """A route's parameters: `params.id` and `params["id"]` are the same.

    A rest parameter that matched nothing is None. The methods of a mapping win over parameters of
    the same name: `params["items"]` reads one that is called so.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str | None] | None = None) -> None:
        """Make parameters from a mapping of names to decoded values."""
        self._values: dict[str, str | None] = dict(values or {})

    def __getitem__(self, name: str) -> _Param:
        return self._values[name]

    def __getattr__(self, name: str) -> _Param:
        """The parameter `name`. Raises AttributeError, naming those that exist."""
        if name == "_values":  # copy and pickle look around before there is any: asking again would not end
            raise AttributeError(name)
        if name in self._values:
            return self._values[name]
        raise AttributeError(_missing("parameter", name, self._values))

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Params({self._values!r})"


class Locals:
    """What middleware, pages and endpoints tell each other during one request.

    `locals.user = user` and `locals["user"] = user` are the same. Any name may be given, those of
    a dict's methods included.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        """Make locals that hold these values."""
        self.__dict__.update(values or {})

    def __getattr__(self, name: str) -> Any:
        """Only reached for a name that has no value: raises AttributeError, naming those that have."""
        raise AttributeError(_missing("local", name, self.__dict__))

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __setattr__(self, name: str, value: Any) -> None:
        """Give `name` a value."""
        self.__dict__[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __delitem__(self, name: str) -> None:
        del self.__dict__[name]

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of `name`, or `default`."""
        return self.__dict__.get(name, default)

    def __repr__(self) -> str:
        return f"Locals({self.__dict__!r})"


def _missing(kind: str, name: str, names: Mapping[str, object]) -> str:
    """Say that `name` does not exist, and what does."""
    found = ", ".join(names) or "none"
    return f"There is no {kind} {name!r} here; there is: {found}"
