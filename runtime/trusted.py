"""Marking a value as trusted where it would be refused."""

from __future__ import annotations

__all__ = ["FromData", "Trusted", "is_event_handler", "trusted"]


class Trusted(str):
    """Text that may stand where script may run: in a URL attribute, or in an event handler of a spread."""

    __slots__ = ()


def trusted(value: object) -> Trusted:
    """A value that the code vouches for: a `javascript:` URL, or an event handler. It is still escaped."""
    return Trusted(value)


def is_event_handler(name: object) -> bool:
    """Would a browser run the value of an attribute of this name as script? The document in `srcdoc` runs its own."""
    return isinstance(name, str) and (name[:2].lower() == "on" or name.lower() == "srcdoc")


class FromData:
    """An event handler that a spread brought to a component: data, which no component may write as an attribute.

    It exists only on the way from the caller to the component, which keeps the names of such props.
    """

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value
