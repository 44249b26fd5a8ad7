"""Markup that stands inside an expression, as a value."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from markupsafe import Markup

from pyastro.runtime.holes import filled, leave_hole

if TYPE_CHECKING:
    from pyastro.runtime.context import Context

__all__ = ["CO_COROUTINE", "MarkupValue", "is_waiting_markup"]

CO_COROUTINE = 0x80


class MarkupValue:
    """Markup as a value: it may be passed on, kept, and rendered more than once.

    `body` writes the markup, and is a coroutine function where the markup waits for something; `captured` are the names
    of loops around it, as they were when the value was made.
    """

    __slots__ = ("_body", "_captured", "_context")

    def __init__(self, context: Context, body: Callable[..., Any], *captured: Any) -> None:
        self._context = context
        self._body = body
        self._captured = captured

    @property
    def waits(self) -> bool:
        """Does it wait for something?"""
        return isinstance(self._body, FunctionType) and bool(self._body.__code__.co_flags & CO_COROUTINE)

    async def render(self) -> Markup:
        """The markup as safe HTML."""
        return Markup(await filled(self.text(self._context), self._context))

    def text(self, context: Context) -> str:
        """The markup as HTML, perhaps with holes that its page fills."""
        if (
            context is not self._context
        ):  # it was kept from another page, which knows nothing of this one's holes
            return leave_hole(context, self.render(), str)
        out: list[str] = []
        waiting = self._body(out.append, *self._captured)
        if waiting is None:
            return "".join(out)
        return leave_hole(self._context, waiting, lambda _: "".join(out))

    def __str__(self) -> NoReturn:
        raise TypeError(
            "markup has no text until it is rendered: show it with {…}, or `await markup.render()`"
        )

    def __repr__(self) -> str:
        return f"<markup {self._body.__name__}>"


def is_waiting_markup(value: object) -> bool:
    """Is this markup that waits for something?"""
    return value.__class__ is MarkupValue and value.waits
