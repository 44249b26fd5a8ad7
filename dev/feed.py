"""What browsers are told: a numbered sequence of messages, from wherever a page that asks stands in it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

Message = dict[str, Any]

_KEPT = 200
"""A page that was hidden longer than so many changes is loaded anew."""


class Feed:
    """The messages of one run of the server."""

    def __init__(self) -> None:
        self.run = uuid4().hex
        """Tells this run from the one that a page may come from."""
        self.version = 0
        self._history: list[Message] = []
        self._problem: Message | None = None
        self._listeners: set[asyncio.Queue[Message | None]] = set()

    def publish(self, **message: Any) -> None:
        """Tell that the site has changed, and how."""
        self.version += 1
        self._history = [*self._history, {"version": self.version, **message}][-_KEPT:]
        self._send(self._history[-1])

    def set_problem(self, is_there: bool) -> None:
        """Tell that the sources cannot be served, or can again."""
        if is_there or self._problem is not None:
            self._problem = {"problem": True} if is_there else None
            self._send(self._problem or {"problem": False})

    async def listen(self, run: str, version: int) -> AsyncIterator[Message]:
        """What a page has to be told that shows a version of a run: what it missed, then what happens."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        for message in self._missed(run, version):
            queue.put_nowait(message)
        self._listeners.add(queue)
        try:
            while (next_one := await queue.get()) is not None:
                yield next_one
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End the streams of all who listen."""
        for queue in self._listeners:
            queue.put_nowait(None)

    def _missed(self, run: str, version: int) -> list[Message]:
        missed = [message for message in self._history if message["version"] > version]
        if run != self.run or len(missed) != self.version - version:
            missed = [{"version": self.version, "reload": True}]
        return [*missed, self._problem or {"problem": False}]

    def _send(self, message: Message) -> None:
        for queue in self._listeners:
            queue.put_nowait(message)
