"""Escaping text for HTML, without making an object of it."""

from __future__ import annotations

from collections.abc import Callable

import markupsafe

__all__ = ["escape"]


def _find() -> Callable[[str], str]:
    """markupsafe's inner function, which gives a plain `str`: the C one, else the Python one, else what is public."""
    for module in ("markupsafe._speedups", "markupsafe._native"):
        try:
            inner = __import__(module, fromlist=["_escape_inner"])._escape_inner
        except (ImportError, AttributeError):
            continue
        return inner  # type: ignore[no-any-return]  # a private name has no type
    return lambda s: str.__str__(markupsafe.escape(s))


escape: Callable[[str], str] = _find()
"""The text with `&`, `<`, `>`, `"` and `'` as character references. It takes an exact `str`."""
