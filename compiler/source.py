"""A source file: its text, and how an offset in it is told as a line and a column."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyastro.compiler.diagnostics import CompileError, Diagnostic, Problem


class Span(NamedTuple):
    """A half-open range of offsets in the text of a source."""

    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """One `.astro` file.

    `path` is relative to the source root, with forward slashes; `text` is what stands in the file, without a byte
    order mark and with its newlines as they are; `data` are the bytes that it was decoded from.
    """

    path: str
    text: str
    data: bytes = field(default=b"", repr=False)
    root: Path | None = field(default=None, repr=False, compare=False)
    """The source root, where the file was read from one: what it imports stands there."""
    lines: tuple[int, ...] = field(default=(), repr=False, compare=False)
    """Of a text that was written from the file's: the line of the file that each of its lines stands for."""

    @classmethod
    def read(cls, root: Path, path: str) -> "Source":
        """The file `path` below `root`; raises `CompileError` where it is not UTF-8."""
        with open(f"{root}/{path}", "rb") as file:
            data = file.read()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
            message = f"This file is not UTF-8: byte 0x{data[error.start]:02x} is not expected here."
            hint = "Save the file as UTF-8."
            raise CompileError(
                [Diagnostic("not-utf-8", "error", path, line, column, message, hint)]
            ) from None
        return cls(path, text.removeprefix("\ufeff"), data, root)

    @property
    def digest(self) -> str:
        """The beginning of the SHA-256 of the file's bytes, which tells whether it still is what was compiled."""
        return sha256(self.data or self.text.encode()).hexdigest()[:12]

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of its bytes."""
        return sha256(self.data).hexdigest()

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; the first is 0."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def location(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both counted from 1."""
        row = self._row(offset)
        return self._line(row), offset - self.line_starts[row - 1] + 1

    def line_of(self, offset: int) -> int:
        """The line of an offset, counted from 1."""
        row = bisect_right(self.line_starts, offset)
        return self.lines[row - 1] if self.lines else row

    def _row(self, offset: int) -> int:
        """The line of an offset in the text itself."""
        return bisect_right(self.line_starts, offset)

    def _line(self, row: int) -> int:
        return self.lines[row - 1] if self.lines else row

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def diagnose(self, problem: Problem) -> Diagnostic:
        """A problem as a diagnostic of this file."""
        start, end = problem.span
        line, column = self.location(min(start, len(self.text)))
        row, last_row = (self._row(min(each, len(self.text))) for each in (start, max(start, end)))
        last = None
        if end > start and row == last_row:
            last = min(end, len(self.text)) - self.line_starts[row - 1] + 1
        elif end > start:
            stop = self.text.find("\n", start)
            last = (stop if stop >= 0 else len(self.text)) - self.line_starts[row - 1] + 1
        return Diagnostic(
            problem.code, problem.severity, self.path, line, column, problem.message, problem.hint, last
        )
