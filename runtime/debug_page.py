"""The answer to a request that failed while a site is developed: all that is known, to who asks for it as they ask."""

from __future__ import annotations

import traceback
from collections.abc import Iterable

from markupsafe import Markup, escape

from pyastro.runtime.debug_report import Failure, Frame, SourceLine, failures_of
from pyastro.runtime.debug_style import STYLE
from pyastro.runtime.debug_values import MASK, is_secret
from pyastro.runtime.error_pages import phrase, wanted_form
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response

__all__ = ["FailureResponse", "code_frame", "debug_page", "startup_page"]

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # Should anything ever get through unescaped, it may load nothing and run nothing.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
}
_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>{style}</style></head>
<body>
<header><p class="request mono"><b>{status}</b> {place}</p></header>
<main>
{failures}
{request}<h2>Traceback</h2>
<div class="card"><pre class="text">{traceback}</pre></div>
<footer>This page is shown because the site runs in development. In production nothing of it is revealed.</footer>
</main>
</body>
</html>
""")
_FAILURE = Markup("""<section{css_class}>{relation}
<p class="kind mono">{kind}</p>
<h1>{message}</h1>
{notes}{place}{components}{frames}
</section>
""")
_PLACE = Markup('<div class="card">{where}{code}{values}</div>\n')
_WHERE = Markup('<div class="where mono">{link} <i>in {function}</i></div>')
_LINK = Markup('<span data-source="{source}" data-line="{line}">{source}:{line}</span>')
_FRAME = Markup(
    '<details class="card{css_class}" id="{id}"{open}><summary class="mono">{link} <i>in {function}</i></summary>'
    "{code}{values}</details>\n"
)
_COMPONENT = Markup('<li><a href="#{id}" class="mono"><b>{file}:{line}</b> <code>{code}</code></a></li>')
_LINE = Markup('<span class="l{css_class}"><i>{number}</i>{text}\n</span>')


class FailureResponse(Response):
    """A response that shows a failure to a developer, source and values."""

    __slots__ = ()


def debug_page(error: BaseException, request: Request, status: int = 500) -> Response:
    """What is known about a failure: a page for a browser, JSON for who asks for JSON, else the traceback as text.

    The error's traceback was rewritten. All that is shown is escaped, short, and without the values of secret names.
    """
    form = wanted_form(request.headers.get("accept", ""))
    if form == "json":
        return Response.json(_data(error, request, status), status, headers=_HEADERS)
    if form == "html":
        body, kind = str(_page(error, request, status)), "text/html"
    else:
        body, kind = _traceback(error), "text/plain"
    return FailureResponse(body, status, headers={"content-type": f"{kind}; charset=utf-8", **_HEADERS})


def startup_page(error: BaseException) -> Response:
    """What is known about a failure that keeps the site from starting, as a page. The error's traceback was rewritten."""
    body = _document(error, "The site cannot start", "")
    return FailureResponse(body, 500, headers={"content-type": "text/html; charset=utf-8", **_HEADERS})


def _data(error: BaseException, request: Request, status: int) -> dict[str, object]:
    return {
        "status": status,
        "request_id": request.id,
        "errors": [
            {
                "relation": failure.relation,
                "type": failure.kind,
                "message": failure.message,
                "notes": failure.notes,
                "frames": [
                    {"file": frame.source or frame.file, "line": frame.line, "function": frame.function}
                    for frame in failure.frames
                ],
            }
            for failure in failures_of(error)
        ],
    }


