"""What a caller gives a component to render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import FunctionType
from typing import Any, TypeAlias

from markupsafe import Markup

from pyastro.runtime.values import call_or_text, text

__all__ = ["AstroSlots", "Slot", "Slots", "Write", "public_slots", "slot_name"]

Write: TypeAlias = Callable[[str], object]
"""Where a component writes its output: `append` of a list."""

Slot: TypeAlias = Callable[..., Awaitable[None]]
"""The content of a slot: called with where to write, and with arguments where it takes some."""

Slots: TypeAlias = Mapping[str, Slot]
"""The contents that a caller gives, by the names of the slots."""

_TAKES_ARGUMENTS = 0x04
"""CO_VARARGS, the flag of a function that has `*args`: compiled content that may be a function has it."""


class AstroSlots:
    """`Astro.slots`: which slots the caller filled, and their content as HTML."""

    __slots__ = ("_slots",)

    def __init__(self, slots: Slots) -> None:
        self._slots = slots

    def has(self, name: str) -> bool:
        """Did the caller give content for this slot?"""
        return name in self._slots

    async def render(self, name: str, *args: Any) -> Markup:
        """The slot's content as safe HTML, empty where none was given.

        Content that is a lone function is called with the arguments (Astro's `Astro.slots.render`).
        """
        slot = self._slots.get(name)
        if slot is None:
            return Markup()
        out: list[str] = []
        if args and _takes_arguments(slot):
            await slot(out.append, *args)
        else:
            await slot(out.append)
        return Markup("".join(out))

    def __contains__(self, name: object) -> bool:
        return name in self._slots

    def __iter__(self) -> Any:
        return iter(self._slots)

    def __repr__(self) -> str:
        return f"<slots: {', '.join(self._slots) or 'none'}>"


def _takes_arguments(slot: Slot) -> bool:
    return isinstance(slot, FunctionType) and bool(slot.__code__.co_flags & _TAKES_ARGUMENTS)


def public_slots(slots: Mapping[str, Any] | None) -> Slots:
    """The slots of a component that plain Python renders: any value that a template could show may be given."""
    if slots is not None and not isinstance(slots, Mapping):
        raise TypeError(
            f"the second argument of render maps slots to their content; it is {type(slots).__name__}"
        )
    return {name: _content(value) for name, value in slots.items()} if slots else {}


def _content(value: Any) -> Slot:
    async def slot(write: Write, *args: Any) -> None:
        write(await (call_or_text(value, *args) if args else text(value)))

    return slot


def slot_name(value: object) -> str:
    """The name that `slot={…}` gives; None means the default slot. Raises TypeError for what is no text."""
    if value is None:
        return "default"
    if not isinstance(value, str):
        raise TypeError(f"slot={{…}} takes the name of a slot, not {type(value).__name__}")
    return value or "default"
