"""Advice beside an exception that comes from a name of JavaScript's, or from a missing `await`."""

from __future__ import annotations

import re
from inspect import isawaitable

__all__ = ["add_hint"]

_OTHER_NAMES = {
    "arrayBuffer": ("bytes", "body"),
    "hash": ("fragment",),
    "hostname": ("host",),
    "pathname": ("path",),
    "protocol": ("scheme",),
    "search": ("query_string",),
    "searchParams": ("query",),
}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def add_hint(error: BaseException) -> None:
    """Adds a note with the name that was meant to an AttributeError, where there is one. It never raises."""
    if not isinstance(error, AttributeError) or not error.name:
        return
    hint = _hint(error.obj, error.name)
    if hint is not None and hint not in getattr(error, "__notes__", ()):
        error.add_note(hint)


def _hint(value: object, name: str) -> str | None:
    if issubclass(type(value), type):
        return None
    try:
        if isawaitable(value):
            return f"hint: this is awaited first: (await …).{name}"
    except Exception:  # a lazy object, which does not even tell its class
        return None
    meant = (*_OTHER_NAMES.get(name, ()), _CAPITAL.sub("_", name).lower())
    found = next((other for other in meant if other != name and hasattr(type(value), other)), None)
    return None if found is None else f"hint: it is called {found} here"
