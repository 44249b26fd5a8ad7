"""Whoever waits for an answer."""

import asyncio
from typing import Any


class Visitor:
    """The other end of a request. One that goes away ends the task that answers it."""

    def __init__(self, request: Any) -> None:
        """Listen for the end of the request that the current task answers."""
        from pyodide.ffi import create_proxy

        self._task = asyncio.current_task()
        self._signal = getattr(request, "signal", None)  # not every host has one
        self._is_gone = False
        self._listener = create_proxy(self._leave)
        if self._signal is not None:
            self._signal.addEventListener("abort", self._listener)

    def has_left(self) -> bool:
        """Whether the task was cancelled for that alone. Asked once, where it was; the task may go on then."""
        if not self._is_gone or self._task is None or self._task.cancelling() != 1:
            return False
        self._task.uncancel()
        return True

    def forget(self) -> None:
        """Listen no longer."""
        if self._signal is not None:
            self._signal.removeEventListener("abort", self._listener)
        self._listener.destroy()

    def _leave(self, event: Any) -> None:
        self._is_gone = True
        if self._task is not None:
            self._task.cancel()
