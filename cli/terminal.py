"""What the command says, and how: errors on the error stream, colours only for eyes, progress only where one waits."""

import os
import sys
import time
from typing import TextIO


class Failure(Exception):
    """A command that cannot do what it was asked: one sentence, perhaps advice, and the status to end with."""

    def __init__(self, message: str, hint: str | None = None, status: int = 2) -> None:
        super().__init__(message)
        self.hint = hint
        self.status = status


def print_failure(failure: Failure) -> None:
    """Say why a command failed."""
    color = wants_color(sys.stderr)
    print(f"{paint('1;31', 'error', color)}: {failure}", file=sys.stderr)
    if failure.hint:
        print(f"  {paint('1;36', 'hint', color)}: {failure.hint}", file=sys.stderr)


def paint(code: str, text: str, color: bool) -> str:
    """A text in a colour, where colours are wanted."""
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def wants_color(stream: TextIO) -> bool:
    """Are colours wanted on a stream? Only on a terminal, and not where NO_COLOR is set (no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 component`, `2 components`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class ProgressLine:
    """One line on a terminal that says how far a long task is; silent for a short one, and where nobody looks."""

    def __init__(self, stream: TextIO, patience: float = 1.0, task: str = "Compiling") -> None:
        self._stream = stream
        self._task = task
        self._is_shown = stream.isatty()
        self._next = time.monotonic() + patience
        self._width = 0

    def update(self, done: int, total: int) -> None:
        """Say how many of how many are done."""
        now = time.monotonic()
        if self._is_shown and now >= self._next:
            self._next = now + 0.1
            self._write(f"{self._task}: {done} of {total}")

    def clear(self) -> None:
        """Take the line away again."""
        if self._width:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)
