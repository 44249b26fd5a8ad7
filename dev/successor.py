"""Another process in this one's place: for what cannot be taken up by a process that runs."""

import os
import socket
import sys
from collections.abc import Sequence

_VARIABLE = "PYASTRO_DEV_SOCKETS"


def inherited_sockets() -> list[socket.socket]:
    """The sockets that the process before this one listened at; none where there was no such process."""
    numbers = os.environ.pop(_VARIABLE, "")
    sockets = [socket.socket(fileno=int(number)) for number in numbers.split(",") if number]
    for inherited in sockets:
        inherited.setblocking(False)
    return sockets


class Successor:
    """What takes this process's place, with its command line, its environment as it was, and its sockets.

    The sockets stay open in between, so that no connection is refused. A context: they are closed when it is left.
    """

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        self.is_wanted = False
        # The server closes its own when it ends.
        self._sockets = [listening.dup() for listening in sockets]
        self._environment = dict(os.environ)

    def __enter__(self) -> "Successor":
        return self

    def __exit__(self, *exception: object) -> None:
        for listening in self._sockets:
            listening.close()

    def start(self) -> None:
        """Become it; this does not return."""
        for listening in self._sockets:
            listening.set_inheritable(True)
        numbers = ",".join(str(listening.fileno()) for listening in self._sockets)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(
            sys.executable,
            [sys.executable, *sys.orig_argv[1:]],
            {**self._environment, _VARIABLE: numbers},
        )
