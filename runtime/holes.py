"""Places in the output whose content is awaited only when the rest is there.

A component that never waits is a plain function. Where it meets an awaitable after all, it leaves a mark in its output
and goes on; whoever collects the output, a coroutine, puts the content there: in order, each before the next.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyastro.runtime.context import Context
    from pyastro.runtime.slots import Write

__all__ = ["Holes", "fill", "filled", "leave_content", "leave_hole"]


Content = Callable[["Write"], Awaitable[None]]
"""What writes the content of a hole, when its turn comes."""


class _Hole:
    __slots__ = ("close", "content", "frames")

    def __init__(
        self,
        content: Content,
        close: Callable[[], object] | None,
        frames: list[tuple[FrameType, int, int]],
    ) -> None:
        self.content = content
        self.close = close
        self.frames = frames
        """Who left it: the frames of the components, the innermost first, with the instruction and the line of each."""


class Holes:
    """The holes of one page's output."""

    def __init__(self) -> None:
        from secrets import token_hex

        # No value that a page shows can hold this mark: nobody knows it before the page is rendered.
        self._mark = f"\0{token_hex(8)}:"
        self._open: dict[str, _Hole] = {}
        self._count = 0

    def __bool__(self) -> bool:
        """Is any of them still open?"""
        return bool(self._open)

    def leave(self, awaitable: Awaitable[Any], then: Callable[[Any], str]) -> str:
        """The mark of a new hole: its content will be what `then` makes of what `awaitable` gives."""
        return self.leave_content(_awaited(awaitable, then), getattr(awaitable, "close", None))

    def leave_content(self, content: Content, close: Callable[[], object] | None = None) -> str:
        """The mark of a new hole; `close` is called instead of `content` if the page fails."""
        number = str(self._count)
        self._count += 1
        self._open[number] = _Hole(content, close, list(_frames()))
        return f"{self._mark}{number}\0"

    def first(self, text: str) -> int:
        """Where the first mark begins in a text; -1 where it has none."""
        return text.find(self._mark)

    async def fill(self, html: str, write: Write) -> None:
        """Writes some output with every hole in it filled; what is put there may have holes again."""
        text, *marked = html.split(self._mark)
        if text:
            write(text)
        for each in marked:
            number, end, text = each.partition("\0")
            if not end:  # somebody cut the mark in two
                text = self._mark + each
            elif (hole := self._open.pop(number, None)) is not None:
                await self._fill_one(hole, write)
            if text:
                write(text)

    async def _fill_one(self, hole: _Hole, write: Write) -> None:
        """Fills a hole, with all that its content leaves open again: only then the next one has its turn."""
        rest: list[str] = []

        def write_known(text: str) -> None:
            if rest or self._mark in text:
                rest.append(text)
            else:
                write(text)

        await _write_content(hole, write_known)
        if rest:
            await self.fill("".join(rest), write)

    def close(self) -> None:
        """Gives up all that is open: what it belongs to has failed, or did not show it."""
        while self._open:
            _, hole = self._open.popitem()
            if hole.close is not None:
                hole.close()


def leave_hole(context: Context, awaitable: Awaitable[Any], then: Callable[[Any], str]) -> str:
    """A mark for the output: in its place comes what `then` makes of what `awaitable` gives."""
    if context.holes is None:
        context.holes = Holes()
    content = _at_this_depth(context, _awaited(awaitable, then))
    return context.holes.leave_content(content, getattr(awaitable, "close", None))


async def fill(html: str, context: Context, write: Write) -> None:
    """Writes some output once everything that it waits for is there."""
    if context.holes:
        await context.holes.fill(html, write)
    else:
        write(html)


def leave_content(context: Context, content: Content) -> str:
    """A mark for the output: in its place comes what `content` writes."""
    if context.holes is None:
        context.holes = Holes()
    return context.holes.leave_content(_at_this_depth(context, content))


def _awaited(awaitable: Awaitable[Any], then: Callable[[Any], str]) -> Content:
    async def content(write: Write) -> None:
        write(then(await awaitable))

    return content


def _at_this_depth(context: Context, content: Content) -> Content:
    """The same content; where we are inside of a `<template>`, it will know that it is."""
    depth = context.inert_depth
    if not depth:
        return content

    async def inside(write: Write) -> None:
        outer, context.inert_depth = context.inert_depth, depth
        await content(write)
        context.inert_depth = outer

    return inside


async def filled(html: str, context: Context) -> str:
    """Some output with everything that it waits for."""
    if not context.holes or context.holes.first(html) < 0:
        return html
    out: list[str] = []
    await context.holes.fill(html, out.append)
    return "".join(out)


async def _write_content(hole: _Hole, write: Write) -> None:
    """Fills a hole. A failure shows the components that left it, as if they had awaited its content themselves."""
    try:
        await hole.content(write)
    except Exception as error:
        traceback = error.__traceback__.tb_next if error.__traceback__ else None
        for frame, instruction, line in hole.frames:
            traceback = TracebackType(traceback, frame, instruction, line)
        error.__traceback__ = traceback
        raise


def _frames() -> Iterator[tuple[FrameType, int, int]]:
    """The frames around us that are not the runtime's own, up to where the page or component was called."""
    import sys

    frame: FrameType | None = sys._getframe(3)
    while frame is not None and not _is_call(frame.f_code, frame.f_globals):
        if not str(frame.f_globals.get("__name__", "")).startswith("pyastro.runtime."):
            yield frame, frame.f_lasti, frame.f_lineno
        frame = frame.f_back


def _is_call(code: CodeType, namespace: dict[str, Any]) -> bool:
    """Is this the frame that began the whole render?"""
    return code.co_name in ("__call__", "_write") and namespace.get("__name__") in _CALLERS


_CALLERS = ("pyastro.runtime.component", "pyastro.runtime.page")
