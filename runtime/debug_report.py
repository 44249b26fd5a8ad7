"""What is known about a failure, as inert data for a development page: exceptions, frames, source lines, values."""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType

from pyastro.runtime.debug_values import values_of
from pyastro.runtime.origins import find_origin
from pyastro.runtime.tracebacks import source_of, span_of

__all__ = ["Failure", "Frame", "SourceLine", "failures_of"]

_AROUND = 5  # source lines before and after the one that failed
_MOST_FRAMES = 60
_MOST_FAILURES = 20

CAUSE = "Caused by"
CONTEXT = "While this was handled"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a source. `span` holds the columns, in characters, of the code that failed."""

    number: int
    text: str
    is_failing: bool = False
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of a traceback. `source` is the path inside the source root of a file of the site."""

    file: str
    source: str | None
    line: int
    function: str
    lines: tuple[SourceLine, ...]
    values: tuple[tuple[str, str], ...]

    @property
    def is_component(self) -> bool:
        """Whether it lies in an `.astro` file."""
        return self.source is not None and self.source.endswith(".astro")

    @property
    def code(self) -> str:
        """The line that failed."""
        return next((line.text.strip() for line in self.lines if line.is_failing), "")


@dataclass(frozen=True, slots=True)
class Failure:
    """One exception, its frames from the innermost on. `relation` tells how it belongs to the one before."""

    relation: str
    kind: str
    message: str
    notes: tuple[str, ...]
    frames: tuple[Frame, ...]

    @property
    def place(self) -> Frame | None:
        """The innermost frame of the site's own code, or else the innermost."""
        own = (frame for frame in self.frames if frame.source is not None)
        return next(own, self.frames[0] if self.frames else None)

    @property
    def components(self) -> tuple[Frame, ...]:
        """The frames of components, from the page inwards."""
        return tuple(frame for frame in reversed(self.frames) if frame.is_component)


def failures_of(error: BaseException) -> tuple[Failure, ...]:
    """An exception whose traceback was rewritten, and those that it came from or that it holds, each once."""
    return tuple(islice(_failures(error, "", set()), _MOST_FAILURES))


def _failures(error: BaseException, relation: str, seen: set[int]) -> Iterator[Failure]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield Failure(relation, type(error).__name__, _message(error), _notes(error), _frames(error))
    if isinstance(error, BaseExceptionGroup):
        for number, inner in enumerate(error.exceptions, 1):
            yield from _failures(
                inner, f"{number} of {len(error.exceptions)} in {type(error).__name__}", seen
            )
    if error.__cause__ is not None:
        yield from _failures(error.__cause__, CAUSE, seen)
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _failures(error.__context__, CONTEXT, seen)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return "(its message cannot be shown)"


def _notes(error: BaseException) -> tuple[str, ...]:
    notes = getattr(error, "__notes__", None)
    return tuple(note for note in notes if isinstance(note, str)) if isinstance(notes, list) else ()


def _frames(error: BaseException) -> tuple[Frame, ...]:
    frames = [_frame(entry) for entry in _entries(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        frames.insert(0, _of_syntax_error(error, error.filename, error.lineno))
    return tuple(frames)


def _entries(entry: TracebackType | None) -> list[TracebackType]:
    """The entries from the innermost on; of an endless recursion, the innermost."""
    entries: list[TracebackType] = []
    while entry is not None:
        entries.append(entry)
        entry = entry.tb_next
    return entries[: -_MOST_FRAMES - 1 : -1]


def _frame(entry: TracebackType) -> Frame:
    code = entry.tb_frame.f_code
    return Frame(
        code.co_filename,
        source_of(entry.tb_frame),
        entry.tb_lineno,
        code.co_name,
        _lines(code.co_filename, entry.tb_lineno, span_of(entry)),
        tuple(values_of(entry.tb_frame)),
    )


def _of_syntax_error(error: SyntaxError, file: str, line: int) -> Frame:
    """The place that a syntax error names: no frame lies there. Whosever file it is, it is the place to look at."""
    start = max(0, (error.offset or 1) - 1)
    end = error.end_offset - 1 if error.end_offset and error.end_lineno == line else start
    text = linecache.getline(file, line).rstrip()
    span = (len(text[:start].encode()), len(text[:end].encode()))
    origin = find_origin(file)
    source = file if origin is None else origin.source
    return Frame(file, source, line, "<module>", _lines(file, line, span), ())


def _lines(file: str, line: int, span: tuple[int, int] | None) -> tuple[SourceLine, ...]:
    """The lines around the one that failed."""
    linecache.checkcache(file)
    numbers = range(max(1, line - _AROUND), line + _AROUND + 1)
    texts = ((number, linecache.getline(file, number)) for number in numbers)
    return tuple(
        (
            SourceLine(number, text.rstrip(), True, _characters(text.rstrip(), span))
            if number == line
            else SourceLine(number, text.rstrip())
        )
        for number, text in texts
        if text
    )


def _characters(text: str, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Columns that count bytes as columns that count characters; None for those that mark nothing, or the whole line."""
    if span is None:
        return None
    data = text.encode()
    start, end = (len(data[:column].decode(errors="ignore")) for column in span)
    return None if start >= end or text[start:end] == text.strip() else (start, end)
