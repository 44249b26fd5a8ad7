"""Tracebacks that point at the lines of the author's files instead of those of the modules in a build."""

import ast
import linecache
import os
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import TypeAlias, TypeVar

from pyastro.runtime.origins import Origin, find_origin

_E = TypeVar("_E", bound=BaseException)
_Origins: TypeAlias = dict[str, Origin | None]
_Columns: TypeAlias = tuple[int, int]

_MARK = "__pyastro_frame__"
_IMPORTING = ("<frozen importlib", os.path.join("importlib", "__init__.py"))
_RUNTIME = os.path.dirname(os.path.abspath(__file__)) + os.sep
_ASGI = os.path.join(os.path.dirname(os.path.dirname(_RUNTIME)), "asgi") + os.sep


class _Raised(Exception):
    """What the statement of a made frame raises, and by which the frame is known."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


def rewrite(exception: _E) -> _E:
    """The same exception, whose traceback shows the author's lines, and so do those of its causes and its group.

    Frames of a build's modules are replaced by frames at the line of the author's file; frames of the runtime and of
    Python's import on the way to such a frame are left out; all others stay. It never raises, and may be applied again
    as the exception travels.
    """
    try:
        _rewrite_all(exception)
    except Exception:  # a traceback that cannot be improved must not hide what happened
        return exception
    return exception


def source_of(frame: FrameType) -> str | None:
    """The author's file that a frame of a rewritten traceback lies in, as a path inside the source root."""
    mark = frame.f_globals.get(_MARK)
    return mark.source if isinstance(mark, _Raised) else None


def _rewrite_all(exception: BaseException) -> None:
    """Rewrites an exception and every exception that its traceback shows. The chain may be a loop."""
    pending: list[BaseException | None] = [exception]
    seen: set[int] = set()
    origins: _Origins = {}
    while pending:
        error = pending.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        error.__traceback__ = _rewrite_traceback(error.__traceback__, origins)
        pending += (error.__cause__, error.__context__)
        if isinstance(error, BaseExceptionGroup):
            pending += error.exceptions


def _rewrite_traceback(traceback: TracebackType | None, origins: _Origins) -> TracebackType | None:
    """The chain of entries built anew from its end: an entry cannot be changed, only put before another."""
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    rewritten: TracebackType | None = None
    leads_to_source = False
    for entry in reversed(entries):
        replaced = _source_entry(entry, rewritten, origins)
        if replaced is not None:
            rewritten, leads_to_source = replaced, True
        elif not (leads_to_source and _is_on_the_way(entry.tb_frame.f_code.co_filename)):
            rewritten = TracebackType(rewritten, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return rewritten


def _is_on_the_way(filename: str) -> bool:
    """Whether a file is the runtime's, a host's or that of Python's import, which lead from one of the author's to another."""
    return filename.startswith((_RUNTIME, _ASGI, _IMPORTING[0])) or filename.endswith(_IMPORTING[1])


def _source_entry(
    entry: TracebackType, next_entry: TracebackType | None, origins: _Origins
) -> TracebackType | None:
    """The entry that shows the author's line; None for a frame of anything else."""
    frame = entry.tb_frame
    if source_of(frame) is not None:
        return TracebackType(next_entry, frame, entry.tb_lasti, entry.tb_lineno)
    origin = _origin(frame.f_code.co_filename, origins)
    span = span_of(entry)
    line = origin.line(entry.tb_lineno, span and span[0]) if origin is not None else None
    if origin is None or line is None:
        return None
    copied = origin.copied(line)
    if copied is not None:
        inner = _shown(entry, copied.origin, copied.line, span, next_entry, "render")
        return _shown(entry, origin, copied.used_at, None, inner)
    return _shown(entry, origin, line, span, next_entry)


def _shown(
    entry: TracebackType,
    origin: Origin,
    line: int,
    span: _Columns | None,
    next_entry: TracebackType | None,
    name: str | None = None,
) -> TracebackType:
    """The entry at the author's line; `name` is that of the function, where the frame's is another's."""
    frame = entry.tb_frame
    shown = _raise_at(origin, line, frame, _columns(entry, span, origin, line), name)
    return TracebackType(next_entry, shown.tb_frame, shown.tb_lasti, line)


def _origin(filename: str, origins: _Origins) -> Origin | None:
    if filename not in origins:
        origins[filename] = find_origin(filename)
    return origins[filename]


def span_of(entry: TracebackType) -> _Columns | None:
    """The columns, in bytes, of what an entry was doing, where Python knows them; for several lines those of the first."""
    positions = next(islice(entry.tb_frame.f_code.co_positions(), entry.tb_lasti // 2, None), None)
    if positions is None or positions[2] is None or positions[3] is None:
        return None
    return positions[2], positions[3] if positions[0] == positions[1] else positions[2]


def _columns(entry: TracebackType, span: _Columns | None, origin: Origin, line: int) -> _Columns | None:
    """The columns, in bytes, of the author's line that did what the entry was doing.

    The line map knows lines only: they are known where the module's code stands in the author's line as well, once.
    """
    if span is None or span[0] >= span[1] or origin.file is None:
        return None
    module_line = _text(entry.tb_frame.f_code.co_filename, entry.tb_lineno)
    text = _text(str(origin.file), line)
    if text == module_line:
        return span
    code = module_line[span[0] : span[1]]
    start = text.find(code) if code and text.count(code) == 1 else -1
    return None if start < 0 else (start, start + len(code))


def _text(file: str, line: int) -> bytes:
    """A line of a file as it is now."""
    linecache.checkcache(file)
    return linecache.getline(file, line).encode()


def _shown_name(origin: Origin) -> str:
    """The file name for the traceback: the whole path where Python will find the right source line under it.

    Otherwise the path inside the source root, for which linecache is told that there are no lines: it would look for the
    name in the working directory and on the module path, and might show the line of another file.
    """
    if origin.file is not None:
        return str(origin.file)
    linecache.cache[origin.source] = (0, None, [], origin.source)
    return origin.source


def _raise_at(
    origin: Origin, line: int, frame: FrameType, columns: _Columns | None, name: str | None = None
) -> TracebackType:
    """A traceback entry whose frame lies at a line of the author's file.

    Only running code makes frames, so a statement at that line is compiled and run.
    """
    filename = _shown_name(origin)
    code = _raise_code(filename, line, columns).replace(
        co_name=name or frame.f_code.co_name, co_qualname=name or frame.f_code.co_qualname
    )
    names = {_MARK: _Raised(origin.source), "__name__": frame.f_globals.get("__name__"), "__file__": filename}
    try:
        exec(code, names, dict(frame.f_locals))
    except _Raised as error:
        made = error.__traceback__ and error.__traceback__.tb_next
        if made is not None:
            return made
    raise AssertionError("the statement raises")


def _raise_code(filename: str, line: int, columns: _Columns | None) -> CodeType:
    """The statement. Without columns it must not have any: Python would mark what stands there, whatever it is."""
    start, end = columns or (-1, -1)
    name = ast.Name(_MARK, ast.Load(), lineno=line, end_lineno=line, col_offset=start, end_col_offset=end)
    statement = ast.Raise(name, None, lineno=line, end_lineno=line, col_offset=start, end_col_offset=end)
    return compile(ast.Module(body=[statement], type_ignores=[]), filename, "exec")
