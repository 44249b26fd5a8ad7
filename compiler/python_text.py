"""Reading over Python without parsing it: where a string ends, and whether `<` may begin markup.

Only what the scanner must know is read here. Whether the Python is right is told by Python's own parser, later.
"""

import keyword
import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\n\f]|\\\r?\n)+)
      | (?P<comment>\#[^\n]*)
      | (?P<string>(?:[bBuU]|[bB]?[rR][bB]?|[fFtT][rR]?|[rR][fFtT])?(?:\"\"\"|\'\'\'|\"|\'))
      | (?P<name>[^\W\d]\w*)
      | (?P<number>\.?\d(?:[\w.]|(?<=[eE])[+-])*)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<other><<|.)""",
    re.VERBOSE | re.DOTALL,
)
"""One token of Python, as coarse as the scanner needs it."""

OPERATOR_WORDS = frozenset(keyword.kwlist) - {"None", "True", "False"}
"""Names after which an operand follows."""

_STRING_STOP = {
    quote: re.compile(rf"\\.|{quote}" + ("" if len(quote) == 3 else r"|\n"), re.DOTALL)
    for quote in ("'", '"', "'''", '"""')
}
_FSTRING_STOP = {
    quote: re.compile(rf"\\[^{{]|\\(?={{)|{quote}|{{{{|{{" + ("" if len(quote) == 3 else r"|\n"), re.DOTALL)
    for quote in ("'", '"', "'''", '"""')
}


class Unterminated(Exception):
    """A string or an f-string's replacement field that does not end; `start` is where it begins."""

    def __init__(self, start: int) -> None:
        self.start = start


class TooDeep(Unterminated):
    """An f-string in so many others that no Python reads it."""


MAX_DEPTH = 150
"""How deep f-strings, and specs in specs, may nest: Python's own limit."""


def is_fstring(prefix: str) -> bool:
    """Does this string prefix (with its quotes) begin an f-string or a template string?"""
    return prefix[0] in "fFtT" or prefix[1:2] in ("f", "F", "t", "T")


def string_end(text: str, opening: "re.Match[str]", depth: int = 0) -> int:
    """The offset after the string literal that `opening`, a match of TOKEN, begins; `depth` f-strings are around it."""
    prefix = opening.group()
    quote = prefix.lstrip("bBuUrRfFtT")
    if is_fstring(prefix):
        return _fstring_end(text, opening, quote, depth)
    stop = _STRING_STOP[quote]
    at = opening.end()
    while found := stop.search(text, at):
        at = found.end()
        if found.group() == quote:
            return at
        if found.group() == "\n":
            break
    raise Unterminated(opening.start())


def _fstring_end(text: str, opening: "re.Match[str]", quote: str, depth: int) -> int:
    start, at = opening.span()
    stop = _FSTRING_STOP[quote]
    while found := stop.search(text, at):
        at = found.end()
        what = found.group()
        if what == quote:
            return at
        if what == "\n":
            break
        if what == "{":
            at = _field_end(text, at, start, depth + 1)
    raise Unterminated(start)


def _field_end(text: str, at: int, start: int, depth: int) -> int:
    """The offset after the `}` of the replacement field whose inside begins at `at`."""
    if depth > MAX_DEPTH:
        raise TooDeep(start)
    brackets = ""
    while token := TOKEN.match(text, at):
        kind, at = token.lastgroup, token.end()
        if kind == "string":
            at = string_end(text, token, depth)
        elif kind == "open":
            brackets += token.group()
        elif kind == "close":
            if token.group() == "}" and "{" not in brackets:
                return at
            brackets = brackets[:-1]
        elif not brackets and token.group() == ":":
            return spec_end(text, at, start, depth) + 1
    raise Unterminated(start)


def spec_end(text: str, at: int, start: int, depth: int = 0) -> int:
    """The offset of the `}` that ends the format spec which begins at `at`."""
    while (found := _SPEC_STOP.search(text, at)) is not None:
        if found.group() == "}":
            return found.start()
        at = _field_end(text, found.end(), start, depth + 1)
    raise Unterminated(start)


_SPEC_STOP = re.compile(r"[{}]")


# ---------------------------------------------------------------- what stands in an f-string


def fstring_expressions(text: str) -> Iterator[tuple[int, int]]:
    """Where the expressions stand that the f-strings of some Python hold, those in their format specs included.

    Expressions inside these are not told apart: whoever reads one asks again. Raises `Unterminated`.
    """
    at = 0
    while token := TOKEN.match(text, at):
        at = token.end()
        if token.lastgroup == "string":
            at = string_end(text, token)
            if is_fstring(token.group()):
                yield from _fields_between(text, token.end(), at - len(token.group().lstrip("fFrRtT")))


def spec_expressions(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where the expressions of a format spec stand."""
    while (at := text.find("{", start, stop)) >= 0:
        start = _field_end(text, at + 1, at, 1)
        yield from _field_expressions(text, at + 1, start - 1)


def _fields_between(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The expressions of the replacement fields in the text of an f-string."""
    while (at := text.find("{", start, stop)) >= 0:
        if text.startswith("{{", at):
            start = at + 2
            continue
        start = _field_end(text, at + 1, at, 1)
        yield from _field_expressions(text, at + 1, start - 1)


def _field_expressions(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The expression of a replacement field, and those of its spec."""
    at, brackets = start, 0
    while at < stop and (token := TOKEN.match(text, at)):
        if token.lastgroup == "string":
            at = string_end(text, token)
            continue
        brackets += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
        if not brackets and (token.group() == ":" or _CONVERSION.match(text, at)):
            break
        at = token.end()
    yield start, start + len(_DEBUG.sub("", text[start:at]))
    if text[at] == ":" or (text[at] == "!" and (at := text.find(":", at, stop)) >= 0):
        yield from spec_expressions(text, at + 1, stop)


_CONVERSION = re.compile(r"!(?!=)")
_DEBUG = re.compile(r"(?<![=!<>:])=\s*$")
