"""Running blocking calls beside the event loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ["run_sync"]

P = ParamSpec("P")
T = TypeVar("T")


async def run_sync(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `fn(*args, **kwargs)`, called in a thread so that the event loop goes on meanwhile.

    The thread sees the caller's context variables. What `fn` raises is raised here. Where there are no
    threads (Pyodide), it is called in place. A call that has begun runs to its end even when the
    waiting task is cancelled: threads cannot be stopped.
    """
    if sys.platform == "emscripten":
        return fn(*args, **kwargs)
    import asyncio

    return await asyncio.to_thread(_without_stop_iteration, fn, *args, **kwargs)


def _without_stop_iteration(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    # a future refuses a StopIteration and would then be waited for forever
    try:
        return fn(*args, **kwargs)
    except StopIteration as error:
        raise RuntimeError(f"{fn!r} raised StopIteration") from error
