"""A render that goes on step by step: what it wrote is given out each time that it waits for something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from typing import Any

__all__ = ["Rendering"]

Render = Callable[[], Coroutine[Any, Any, None]]
Take = Callable[[bool], str]
"""What the render wrote since the last call, as it is to be sent; nothing where it is to be held back. The argument: is
the render over, so that nothing may be held back?"""


class Rendering:
    """The output of a render in pieces.

    The render has a task of its own, so that a timeout or a task group of the page ends nothing but the page. It halts
    where it waits for something after it wrote, and goes on when the next piece is asked for: so a slow client slows
    the page, and the head of the response is finished before the page can do more. A rendering that is dropped, or
    closed with `aclose`, cancels the render.
    """

    def __init__(self, render: Render, take: Take) -> None:
        self._render = render
        self._take = take
        self._first = ""

    async def begin(self) -> str | None:
        """The whole output of a render that never waits after it wrote; None where pieces follow.

        Whatever the render raises until then is raised here.
        """
        from asyncio import create_task

        self._steps = _Steps(self._render, self._take)
        self._task = create_task(self._steps.run())
        try:
            self._first = await self._next()
        except BaseException:
            await self.aclose()
            raise
        return self._first if self._task.done() else None

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        piece, self._first = self._first or await self._next(), ""
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Cancels the render and waits for its end. Raises what its cleaning up raises."""
        from asyncio import CancelledError, wait

        if not self._task.done():
            self._task.cancel()
            await wait([self._task])
        error = self._steps.taken_error()
        if error is not None and not isinstance(error, CancelledError):
            raise error

    async def _next(self) -> str:
        piece = await self._steps.next_piece()
        error = self._steps.taken_error()
        if error is not None:
            raise error
        return piece

    def __del__(self) -> None:
        task = getattr(self, "_task", None)
        if task is not None and not task.done() and not task.get_loop().is_closed():
            task.cancel()


class _Steps:
    """The side of the render's task, which nothing but the task keeps alive when the rendering is dropped."""

    def __init__(self, render: Render, take: Take) -> None:
        from asyncio import Event

        self._piece = ""
        self._is_over = False
        self._make_render = render
        self._take = take
        self._wanted = Event()
        self._ready = Event()
        self._error: BaseException | None = None

    async def run(self) -> None:
        """The render from its start to its end. An error is kept: SystemExit would end the event loop."""
        self._render = self._make_render()
        try:
            await self
            self._piece += self._take(True)
        except BaseException as error:
            self._error = error
        finally:
            self._is_over = True
            self._ready.set()

    async def next_piece(self) -> str:
        """What the render wrote; it goes on if that is nothing yet, until there is a piece, or to its end."""
        if not self._piece and not self._is_over:
            self._ready.clear()
            self._wanted.set()
            await self._ready.wait()
        piece, self._piece = self._piece, ""
        return piece

    def taken_error(self) -> BaseException | None:
        """What the render raised, given once."""
        error, self._error = self._error, None
        return error

    def __await__(self) -> Generator[Any, Any, None]:
        """Runs the render: what it waits for is handed on to the event loop when no piece is left to be taken."""
        step: Callable[[Any], Any] = self._render.send
        value: Any = None
        while True:
            try:
                awaited = step(value)
            except StopIteration:
                return
            try:
                yield from self._halt(awaited)
                value = yield awaited
                step = self._render.send
            except BaseException as error:
                step, value = self._render.throw, error

    def _halt(self, awaited: Any) -> Generator[Any, Any, None]:
        """Waits until the piece that there may be is taken, and the next is asked for."""
        from asyncio import CancelledError

        self._piece += self._take(False)
        if not self._piece:
            return
        self._wanted.clear()
        self._ready.set()
        try:
            yield from self._wanted.wait().__await__()
        except CancelledError:
            # To the render it must look as if it had been waiting for what it awaits, which is cancelled then as well.
            if awaited is None or not awaited.cancel():
                raise
