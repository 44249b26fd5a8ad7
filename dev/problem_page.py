"""The page for sources that cannot be compiled: each finding with its lines."""

import re
from collections.abc import Iterator

from markupsafe import Markup

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.dev.outcome import Broken
from pyastro.runtime.debug_page import FailureResponse, code_frame
from pyastro.runtime.debug_report import SourceLine
from pyastro.runtime.debug_style import STYLE
from pyastro.runtime.response import Response

_AROUND = 3
_LONGEST = 400
_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>{style}</style></head>
<body>
<header><p class="request mono"><b>{title}</b> {hint}</p></header>
<main>
{findings}
<footer>The page behind this one is as it was before the change. Escape shows it.</footer>
</main>
</body>
</html>
""")
_FINDING = Markup("""<section{css_class}>
<p class="kind mono">{code}</p>
<h1>{message}</h1>
<div class="card"><div class="where mono"><span data-source="{path}" data-line="{line}" data-column="{column}">\
{path}:{line}:{column}</span></div>{frame}</div>
{hint}</section>
""")


def problem_page(broken: Broken) -> Response:
    """What is wrong with the sources, as a page for a browser. All that comes from them is escaped."""
    errors = [each for each in broken.diagnostics if each.is_error]
    findings = Markup("").join(
        _finding(each, broken.texts.get(each.path), is_first=number == 0)
        for number, each in enumerate(errors)
    )
    body = _PAGE.format(
        title=broken.message or ("1 error" if len(errors) == 1 else f"{len(errors)} errors"),
        hint=broken.hint,
        style=Markup(STYLE),
        findings=findings,
    )
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    }
    return FailureResponse(str(body), 500, headers=headers)


def _finding(diagnostic: Diagnostic, text: str | None, is_first: bool) -> Markup:
    return _FINDING.format(
        css_class=Markup("") if is_first else Markup(' class="failure"'),
        code=diagnostic.code,
        message=diagnostic.message,
        path=diagnostic.path,
        line=diagnostic.line,
        column=diagnostic.column,
        frame=code_frame(_lines(diagnostic, text)) if text is not None else "",
        hint=Markup('<p class="note">{}</p>\n').format(diagnostic.hint) if diagnostic.hint else "",
    )


def _lines(diagnostic: Diagnostic, text: str) -> Iterator[SourceLine]:
    """The lines around a place, with what is meant marked."""
    lines = re.split(r"\r\n|\n", text)
    first = max(1, diagnostic.line - _AROUND)
    for number, line in enumerate(lines[first - 1 : diagnostic.line + _AROUND], first):
        if number != diagnostic.line:
            yield SourceLine(number, line[:_LONGEST])
        elif diagnostic.column > _LONGEST:
            yield SourceLine(number, line[:_LONGEST], True)
        else:
            start = diagnostic.column - 1
            end = min(diagnostic.end_column - 1 if diagnostic.end_column else start + 1, _LONGEST)
            yield SourceLine(number, line[:_LONGEST], True, (start, max(start, end)))
