"""What a caller gives a component to render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from pyastro.runtime.holes import filled, leave_content
from pyastro.runtime.markup_value import CO_COROUTINE
from pyastro.runtime.values import call_or_text, text

if TYPE_CHECKING:
    from pyastro.runtime.context import Context

__all__ = [
    "NO_SLOTS",
    "AstroSlots",
    "Slot",
    "Slots",
    "Write",
    "plain_slot",
    "plain_slots",
    "public_slots",
    "slot_name",
    "waits",
]

Write: TypeAlias = Callable[[str], object]
"""Where a component writes its output: `append` of a list."""

Slot: TypeAlias = Callable[..., Any]
"""The content of a slot: called with where to write, and with arguments where it takes some.

A component that waits gets coroutine functions, one that does not plain ones.
"""

Slots: TypeAlias = Mapping[str, Slot]
"""The contents that a caller gives, by the names of the slots."""

NO_SLOTS: Slots = {}
"""What a component is given that nobody gives content."""

_TAKES_ARGUMENTS = 0x04
"""CO_VARARGS, the flag of a function that has `*args`: compiled content that may be a function has it."""


class AstroSlots:
    """`Astro.slots`: which slots the caller filled, and their content as HTML."""

    __slots__ = ("_context", "_slots")

    def __init__(self, slots: Slots, context: Context) -> None:
        self._slots = slots
        self._context = context

    def has(self, name: str) -> bool:
        """Did the caller give content for this slot?"""
        return name in self._slots

    def render(self, name: str, *args: Any) -> Coroutine[Any, Any, Markup]:
        """The slot's content as safe HTML, empty where none was given.

        Content that is a lone function is called with the arguments (Astro's `Astro.slots.render`).
        """
        out: list[str] = []
        slot = self._slots.get(name)
        if slot is None:
            return self._rendered(out)
        takes_them = args and _takes_arguments(slot)
        if waits(slot):
            return self._rendered(out, lambda: slot(out.append, *args) if takes_them else slot(out.append))
        # At once: it may be awaited only when loops around the content have gone on.
        slot(out.append, *args) if takes_them else slot(out.append)
        return self._rendered(out)

    async def _rendered(self, out: list[str], waiting: Callable[[], Awaitable[None]] | None = None) -> Markup:
        if waiting is not None:
            await waiting()
        return Markup(await filled("".join(out), self._context))

    def __contains__(self, name: object) -> bool:
        return name in self._slots

    def __iter__(self) -> Any:
        return iter(self._slots)

    def __repr__(self) -> str:
        return f"<slots: {', '.join(self._slots) or 'none'}>"


def _takes_arguments(slot: Slot) -> bool:
    return isinstance(slot, FunctionType) and bool(slot.__code__.co_flags & _TAKES_ARGUMENTS)


def public_slots(slots: Mapping[str, Any] | None, context: Context, waits: bool) -> Slots:
    """The slots of a component that plain Python renders: any value that a template could show may be given.

    `waits`: does the component await them?
    """
    if slots is not None and not isinstance(slots, Mapping):
        raise TypeError(
            f"the second argument of render maps slots to their content; it is {type(slots).__name__}"
        )
    content = _awaited if waits else _content
    return {name: content(value, context) for name, value in slots.items()} if slots else {}


def _content(value: Any, context: Context) -> Slot:
    def slot(write: Write, *args: Any) -> None:
        write(call_or_text(context, value, *args) if args else text(value, context))

    return slot


def _awaited(value: Any, context: Context) -> Slot:
    async def slot(write: Write, *args: Any) -> None:
        html = call_or_text(context, value, *args) if args else text(value, context)
        write(await filled(html, context))

    return slot


def waits(function: Callable[..., Any]) -> bool:
    """Is this compiled function a coroutine function?"""
    return isinstance(function, FunctionType) and bool(function.__code__.co_flags & CO_COROUTINE)


def plain_slots(slots: Slots, context: Context) -> Slots:
    """Slots for a component that does not wait: content that waits leaves a hole where it is rendered."""
    return {name: plain_slot(slot, context) for name, slot in slots.items()}


def plain_slot(slot: Slot, context: Context) -> Slot:
    """The content of one slot for a component that does not wait."""
    return _later(slot, context) if waits(slot) else slot


def _later(slot: Slot, context: Context) -> Slot:
    def with_arguments(write: Write, *args: Any) -> None:
        write(leave_content(context, lambda later: slot(later, *args)))

    def without(write: Write) -> None:
        write(leave_content(context, slot))

    return with_arguments if _takes_arguments(slot) else without


def slot_name(value: object) -> str:
    """The name that `slot={…}` gives; None means the default slot. Raises TypeError for what is no text."""
    if value is None:
        return "default"
    if not isinstance(value, str):
        raise TypeError(f"slot={{…}} takes the name of a slot, not {type(value).__name__}")
    return value or "default"
