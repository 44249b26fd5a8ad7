"""Tags of which only running code knows something: what they name, or what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyastro.runtime.astro import AstroProps
from pyastro.runtime.attributes import attributes
from pyastro.runtime.component import Component
from pyastro.runtime.context import Context
from pyastro.runtime.holes import filled
from pyastro.runtime.markup_value import is_waiting_markup
from pyastro.runtime.slots import Slot, Slots, Write
from pyastro.runtime.trusted import FromData, is_event_handler

__all__ = ["render_component", "render_element", "spread_props", "undeclared"]

_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW_TEXT = frozenset("script style iframe noembed noframes plaintext xmp".split())


async def render_component(
    write: Write,
    context: Context,
    name: str,
    target: Any,
    props: Mapping[str, Any],
    slots: Slots,
    scope: str | None = None,
    variables: str = "",
    around: bool = False,
) -> None:
    """Write what the tag `name` renders, where `target` is what that name means now.

    A `str` is an HTML element; a compiled module, or any object with a compatible `render`, a component. Anything
    else raises TypeError. `around`: must all of it be done at the end, because slots show names that will have other
    values?
    """
    if isinstance(target, str):
        with _element(write, context, target, props, scope, variables) as has_content:
            for slot in _contents(slots) if has_content else ():
                await slot(write)
        return
    render = target if isinstance(target, Component) else getattr(target, "render", None)
    if not callable(render):
        raise TypeError(f"<{name}> is {_described(target)}, neither a component nor the name of an element")
    if not isinstance(render, Component):
        write(await filled(str(await render(context, slots, **AstroProps(props))), context))
    elif render.waits and not around and not any(map(is_waiting_markup, props.values())):
        await render.into(write, context, *render.arranged(slots), **_bound(render, props, scope))
    else:
        await render.around(write, context, *render.arranged(slots), **_bound(render, props, scope))


def render_element(
    write: Write,
    context: Context,
    name: str,
    target: Any,
    props: Mapping[str, Any],
    slots: Slots,
    scope: str | None = None,
    variables: str = "",
) -> None:
    """`render_component` for a name that can only be that of an element, around content that does not wait."""
    if not isinstance(target, str):
        raise TypeError(f"<{name}> is {_described(target)}, not the name of an element, as its type says")
    with _element(write, context, target, props, scope, variables) as has_content:
        for slot in _contents(slots) if has_content else ():
            slot(write)


def _contents(slots: Slots) -> Iterator[Slot]:
    """The content of an element: it has no slots, so what is given for one comes behind the rest, as in Astro."""
    if (default := slots.get("default")) is not None:
        yield default
    yield from (slot for name, slot in slots.items() if name != "default")


def _bound(render: Component[..., Any, Any], props: Mapping[str, Any], scope: str | None) -> dict[str, Any]:
    bound = render.bind(props)
    if scope and render.takes_any and not render.is_open:
        bound[scope] = True
    return bound


def _described(target: object) -> str:
    return "None" if target is None else f"of the type {type(target).__name__}"


@contextmanager
def _element(
    write: Write, context: Context, tag: str, props: Mapping[str, Any], scope: str | None, variables: str
) -> Iterator[bool]:
    """Writes the tags of an HTML element whose name is a value, around its content; False for one that has none."""
    if not _TAG_NAME.fullmatch(tag) or tag.lower() in _RAW_TEXT:
        raise ValueError(f"{tag!r} cannot be the name of an element here")
    own = attributes(context, AstroProps(props), variables=variables)
    write(f"<{tag}{own}{f' {scope}' if scope else ''}>")
    is_void = tag.lower() in _VOID
    yield not is_void
    if not is_void:
        write(f"</{tag}>")


def undeclared(props: dict[str, Any]) -> dict[str, Any]:
    """Props that a component does not declare but takes: what they are is nobody's affair but `Astro.attrs`'."""
    return props


def spread_props(value: Any) -> Mapping[str, Any]:
    """What `{**value}` on a component spreads; None spreads nothing. Raises TypeError for what is no mapping.

    An event handler in it is data, unless the value comes from `Astro.attrs` or `Astro.props` and was written there.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{{**…}} takes a mapping, not {type(value).__name__}")
    handlers = [name for name in value if is_event_handler(name)]
    if isinstance(value, AstroProps):
        handlers = [name for name in handlers if not value.is_written(name, value[name])]
    return {**value, **{name: FromData(value[name]) for name in handlers}} if handlers else value
