"""The memory of commands that end soon. Nothing is garbage of what they load, and nothing of it need be taken apart.

Python looks for garbage in cycles after every few hundred objects, and takes all modules apart at its end. Together that
is a fifth of the time that a small site is built in. A server would grow by it.
"""

import atexit
import gc
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn, TextIO

_ALLOCATIONS = 50_000
_TOOLS = range(6)
"""The numbers of the tools of `sys.monitoring` (PEP 669)."""


class _Memory:
    """What is known of this process."""

    is_short_lived = False
    usual = gc.get_threshold()
    """How often its garbage is collected otherwise."""
    loaded: frozenset[str] | None = None
    """The modules that were there before the site's own code, if any of that was run."""


_memory = _Memory()


def collect_rarely() -> None:
    """Have this process look for garbage after many more objects than usual, and end as soon as it is done."""
    if not _memory.is_short_lived:
        _memory.usual = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS)
    _memory.is_short_lived = True


def keep_loaded() -> None:
    """Let what is loaded by now stay until the end, as opposed to what the site's own code makes from now on."""
    gc.freeze()
    _memory.loaded = frozenset(sys.modules)


def collect_as_usual() -> None:
    """Take both back: the process goes on."""
    if _memory.is_short_lived:
        gc.set_threshold(*_memory.usual)
    if _memory.loaded is not None:
        gc.unfreeze()
    _memory.is_short_lived, _memory.loaded = False, None


def end(status: int) -> NoReturn:
    """End this process. One that is short-lived takes only apart what the site's own code made.

    So files that a page left open are written, and its `__del__` and `atexit` are called as ever. Where the site has
    threads, or a debugger or a profiler is at work, Python ends as it always does.
    """
    if not _memory.is_short_lived or threading.active_count() > 1 or _is_observed():
        sys.exit(status)
    atexit._run_exitfuncs()
    if _memory.loaded is not None:
        for name in [name for name in sys.modules if name not in _memory.loaded]:
            del sys.modules[name]
        # Else a text could be collected after the file that it is to be written to.
        _flush(each for each in gc.get_objects() if issubclass(type(each), TextIOWrapper))
        gc.collect()
    _flush((sys.stdout, sys.stderr))
    os._exit(status)


def _flush(streams: Iterable[TextIO]) -> None:
    for stream in streams:
        with suppress(Exception):  # who reads it may be gone; and it may be a class of the site's own
            stream.flush()


def _is_observed() -> bool:
    """Is a debugger, a profiler or a measurement of coverage at work?"""
    if sys.gettrace() or sys.getprofile():
        return True
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    return monitoring is not None and any(monitoring.get_tool(tool) for tool in _TOOLS)
