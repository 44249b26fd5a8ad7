"""What is said when a site cannot start: the author's line, and no more than is needed beside it."""

from __future__ import annotations

import re
import traceback

from pyastro.runtime.debug_report import Failure, Frame, SourceLine, failures_of
from pyastro.runtime.secret import mask
from pyastro.runtime.tracebacks import source_of

__all__ = ["startup_report"]

_BUILD_NAME = re.compile(r"\b_pyastro_build_\d+\.")


def startup_report(error: BaseException) -> str:
    """A failure that happened before the first request, as text for a terminal.

    Where the site's own code failed, its line, and through which lines of the site it was reached. Where that code called
    something that failed, the calls as well, unless the failure tells its own place (`is_told`). What a module of the site
    does wrong in pyastro's eyes is one sentence; anything else is a traceback.
    """
    return mask(_report(error))


def _report(error: BaseException) -> str:
    failure = failures_of(error)[0]
    place = failure.place
    if place is None or place.source is None:
        is_ours = type(error).__module__.startswith("pyastro.")
        return f"error: {_message(error)}\n" if is_ours else _traceback(error)
    lines = [f"{_path(place)}:{place.line}: error: {failure.kind}: {_message(error)}", *_code(place)]
    lines += [f"  {note}" for note in failure.notes]
    lines += [f"  reached from {_path(frame)}:{frame.line}: {frame.code}" for frame in _outer(failure, place)]
    is_whole = getattr(error, "is_told", False) or (failure.frames[0] is place and error.__cause__ is None)
    return "\n".join(lines) + "\n" + ("" if is_whole else "\n" + _traceback(error))


def _message(error: BaseException) -> str:
    """The message, with the names of the author's modules instead of those inside the loaded build."""
    message = error.msg if isinstance(error, SyntaxError) else failures_of(error)[0].message
    if isinstance(error, ImportError) and error.path:
        message = message.removesuffix(f" ({error.path})")
    return _BUILD_NAME.sub("", message) or "no message"


def _path(frame: Frame) -> str:
    return frame.source or frame.file


def _code(frame: Frame) -> list[str]:
    line = next((line for line in frame.lines if line.is_failing), None)
    if line is None:
        return []
    width = len(str(line.number))
    return [f"  {line.number} | {_printable(line.text)}", *_carets(line, width)]


def _carets(line: SourceLine, width: int) -> list[str]:
    if line.span is None:
        return []
    start, end = line.span
    return [f"  {' ' * width} | {' ' * start}{'^' * (end - start)}"]


def _printable(text: str) -> str:
    """A line in which every character takes one column and does nothing to a terminal."""
    return "".join(" " if c == "\t" else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _outer(failure: Failure, place: Frame) -> list[Frame]:
    """The lines of the site through which the place was reached, the nearest first."""
    own = [frame for frame in failure.frames if frame.source is not None]
    return [frame for frame in own if frame is not place]


def _traceback(error: BaseException) -> str:
    """The traceback from the first line of the site on: what led there is the server's."""
    entry = error.__traceback__
    while entry is not None and source_of(entry.tb_frame) is None:
        entry = entry.tb_next
    return "".join(traceback.format_exception(type(error), error, entry or error.__traceback__))
