"""Attributes of elements."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import Any

from pyastro.runtime.classes import class_list
from pyastro.runtime.css import style_text
from pyastro.runtime.escape import escape
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.trusted import Trusted
from pyastro.runtime.urls import URL_ATTRIBUTES, safe_url
from pyastro.runtime.values import is_function

__all__ = ["attribute", "attributes", "is_event_handler"]

BOOLEAN_ATTRIBUTES = frozenset(
    """allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope
    loop multiple muted nomodule novalidate open playsinline readonly required reversed selected""".split()
)
"""HTML's boolean attributes: they are there or not."""

ENUMERATED_ATTRIBUTES = frozenset({"contenteditable", "draggable", "spellcheck"})
"""Attributes that want the word `true` or `false`, as all of `aria-*` and `data-*` do."""

_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\"'<>/={}`\ufdd0-\ufdef\ufffe\uffff]+")
_SPECIAL = BOOLEAN_ATTRIBUTES | ENUMERATED_ATTRIBUTES | URL_ATTRIBUTES | {"class", "style", "srcdoc"}


async def attribute(name: str, value: Any) -> str:
    """An attribute with a space before it, or nothing where the value drops it.

    `name` is written in the template and trusted. None and False drop an attribute, True writes it bare, except where
    HTML wants a word; an awaitable is awaited; anything else is `str(value)`, escaped. Raises TypeError for functions
    and bytes.
    """
    if value.__class__ is str and name not in _SPECIAL:
        return f' {name}="{escape(value)}"'
    if value.__class__ is not str and isinstance(value, Awaitable):
        value = await value
    return _attribute(name, value)


def _attribute(name: str, value: Any) -> str:
    kind = name.lower()
    if value is None:
        return ""
    if kind in BOOLEAN_ATTRIBUTES:
        return f" {name}" if value else ""
    if kind == "class":
        names = class_list(value) if value.__class__ is not str else value
        return f' {name}="{escape(names)}"' if names or value.__class__ is str else ""
    if value is True or value is False:
        return _boolean(name, kind, value)
    if kind == "style":
        text = style_text(value)
        return f' style="{escape(text)}"' if text or isinstance(value, str) else ""
    text = _attribute_text(name, value)
    if kind in URL_ATTRIBUTES and not isinstance(value, Trusted):
        text = safe_url(kind, text)
    return f' {name}="{escape(text)}"'


def _boolean(name: str, kind: str, value: bool) -> str:
    if kind in ENUMERATED_ATTRIBUTES or kind.startswith(("aria-", "data-")):
        return f' {name}="{"true" if value else "false"}"'
    return f" {name}" if value else ""


def _attribute_text(name: str, value: Any) -> str:
    """The text of a value. Markup in it is text: what it holds is decoded by no browser twice."""
    if isinstance(value, str):
        return str.__str__(value)
    if is_function(value) or isinstance(value, bytes | MarkupValue):
        kind = "markup" if isinstance(value, MarkupValue) else type(value).__name__
        raise TypeError(f"the attribute {name} cannot hold a value of the type {kind}")
    return str(value)


async def attributes(*items: tuple[str, Any] | Mapping[str, Any] | None) -> str:
    """All attributes of an element of which some come from a mapping, or of which a name is given twice.

    A tuple is an attribute that the template writes; a mapping is spread: its names are checked, and event handlers in
    it are refused unless their value is `trusted`. The later of two values wins, at the place of the first; classes are
    joined.
    """
    merged: dict[str, tuple[str, Any]] = {}
    for item in items:
        if isinstance(item, tuple):
            _merge(merged, *item)
        elif item is not None:
            _spread(merged, item)
    return "".join([await attribute(name, value) for name, value in merged.values()])


def _spread(merged: dict[str, tuple[str, Any]], mapping: Any) -> None:
    if not isinstance(mapping, Mapping):
        raise TypeError(f"{{**…}} takes a mapping, not {type(mapping).__name__}")
    from_data = getattr(
        mapping, "from_data", mapping
    )  # of `Astro.attrs`, only what a template did not write is data
    for name, value in mapping.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of an attribute")
        if is_event_handler(name) and name in from_data and not _is_harmless(value):
            raise ValueError(
                f"the event handler {name} comes from data: wrap its value in trusted(…) if that is meant"
            )
        _merge(merged, name, value)


def is_event_handler(name: object) -> bool:
    """Would a browser run the value of an attribute of this name as script?"""
    return isinstance(name, str) and name[:2].lower() == "on"


def _is_harmless(value: object) -> bool:
    return value is None or value is False or isinstance(value, Trusted)


def _merge(merged: dict[str, tuple[str, Any]], name: str, value: Any) -> None:
    key = name.lower()
    if key == "class" and key in merged and value is not None:
        value = [merged[key][1], value]
    elif key == "class" and key in merged:
        return
    merged[key] = (merged[key][0] if key in merged else name), value