def _traceback(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # an exception whose own methods raise
        return f"{type(error).__name__}\n"


def _page(error: BaseException, request: Request, status: int) -> Markup:
    return _document(
        error,
        f"{status} {phrase(status)}",
        f"{request.method} {request.url.path}",
        Markup('<h2>Request</h2>\n<div class="card">{}</div>\n').format(_request(request)),
    )


def _document(error: BaseException, status: str, place: str, request: str | Markup = "") -> Markup:
    failures = failures_of(error)
    return _PAGE.format(
        title=f"{failures[0].kind}: {failures[0].message}"[:200],
        style=Markup(STYLE),
        status=status,
        place=place,
        failures=_joined(_failure(failure, number) for number, failure in enumerate(failures)),
        request=request,
        traceback=_traceback(error),
    )


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _failure(failure: Failure, number: int) -> Markup:
    frames = list(enumerate(failure.frames))
    return _FAILURE.format(
        css_class=Markup(' class="failure"') if number else "",
        relation=Markup("<h2>{}</h2>").format(failure.relation) if failure.relation else "",
        kind=failure.kind,
        message=failure.message or "(no message)",
        notes=_joined(Markup('<p class="note">{}</p>\n').format(note) for note in failure.notes),
        place=_place(failure.place),
        components=_components(frames, number),
        frames=_frames(frames, number, failure.place),
    )


def _place(frame: Frame | None) -> Markup:
    """Where it failed, in the site's own code."""
    if frame is None:
        return Markup("")
    where = _WHERE.format(link=_link(frame), function=frame.function)
    return _PLACE.format(where=where, code=code_frame(frame.lines), values=_table(frame.values))


def _link(frame: Frame) -> Markup:
    """The place of a frame; one in a file of the site tells which, for who can open it."""
    if frame.source is None:
        return Markup("{}:{}").format(frame.file, frame.line)
    return _LINK.format(source=frame.source, line=frame.line)


def _components(frames: list[tuple[int, Frame]], number: int) -> Markup:
    """The way from the page to the component that failed."""
    found = [(index, frame) for index, frame in reversed(frames) if frame.is_component]
    if not found:
        return Markup("")
    items = _joined(
        _COMPONENT.format(id=f"f{number}-{index}", file=frame.source, line=frame.line, code=frame.code)
        for index, frame in found
    )
    return Markup('<h2>Components, from the page inwards</h2>\n<ol class="stack card">{}</ol>\n').format(
        items
    )


def _frames(frames: list[tuple[int, Frame]], number: int, place: Frame | None) -> Markup:
    if not frames:
        return Markup("")
    return Markup("<h2>Calls, the last one first</h2>\n{}").format(
        _joined(
            _frame(frame, f"f{number}-{index}", frame.is_component and frame is not place)
            for index, frame in frames
        )
    )


def _frame(frame: Frame, id: str, is_open: bool) -> Markup:
    return _FRAME.format(
        css_class="" if frame.source else " library",
        id=id,
        open=Markup(" open") if is_open else "",
        link=_link(frame),
        function=frame.function,
        code=code_frame(frame.lines),
        values=_table(frame.values),
    )


def code_frame(lines: Iterable[SourceLine]) -> Markup:
    """Source lines with their numbers, and what failed marked."""
    shown = _joined(_line(line) for line in lines)
    return Markup("<pre>{}</pre>").format(shown) if shown else Markup("")


def _line(line: SourceLine) -> Markup:
    text = escape(line.text)
    if line.span is not None:
        start, end = line.span
        parts = line.text[:start], line.text[start:end], line.text[end:]
        text = Markup("{}<mark>{}</mark>{}").format(*parts)
    return _LINE.format(css_class=" bad" if line.is_failing else "", number=line.number, text=text)


def _table(rows: Iterable[tuple[str, str]]) -> Markup:
    cells = _joined(Markup("<tr><th>{}</th><td>{}</td></tr>").format(*row) for row in rows)
    return Markup("<table>{}</table>").format(cells) if cells else Markup("")


def _request(request: Request) -> Markup:
    url = request.url
    rows = [("URL", f"{url.origin}{url.path}"), ("client", request.client_address or "unknown")]
    rows.append(("request id", request.id))
    rows += [(f"?{name}", MASK if is_secret(name) else value) for name, value in url.query.items()]
    rows += [(name, MASK if is_secret(name) else value) for name, value in request.headers.items()]
    return _table(rows)
