"""Class lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyastro.runtime.values import is_function

__all__ = ["class_list"]


_CLASS = re.compile(r"[^ \t\n\f\r]+")
"""A class: only ASCII white space separates them (HTML standard, 3.2.6)."""


def class_list(value: Any) -> str:
    """The classes that a value names, with one space between them.

    Text is taken as it is; a mapping gives the names whose value is true; lists, tuples, sets and other iterables give
    what their items give; None, bools and 0 give nothing (Astro's `class:list`), so that `count and "many"` is one
    class or none. Raises TypeError for functions, markup and bytes.
    """
    if value.__class__ is str:
        return " ".join(_CLASS.findall(value))
    return " ".join(_names(value))


def _names(value: Any) -> Iterable[str]:
    if value is None or value is True or value is False:
        return
    if isinstance(value, str):
        yield from _CLASS.findall(value)
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
        yield from _CLASS.findall(str(value))
