"""Blocking calls in threads."""

import asyncio
import sys
import threading
from contextvars import ContextVar

import pytest

from pyastro.runtime.threads import run_sync

NAME: ContextVar[str] = ContextVar("NAME", default="")


def test_it_runs_in_a_thread_with_the_context() -> None:
    def call(a: int, *, b: int) -> tuple[int, str, bool]:
        return a + b, NAME.get(), threading.current_thread() is threading.main_thread()

    async def main() -> None:
        NAME.set("me")
        assert await run_sync(call, 1, b=2) == (3, "me", False)

    asyncio.run(main())


def test_what_it_raises_is_raised() -> None:
    def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        asyncio.run(run_sync(fail))


def test_a_stop_iteration_does_not_hang() -> None:
    async def main() -> None:
        await asyncio.wait_for(run_sync(next, iter(())), 5)

    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(main())


def test_where_there_are_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert asyncio.run(run_sync(threading.current_thread)) is threading.main_thread()
