"""The server as a copy of this process, and as another copy where it begins anew: what was imported stays imported.

This process runs nothing of the site. It waits, and hands on the signals that ask for the end.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

AGAIN = 75
"""The status of a copy in whose place another one is to serve (`EX_TEMPFAIL` of sysexits.h)."""

_ENDING = (signal.SIGTERM, signal.SIGINT) if sys.platform != "win32" else ()
_BY_TERMINAL = 0x80  # SI_KERNEL of Linux: then each process of the group has the signal
_PARENT_DIES = 1  # PR_SET_PDEATHSIG


def can_be_copied() -> bool:
    """May this process be copied? With several threads a copy could find a lock that nobody ever opens; and who traces
    a program, as debuggers do, traces one process.
    """
    return sys.platform == "linux" and threading.active_count() == 1 and sys.gettrace() is None


def in_copies(serve: Callable[[int], int]) -> int:
    """The status of the last copy. `serve` is called in each, with the number of those before it, and gives its status.

    The call returns in the copies as well.
    """
    if sys.platform == "win32":
        return serve(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_ENDING, signal.SIGCHLD})
    number, status = 0, AGAIN
    while status == AGAIN:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        copy = os.fork()
        if not copy:
            _end_with(parent)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return serve(number)
        status = _status(copy)
        number += 1
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return status


def _status(copy: int) -> int:
    """The status of a copy, when it has ended. Signals that are for this process are handed on to it."""
    while True:
        found = signal.sigwaitinfo({*_ENDING, signal.SIGCHLD})
        if found.si_signo != signal.SIGCHLD:
            if found.si_code != _BY_TERMINAL:
                os.kill(copy, found.si_signo)  # it was not waited for yet, so it still has its number
            continue
        ended, status = os.waitpid(copy, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _end_with(parent: int) -> None:
    """Let a copy end with the process that it is a copy of, whatever ends that one."""
    ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGTERM)
    if os.getppid() != parent:  # it has ended already
        os._exit(1)
