"""The page that shows a failure while a site is developed: the message, and each frame with its source lines."""

import linecache
import traceback
from types import TracebackType

from markupsafe import Markup, escape

from pyastro.runtime.response import Response
from pyastro.runtime.tracebacks import source_of

_AROUND = 4  # source lines before and after the one that failed

_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{kind}: {message}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1f; }}
h1 {{ font-size: 1.4rem; white-space: pre-wrap; overflow-wrap: anywhere; }}
pre {{ background: #f4f4f6; padding: .75rem; overflow: auto; border-radius: 6px; }}
mark {{ background: #ffd9d9; display: block; }}
summary {{ cursor: pointer; font-family: ui-monospace, monospace; }}
@media (prefers-color-scheme: dark) {{
body {{ background: #17171a; color: #eee; }} pre {{ background: #232327; }} mark {{ background: #5c2326; color: inherit; }} }}
</style></head>
<body>
<p>{method} {path}</p>
<h1>{kind}: {message}</h1>
{frames}
<h2>Traceback</h2>
<pre>{traceback}</pre>
</body>
</html>
""")
_FRAME = Markup(
    "<details{open}><summary>{file}, line {line}, in {name}</summary><pre>{source}</pre></details>\n"
)


def debug_page(error: BaseException, method: str, path: str) -> Response:
    """A 500 page with everything that is known about a failure. All of it is escaped."""
    body = _PAGE.format(
        method=method,
        path=path,
        kind=type(error).__name__,
        message=_message(error),
        frames=_frames(error),
        traceback="".join(traceback.format_exception(error)),
    )
    return Response(
        str(body), 500, headers={"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    )


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(its message cannot be shown)"


def _frames(error: BaseException) -> Markup:
    """The frames from the innermost on; those of components are open, or else the innermost."""
    entries = _entries(error.__traceback__)
    astro = {id(entry) for entry in entries if source_of(entry.tb_frame) is not None}
    shown = astro or {id(entry) for entry in entries[:1]}
    return Markup("").join(_frame(entry, id(entry) in shown) for entry in entries)


def _entries(entry: TracebackType | None) -> list[TracebackType]:
    entries: list[TracebackType] = []
    while entry is not None:
        entries.insert(0, entry)
        entry = entry.tb_next
    return entries


def _frame(entry: TracebackType, is_open: bool) -> Markup:
    code = entry.tb_frame.f_code
    return _FRAME.format(
        open=Markup(" open" if is_open else ""),
        file=code.co_filename,
        line=entry.tb_lineno,
        name=code.co_name,
        source=_source(code.co_filename, entry.tb_lineno),
    )


def _source(file: str, line: int) -> Markup:
    """The lines around the one that failed, which is marked."""
    lines = Markup("")
    for number in range(max(1, line - _AROUND), line + _AROUND + 1):
        text = linecache.getline(file, number)
        if text:
            shown = escape(f"{number:>4}  {text.rstrip()}\n")
            lines += Markup("<mark>{}</mark>").format(shown) if number == line else shown
    return lines
