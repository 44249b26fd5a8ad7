"""Advice beside an exception that comes from a habit of JavaScript's or Jinja's, or from a missing `await`."""

from __future__ import annotations

import linecache
from inspect import isawaitable

from pyastro.runtime.patterns import pattern
from pyastro.runtime.tracebacks import source_of

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
_CAPITAL = r"(?<=[a-z0-9])(?=[A-Z])"
_SET_DISPLAY = r"\{\{\s*([^{}:,]+?)\s*\}\}"


def add_hint(error: BaseException) -> None:
    """Adds a note with what was meant to an exception, where that is known. It never raises.

    A TypeError is known by the author's line, so that its traceback has to be rewritten before.
    """
    hint = None
    if isinstance(error, AttributeError) and error.name:
        hint = _hint(error.obj, error.name)
    elif isinstance(error, TypeError) and "unhashable type" in str(error):
        hint = _set_hint(error)
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
    meant = (*_OTHER_NAMES.get(name, ()), pattern(_CAPITAL).sub("_", name).lower())
    found = next((other for other in meant if other != name and hasattr(type(value), other)), None)
    return None if found is None else f"hint: it is called {found} here"


def _set_hint(error: TypeError) -> str | None:
    """A list between double braces in a component, where Python makes a set of it."""
    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    if entry is None or not (source_of(entry.tb_frame) or "").endswith(".astro"):
        return None
    found = pattern(_SET_DISPLAY).search(
        linecache.getline(entry.tb_frame.f_code.co_filename, entry.tb_lineno)
    )
    return found and f"hint: {found[0]} is a set with one element: write {{{found[1]}}}"
