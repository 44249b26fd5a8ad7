"""Servers as processes: started, measured, and always ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


def as_installed() -> dict[str, str]:
    """The environment of this process, in which Python keeps bytecode, as it does where pyastro is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Server:
    """A server in a process of its own, from `with` to its end."""

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port
        self._command = command
        self._folder = folder
        self._environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sys.stderr,
        )
        try:
            wait_for(self.port)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def usage(self) -> "Usage":
        """What the process and those that it started have used so far, and hold now."""
        import psutil  # only now: the pages can be compared without it

        process = psutil.Process(self._process.pid)
        processes = [process, *process.children(recursive=True)]
        times = [process.cpu_times() for process in processes]
        worker = max(process.memory_info().rss for process in processes)
        return Usage(sum(each.user + each.system for each in times), worker)

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Usage:
    """Processor time in seconds, of all processes of a server, and the resident memory in bytes, of its largest."""

    seconds: float
    memory: int


def free_port() -> int:
    """A port of the loopback interface that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 30) -> None:
    """Return when somebody listens at the port. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens at port {port}")
