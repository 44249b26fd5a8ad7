"""What the compiler says about a source: an error or a warning as a value, and how it is shown."""

import re
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Paint = Callable[[str, str], str]

WIDEST_LINE = 110
"""A longer source line is shown only in part, around the place that is meant."""


class Diagnostic(NamedTuple):
    """One finding: what was found, where, and what to do about it.

    `path` is relative to the source root; `line` and `column` are counted from 1, in characters. The place ends
    before `end_column` of the same line where that is given.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    hint: str | None = None
    end_column: int | None = None

    def to_json(self) -> dict[str, str | int | None]:
        """The same as JSON."""
        return self._asdict()

    def order(self) -> tuple[str | int, ...]:
        """By what findings are sorted: file, line, column."""
        return self.path, self.line, self.column, self.code

    @property
    def is_error(self) -> bool:
        """Does it stop the compilation?"""
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.message} [{self.code}]"


class Problem(NamedTuple):
    """A finding that does not know its file yet: the same, at a range of offsets."""

    code: str
    span: tuple[int, int]
    message: str
    hint: str | None = None
    severity: Severity = "error"


class CompileError(Exception):
    """A source that cannot be compiled; `diagnostics` tells all that is known of why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))


def render_diagnostic(diagnostic: Diagnostic, source_text: str | None, color: bool = False) -> str:
    """A diagnostic as a person reads it: the place and the sentence, the source line with a caret, the hint.

    `source_text` is the text that the place is in; None leaves the source line out.
    """
    paint = _painter(color)
    tone = "1;31" if diagnostic.is_error else "1;33"
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    head = f"{paint('1', place)}: {paint(tone, diagnostic.severity)}: {diagnostic.message} {paint('2', f'[{diagnostic.code}]')}"
    lines = [head]
    if source_text is not None:
        lines += _frame(diagnostic, source_text, paint, tone)
    if diagnostic.hint:
        lines.append(f"  {paint('1;36', 'hint')}: {diagnostic.hint}")
    return "\n".join(lines)


def _painter(color: bool) -> Paint:
    def paint(code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    return paint


def _frame(diagnostic: Diagnostic, text: str, paint: Paint, tone: str) -> list[str]:
    """The source line before the place, the line itself, and carets under the place."""
    lines = re.split(r"\r\n|\n", text)
    number = diagnostic.line
    if number > len(lines):
        return []
    width = len(str(number))
    line, column, shift = _window(lines[number - 1], diagnostic.column)
    end = diagnostic.end_column - shift if diagnostic.end_column else column + 1
    carets = max(1, min(end, len(line) + 1) - column)
    shown = []
    if number > 1 and lines[number - 2].strip():
        shown.append(
            f"  {paint('2', f'{number - 1:>{width}} |')} {_printable(lines[number - 2][:WIDEST_LINE])}"
        )
    shown.append(f"  {paint('2', f'{number} |')} {_printable(line)}")
    shown.append(f"  {' ' * width} {paint('2', '|')} {' ' * (column - 1)}{paint(tone, '^' * carets)}")
    return shown


def _window(line: str, column: int) -> tuple[str, int, int]:
    """A line cut to what fits around a column: the text, the column in it, and how far it was moved."""
    if len(line) <= WIDEST_LINE:
        return line, column, 0
    start = max(0, min(column - 1 - WIDEST_LINE // 2, len(line) - WIDEST_LINE))
    return line[start : start + WIDEST_LINE], column - start, start


def _printable(line: str) -> str:
    """A line in which every character takes one column and does nothing to a terminal."""
    return "".join(" " if c == "\t" else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
