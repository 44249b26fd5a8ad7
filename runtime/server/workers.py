"""Several processes that serve one site on the same sockets, and the process that looks after them."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from pyastro.runtime.server.settings import Settings

log = logging.getLogger("pyastro.server")

_POLL = 0.05
_GRACE = 5.0
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_STEADY = 10.0  # a worker that lived so long is started again without delay


class Worker:
    """One process; it is started again when it ends before its time."""

    def __init__(self, command: list[str], fds: list[int], life: int) -> None:
        self._command = command
        self._fds = fds
        self._life = life
        self._failures = 0
        self._start_at = 0.0
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: int | None = None
        self.is_ready = False

    def start(self) -> None:
        """Starts the process. It tells through a pipe when it listens."""
        self.is_ready = False
        self._ready, write = os.pipe()
        os.set_blocking(self._ready, False)
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [*self._command, json.dumps({"fds": self._fds, "life": self._life, "ready": write})],
            pass_fds=[*self._fds, self._life, write],
            stdin=subprocess.DEVNULL,
        )
        os.close(write)

    def look(self) -> bool:
        """Sees whether the process is ready by now, and whether it still runs: False when it ended."""
        if self._ready is not None and not self.is_ready:
            self.is_ready = self._read() == b"1"
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """Starts an ended process again: at once when it had run for a while, else after a delay that doubles."""
        now = time.monotonic()
        if self._process is not None:
            log.error("A worker ended with status %s", self._process.returncode)
            self._failures = 0 if now - self._started > _STEADY else self._failures + 1
            delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** (self._failures - 1)) if self._failures else 0
            self._start_at = now + delay
            self._forget()
        elif now >= self._start_at:
            self.start()

    def terminate(self) -> None:
        """Asks the process to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, end: float) -> None:
        """Waits for the process until a time of the monotonic clock, then kills it."""
        if self._process is not None:
            try:
                self._process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._forget()

    def _read(self) -> bytes:
        try:
            return os.read(self._ready, 1) if self._ready is not None else b""
        except BlockingIOError:
            return b""

    def _forget(self) -> None:
        self._process = None
        if self._ready is not None:
            os.close(self._ready)
            self._ready = None


class Supervisor:
    """The process that starts workers, hands signals on to them, and replaces those that die."""

    def __init__(self, build: Path, sockets: list[socket.socket], settings: Settings) -> None:
        self._sockets = sockets
        self._settings = settings
        # Workers hold the other end: they stop when this process is gone, however it ended.
        self._life, self._own_life = os.pipe()
        module = "pyastro.runtime.server.worker"
        command = [sys.executable, "-m", module, str(build), json.dumps(asdict(settings))]
        fds = [opened.fileno() for opened in sockets]
        self._workers = [Worker(command, fds, self._life) for _ in range(settings.workers)]
        self._is_stopping = False

    def run(self, on_ready: Callable[[], None]) -> int:
        """Serves until SIGTERM or SIGINT comes: 0. When a worker cannot even start: 1; it has said why."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            # What keeps one from starting keeps all: it is said once.
            for group in (self._workers[:1], self._workers[1:]):
                for worker in group:
                    worker.start()
                if not self._wait_until_ready(group):
                    return 0 if self._is_stopping else 1
            on_ready()
            while not self._is_stopping:
                for worker in self._workers:
                    if not worker.look():
                        worker.restart()
                time.sleep(_POLL)
            return 0
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait_until_ready(self, workers: list[Worker]) -> bool:
        """Whether these workers came to listen; False when one of them ended before, or a signal came."""
        while not all(worker.is_ready for worker in workers):
            running = [worker.look() for worker in workers]
            if self._is_stopping or not all(running):
                return False
            time.sleep(_POLL)
        return True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True

    def _end(self) -> None:
        for worker in self._workers:
            worker.terminate()
        deadlines = self._settings.deadlines
        end = time.monotonic() + deadlines.notice + deadlines.shutdown + _GRACE
        for worker in self._workers:
            worker.wait(end)
        os.close(self._life)
        os.close(self._own_life)
