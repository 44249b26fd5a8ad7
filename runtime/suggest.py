"""What a misspelt name was perhaps meant to be."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["closest"]


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that is most like another, if one is like it at all."""
    from difflib import get_close_matches  # only now: most programs never need it

    return next(iter(get_close_matches(name, list(names), 1)), None)
