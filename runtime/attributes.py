"""Attributes of elements."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyastro.runtime.astro import AstroProps
from pyastro.runtime.classes import class_list
from pyastro.runtime.escape import escape
from pyastro.runtime.holes import leave_hole
from pyastro.runtime.patterns import pattern
from pyastro.runtime.trusted import Trusted, is_event_handler
from pyastro.runtime.urls import URL_ATTRIBUTES, safe_url
from pyastro.runtime.values import is_function, refuse_textless

if TYPE_CHECKING:
    from pyastro.runtime.context import Context

__all__ = ["attribute", "attributes"]

BOOLEAN_ATTRIBUTES = frozenset(
    """allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope
    loop multiple muted nomodule novalidate open playsinline readonly required reversed selected""".split()
)
"""HTML's boolean attributes: they are there or not."""

ENUMERATED_ATTRIBUTES = frozenset({"contenteditable", "draggable", "spellcheck"})
"""Attributes that want the word `true` or `false`, as all of `aria-*` and `data-*` do."""

_PLAIN = frozenset({str, bool, int, float, list, dict, type(None)})
"""The types of most values, none of which can be awaited."""

_NAME = r"[^\s\x00-\x1f\x7f-\x9f\"'<>/={}`\ufdd0-\ufdef\ufffe\uffff]+"
_DIRECTIVES = frozenset({"set:html", "set:text", "is:raw", "is:inline", "is:global", "define:vars"})
SPECIAL_ATTRIBUTES = BOOLEAN_ATTRIBUTES | ENUMERATED_ATTRIBUTES | URL_ATTRIBUTES | {"class", "style"}
"""Attributes of which even a text is more than written as it is. The compiler knows them too."""


def attribute(context: Context, name: str, value: Any) -> str:
    """An attribute with a space before it, or nothing where the value drops it.

    `name` is written in the template and trusted. None and False drop an attribute, True writes it bare, except where
    HTML wants a word; an awaitable is awaited; anything else is `str(value)`, escaped. Raises TypeError for functions,
    bytes and iterators.
    """
    kind = value.__class__
    if kind is str or kind is int or kind is float:
        if name not in SPECIAL_ATTRIBUTES and name.islower():
            return f' {name}="{escape(value) if kind is str else value}"'
    elif value is None:
        return ""
    if _is_awaitable(value):
        return leave_hole(context, value, lambda result: attribute(context, name, result))
    return _attribute(name, value)


def _is_awaitable(value: Any) -> bool:
    return value.__class__ not in _PLAIN and isinstance(value, Awaitable)


async def _awaited(value: Any) -> Any:
    while _is_awaitable(value):
        value = await value
    return value


def _attribute(name: str, value: Any) -> str:
    kind = name.lower()
    if value is None:
        return ""
    if value.__class__ not in _PLAIN and not (kind == "class" and isinstance(value, Iterator)):
        _refuse(name, value)
    if kind in BOOLEAN_ATTRIBUTES:
        return f" {name}" if value else ""
    if kind == "class":
        names = class_list(value) if value.__class__ is not str else value
        return f' {name}="{escape(names)}"' if names or value.__class__ is str else ""
    if value is True or value is False:
        return _boolean(name, kind, value)
    if kind == "style":
        from pyastro.runtime.css import style_text

        return f' style="{escape(style_text(value))}"'
    text = str.__str__(str(value))  # __str__ may give a Markup
    if kind in URL_ATTRIBUTES and not isinstance(value, Trusted):
        text = safe_url(kind, text)
    return f' {name}="{escape(text)}"'


def _refuse(name: str, value: Any) -> None:
    """Raise TypeError for a value that no attribute can hold."""
    if is_event_handler(name) and is_function(value):
        raise TypeError(
            f"the attribute {name} cannot hold a value of the type {type(value).__name__}: browsers run JavaScript, "
            "so let a <script> add the listener"
        )
    refuse_textless(value, f"the attribute {name}")


def _boolean(name: str, kind: str, value: bool) -> str:
    if kind in ENUMERATED_ATTRIBUTES or kind.startswith(("aria-", "data-")):
        return f' {name}="{"true" if value else "false"}"'
    return f" {name}" if value else ""


def attributes(
    context: Context, *items: tuple[str, Any] | Mapping[str, Any] | None, variables: str = ""
) -> str:
    """All attributes of an element of which some come from a mapping, or of which a name is given twice.

    A tuple is an attribute that the template writes; a mapping is spread: its names are checked, and event handlers in
    it are refused unless their value is `trusted`. The later of two values wins, at the place of the first; classes are
    joined. `variables`, the custom properties of the component's style sheet, come behind its style.
    """
    pairs = [pair for item in items for pair in ((item,) if isinstance(item, tuple) else _spread(item))]
    if any(_is_awaitable(value) for _, value in pairs):
        return leave_hole(context, _all_awaited(pairs), lambda pairs: _merged(pairs, variables))
    return _merged(pairs, variables)


async def _all_awaited(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, await _awaited(value)) for name, value in pairs]


def _merged(pairs: list[tuple[str, Any]], variables: str) -> str:
    merged: dict[str, tuple[str, Any]] = {}
    for name, value in pairs:
        _merge(merged, name, value)
    if variables:
        from pyastro.runtime.css import join_styles

        merged["style"] = "style", join_styles(merged.get("style", ("", None))[1], variables)
    return "".join([_attribute(name, value) for name, value in merged.values()])


def _spread(mapping: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of a mapping, each checked; None has none."""
    if mapping is None:
        return
    if not isinstance(mapping, Mapping):
        raise TypeError(f"{{**…}} takes a mapping, not {type(mapping).__name__}")
    is_written = mapping.is_written if isinstance(mapping, AstroProps) else _is_never
    for name, value in mapping.items():
        if not isinstance(name, str) or not pattern(_NAME).fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of an attribute")
        if name in _DIRECTIVES:
            raise ValueError(
                f"{name} speaks to the compiler: it has no meaning where it comes from a mapping"
            )
        if is_event_handler(name) and not (_is_harmless(value) or is_written(name, value)):
            raise ValueError(
                f"the attribute {name} runs script and comes from data: wrap its value in trusted(…) if that is meant"
            )
        yield "class" if name == "class:list" else name, value


def _is_never(name: str, value: object) -> bool:
    return False


def _is_harmless(value: object) -> bool:
    return value is None or value is False or isinstance(value, Trusted)


def _merge(merged: dict[str, tuple[str, Any]], name: str, value: Any) -> None:
    key = name.lower()
    if key == "class" and key in merged and value is not None:
        value = [merged[key][1], value]
    elif key == "class" and key in merged:
        return
    merged[key] = (merged[key][0] if key in merged else name), value
