"""Tracebacks that point at the lines of `.astro` files instead of those of the modules compiled from them."""

import ast
import linecache
import os
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import TypeVar

from pyastro.runtime.line_map import LineMap, read_line_map

_E = TypeVar("_E", bound=BaseException)

_MARK = "__pyastro_frame__"
_RUNTIME = os.path.dirname(os.path.abspath(__file__)) + os.sep


class _Raised(Exception):
    """What the statement of a made frame raises."""


def rewrite(exception: _E) -> _E:
    """The same exception, whose traceback shows `.astro` lines, and so do those of its causes and its group.

    Frames of compiled modules are replaced by frames at the line of the `.astro` file; frames of the runtime on the way
    to such a frame are left out; all others stay. It never raises, and may be applied again as the exception travels.
    """
    try:
        _rewrite_all(exception)
    except Exception:  # a traceback that cannot be improved must not hide what happened
        return exception
    return exception


def is_astro_frame(frame: FrameType) -> bool:
    """Whether a frame of a rewritten traceback stands for a line of an `.astro` file."""
    return _MARK in frame.f_globals


def _rewrite_all(exception: BaseException) -> None:
    """Rewrites an exception and every exception that its traceback shows. The chain may be a loop."""
    pending: list[BaseException | None] = [exception]
    seen: set[int] = set()
    maps: dict[str, LineMap | None] = {}
    while pending:
        error = pending.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        error.__traceback__ = _rewrite_traceback(error.__traceback__, maps)
        pending += (error.__cause__, error.__context__)
        if isinstance(error, BaseExceptionGroup):
            pending += error.exceptions


def _rewrite_traceback(
    traceback: TracebackType | None, maps: dict[str, LineMap | None]
) -> TracebackType | None:
    """The chain of entries built anew from its end: an entry cannot be changed, only put before another."""
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    rewritten: TracebackType | None = None
    leads_to_astro = False
    for entry in reversed(entries):
        replaced = _astro_entry(entry, rewritten, maps)
        if replaced is not None:
            rewritten, leads_to_astro = replaced, True
        elif not (leads_to_astro and entry.tb_frame.f_code.co_filename.startswith(_RUNTIME)):
            rewritten = TracebackType(rewritten, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return rewritten


def _astro_entry(
    entry: TracebackType, next_entry: TracebackType | None, maps: dict[str, LineMap | None]
) -> TracebackType | None:
    """The entry that shows the `.astro` line; None for a frame of anything else."""
    frame = entry.tb_frame
    if is_astro_frame(frame):
        return TracebackType(next_entry, frame, entry.tb_lasti, entry.tb_lineno)
    line_map = _line_map(frame.f_code.co_filename, maps)
    line = line_map.source_line(entry.tb_lineno, _column(entry)) if line_map is not None else None
    if line_map is None or line is None:
        return None
    shown = _raise_at(_shown_name(line_map), line, frame)
    return TracebackType(next_entry, shown.tb_frame, shown.tb_lasti, line)


def _column(entry: TracebackType) -> int | None:
    """The column, in bytes, of what an entry was doing, where Python knows it."""
    positions = next(islice(entry.tb_frame.f_code.co_positions(), entry.tb_lasti // 2, None), None)
    return positions[2] if positions is not None else None


def _line_map(filename: str, maps: dict[str, LineMap | None]) -> LineMap | None:
    if filename not in maps:
        is_module = filename.endswith(".py") and not filename.startswith(_RUNTIME)
        try:
            maps[filename] = read_line_map(Path(filename)) if is_module else None
        except OSError:
            maps[filename] = None
    return maps[filename]


def _shown_name(line_map: LineMap) -> str:
    """The file name for the traceback: the whole path where Python will find the right source line under it.

    Otherwise the path inside the source root, for which linecache is told that there are no lines: it would look for the
    name in the working directory and on the module path, and might show the line of another file.
    """
    file = line_map.source_file()
    if file is not None:
        return str(file)
    linecache.cache[line_map.source] = (0, None, [], line_map.source)
    return line_map.source


def _raise_at(filename: str, line: int, frame: FrameType) -> TracebackType:
    """A traceback entry whose frame lies at a line of a file of our choice.

    Only running code makes frames, so a statement at that line is compiled and run. It has no columns, since
    Python 3.11+ would mark with carets whatever stands at the same columns of the `.astro` line.
    """
    code = _raise_code(filename, line).replace(
        co_name=frame.f_code.co_name, co_qualname=frame.f_code.co_qualname
    )
    names = {_MARK: _Raised(), "__name__": frame.f_globals.get("__name__"), "__file__": filename}
    try:
        exec(code, names, dict(frame.f_locals))
    except _Raised as error:
        made = error.__traceback__ and error.__traceback__.tb_next
        if made is not None:
            return made
    raise AssertionError("the statement raises")


def _raise_code(filename: str, line: int) -> CodeType:
    name = ast.Name(_MARK, ast.Load(), lineno=line, end_lineno=line, col_offset=-1, end_col_offset=-1)
    statement = ast.Raise(name, None, lineno=line, end_lineno=line, col_offset=-1, end_col_offset=-1)
    return compile(ast.Module(body=[statement], type_ignores=[]), filename, "exec")
