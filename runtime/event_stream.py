"""Server-sent events: an async iterable as the stream that a browser's `EventSource` reads (HTML standard, 9.2)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Any

from pyastro.runtime.media_type import json_text

__all__ = ["Event", "EventStream"]

_LINES = re.compile(r"\r\n|\r|\n")
_HEARTBEAT = ":\n\n"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `data` is text, or a value that is sent as JSON.

    `event` is the name under which the page listens (`message` where there is none), `id` what the browser sends as
    `Last-Event-ID` when it connects again, `retry` after how many milliseconds it does.
    """

    data: Any = ""
    event: str | None = None
    id: str | None = None
    retry: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a name or an id that would end its line."""
        for name in ("event", "id"):
            text = getattr(self, name)
            if text is not None and re.search(r"[\r\n\0]", text):
                raise ValueError(f"The {name} of an event is one line without NUL, not {text!r}")

    def encode(self) -> str:
        """The event as it is sent."""
        data = self.data if isinstance(self.data, str) else json_text(self.data)
        fields = [("event", self.event), ("id", self.id), ("retry", self.retry)]
        lines = [f"{name}: {value}" for name, value in fields if value is not None]
        lines += [f"data: {line}" for line in _LINES.split(data)]
        return "\n".join(lines) + "\n\n"


class EventStream:
    """The body of a response that sends events: each item of an async iterable, and a comment where none comes in time.

    The comment keeps proxies from closing a silent connection, and finds out that nobody listens any more. Closing the
    stream, which a host does when the client goes away, cancels what the iterable waits for and runs its `finally`.
    """

    def __init__(self, events: AsyncIterable[Any], heartbeat: float | None) -> None:
        if not isinstance(events, AsyncIterable):
            raise TypeError(
                "An event stream takes an async iterable, such as what an async generator function returns, "
                f"not {type(events).__name__}"
            )
        self._events = aiter(events)
        self._heartbeat = heartbeat
        self._source: _Source | None = None

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        """The next event as it is sent, or a comment."""
        from asyncio import timeout

        if self._source is None:
            self._source = _Source(self._events)
        try:
            async with timeout(self._heartbeat):
                return await self._source.next()
        except TimeoutError:
            return _HEARTBEAT

    async def aclose(self) -> None:
        """Cancels what is waited for, and closes the iterable."""
        if self._source is None:
            await _close(self._events)
        else:
            await self._source.aclose()


class _Source:
    """The iterable in a task of its own, so that a heartbeat does not disturb what it waits for."""

    def __init__(self, events: AsyncIterator[Any]) -> None:
        from asyncio import Queue, create_task

        self._events = events
        self._queue: Queue[str | BaseException] = Queue(1)
        self._task = create_task(self._run())

    async def next(self) -> str:
        """The next event as it is sent. Raises what the iterable raises, StopAsyncIteration at its end."""
        item = await self._queue.get()
        if isinstance(item, BaseException):
            raise item
        return item

    async def aclose(self) -> None:
        """Ends the task, and waits until the iterable is closed."""
        from asyncio import wait

        self._task.cancel()
        await wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def _run(self) -> None:
        """Hands on each item, then how it ended. SystemExit does not leave the task: it would end the event loop."""
        from asyncio import CancelledError

        end: BaseException = StopAsyncIteration()
        try:
            async for item in self._events:
                await self._queue.put((item if isinstance(item, Event) else Event(item)).encode())
        except CancelledError:
            raise
        except BaseException as error:
            end = error
        finally:
            await _close(self._events)
        await self._queue.put(end)


async def _close(events: AsyncIterator[Any]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()
