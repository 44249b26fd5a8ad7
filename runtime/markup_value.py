"""Markup that stands inside an expression, as a value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from markupsafe import Markup

__all__ = ["MarkupValue"]


class MarkupValue:
    """Markup as a value: it may be passed on, kept, and rendered more than once.

    `body` writes the markup; `captured` are the names of loops around it, as they were when the value was made.
    """

    __slots__ = ("_body", "_captured")

    def __init__(self, body: Callable[..., Awaitable[None]], *captured: Any) -> None:
        self._body = body
        self._captured = captured

    async def render(self) -> Markup:
        """The markup as safe HTML."""
        out: list[str] = []
        await self._body(out.append, *self._captured)
        return Markup("".join(out))

    def __str__(self) -> NoReturn:
        raise TypeError(
            "markup has no text until it is rendered: show it with {…}, or `await markup.render()`"
        )

    def __repr__(self) -> str:
        return f"<markup {self._body.__name__}>"
