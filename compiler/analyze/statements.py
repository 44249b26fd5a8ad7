"""Where the statements of a text begin that Python cannot read as a whole."""

from collections.abc import Iterator

from pyastro.compiler.python_text import TOKEN, Unterminated, string_end

_CLAUSES = frozenset({"elif", "else", "except", "finally"})
_STARTS = frozenset({"name", "number", "string", "open"})
_NEVER_IN_BRACKETS = frozenset(
    """assert break class const continue def del export from function global import interface let nonlocal pass raise
    return try var while with""".split()
)
"""Words that begin a statement even where a bracket seems to be open."""


def statement_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The range of each statement at the top level, as far as it can be told.

    Only what begins a line counts, outside of brackets and strings; of JavaScript also outside of its comments and
    strings in backticks, so that no part of a mistake is taken for a statement.
    """
    start = None
    for each in _starts(text):
        if start is not None:
            yield start, each
        start = each
    if start is not None:
        yield start, len(text)


def _starts(text: str) -> Iterator[int]:
    depth = at = 0
    is_decorated = False
    while token := TOKEN.match(text, at):
        begin, kind, word = token.start(), token.lastgroup, token.group()
        is_first = begin == 0 or (text[begin - 1] == "\n" and text[begin - 2 : begin - 1] != "\\")
        if is_first and word in _NEVER_IN_BRACKETS:
            depth = 0
        if is_first and not depth and (kind in _STARTS or word in "@/") and word not in _CLAUSES:
            if not is_decorated:
                yield begin
            is_decorated = word == "@"
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        end = _end(text, at, is_first) if kind in ("string", "other") else token.end()
        if end is None:
            return
        at = end


def _end(text: str, at: int, is_first: bool) -> int | None:
    """Where a string, or what JavaScript has in its place, ends; None where all of the rest belongs to it."""
    token = TOKEN.match(text, at)
    assert token is not None
    if token.lastgroup == "string":
        try:
            return string_end(text, token)
        except Unterminated:
            return _line_end(text, at) if len(token.group().lstrip("bBfFrRtTuU")) == 1 else None
    if text.startswith("//", at) and is_first:
        return _line_end(text, at)
    closing = {"/*": "*/", "`": "`"}.get(text[at : at + 2] if token.group() == "/" else token.group())
    if closing is None:
        return token.end()
    found = text.find(closing, at + len(closing))
    return found + len(closing) if found >= 0 else None


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
