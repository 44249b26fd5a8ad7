"""Class lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyastro.runtime.values import is_function

__all__ = ["class_list", "joined_props"]


def class_list(value: Any) -> str:
    """The classes that a value names, with a space between its parts.

    Text is taken as it is; a mapping gives the names whose value is true; lists, tuples, sets and other iterables give
    what their items give; None, bools, 0 and empty text give nothing (Astro's `class:list`), so that `count and "many"`
    is one class or none. Raises TypeError for functions, markup and bytes.
    """
    return value if value.__class__ is str else " ".join(_names(value))


def _names(value: Any) -> Iterable[str]:
    if value is None or value is True or value is False:
        return
    if isinstance(value, str):
        if value:
            yield str.__str__(value)
    elif isinstance(value, bytes | bytearray | memoryview) or is_function(value):
        raise TypeError(f"a value of the type {type(value).__name__} cannot be a class")
    elif isinstance(value, Mapping):
        for name, is_on in value.items():
            if is_on:
                yield from _names(name)
    elif isinstance(value, set | frozenset):
        yield from sorted(name for item in value for name in _names(item))
    elif isinstance(value, Iterable):
        for item in value:
            yield from _names(item)
    elif value != 0:
        yield str.__str__(str(value))  # __str__ may give a Markup


def joined_props(target: object, *parts: Mapping[str, Any]) -> dict[str, Any]:
    """The props of several mappings: of one name the later wins, but classes are joined where the tag is an element."""
    joined: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            if name == "class" and joined.get("class") is not None and isinstance(target, str):
                value = joined["class"] if value is None else class_list([joined["class"], value])
            joined[name] = value
    return joined
