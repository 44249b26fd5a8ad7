"""Where the frontmatter begins and ends."""

import re
from typing import NamedTuple

from pyastro.compiler.python_text import TOKEN, Unterminated, string_end

_OPENING = re.compile(r"(?:\s|<!--(?s:.)*?-->)*---[ \t]*(?=\r?\n|$)")
_CLOSING = re.compile(r"^---[ \t]*(?=\r?$)", re.MULTILINE)
_ALMOST_OPENING = re.compile(r"\s*(---)-*(?!-)[^\n]*\n(?=(?s:.)*^---[ \t]*\r?$)", re.MULTILINE)
_ALMOST_CLOSING = re.compile(r"^[ \t]*(---+)", re.MULTILINE)
_STRING_OR_COMMENT = re.compile(r"#[^\n]*|\b[A-Za-z]{0,2}(?:\"\"\"|\'\'\'|\"|\')|\"\"\"|\'\'\'|\"|\'")


class Fences(NamedTuple):
    """The frontmatter's place between its fences, and where the template begins."""

    start: int
    end: int | None
    """None where no line closes it."""
    template: int
    is_exact: bool = True
    """Does the closing fence stand alone on its line, and at its beginning?"""


def find_fences(text: str) -> Fences | None:
    """The fences of a component; None if it has no frontmatter."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    for pattern, is_exact in ((_CLOSING, True), (_ALMOST_CLOSING, False)):
        found = _outside_strings(pattern, text, start)
        if found is not None:
            return Fences(start, found.start(), found.end(), is_exact)
    return Fences(start, None, len(text))


def almost_opening(text: str) -> tuple[int, int] | None:
    """Three dashes that look like an opening fence, but something stands behind them."""
    found = _ALMOST_OPENING.match(text)
    return found.span(1) if found else None


def _outside_strings(pattern: "re.Pattern[str]", text: str, start: int) -> "re.Match[str] | None":
    """The first match that is not inside a string of the frontmatter."""
    fence = pattern.search(text, start)
    at = start
    while fence is not None and (found := _STRING_OR_COMMENT.search(text, at, fence.start())):
        at = found.end()
        opening = TOKEN.match(text, found.start())
        if opening is not None and opening.lastgroup == "string":
            try:
                at = string_end(text, opening)
            except Unterminated:
                return fence
            if at > fence.start():
                fence = pattern.search(text, at)
    return fence
