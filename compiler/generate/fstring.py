"""String literals and f-strings that any Python from 3.11 on reads alike.

Before 3.12 an expression in an f-string holds no backslash, no `#` and not the quotes of the f-string itself. The
first two are kept out by the transform phase; here the quotes are chosen.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyastro.compiler.module import Dynamic, Line, Static

WIDTH = 80
"""How wide a literal may get by joining lines of the output."""

_QUOTES = ('"', "'", '"""', "'''")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string_pieces(parts: Sequence[Static | Dynamic]) -> Iterator[Line]:
    """The literals that together are the output: a new one for each line of the source, short ones joined."""
    piece: list[Static | Dynamic] = []
    width = 0
    for line in _lines(parts):
        added = sum(_width(part) for part in line)
        if piece and (width + added > WIDTH or len(_sources([*piece, *line])) > 1):
            yield _piece(piece)
            piece, width = [], 0
        piece += line
        width += added
    if piece:
        yield _piece(piece)


def _piece(parts: Sequence[Static | Dynamic]) -> Line:
    """The literal, and the source line that it stands for: that of its expressions if it has any."""
    return Line(literal(parts), min(_sources(parts), default=parts[0].line))


def _sources(parts: Sequence[Static | Dynamic]) -> set[int]:
    return {part.line for part in parts if isinstance(part, Dynamic)}


def _width(part: Static | Dynamic) -> int:
    return len(part.code) + 2 if isinstance(part, Dynamic) else len(part.text) + part.text.count("\n")


def _lines(parts: Sequence[Static | Dynamic]) -> Iterator[list[Static | Dynamic]]:
    """The parts of each line of the output; an expression of another line of the source begins a new one."""
    line: list[Static | Dynamic] = []
    for part in _by_line(parts):
        if isinstance(part, Dynamic) and _sources(line) - {part.line}:
            yield line
            line = []
        line.append(part)
        if isinstance(part, Static) and part.text.endswith("\n"):
            yield line
            line = []
    if line:
        yield line


def _by_line(parts: Iterable[Static | Dynamic]) -> Iterator[Static | Dynamic]:
    for part in parts:
        if isinstance(part, Dynamic):
            yield part
            continue
        for i, text in enumerate(part.text.split("\n")):
            is_last = i == part.text.count("\n")
            if text or not is_last:
                yield Static(text if is_last else text + "\n", part.line + i)


def literal(parts: Sequence[Static | Dynamic]) -> str:
    """One literal for some output."""
    codes = [part.code for part in parts if isinstance(part, Dynamic)]
    text = "".join(part.text for part in parts if isinstance(part, Static))
    quote = _quote(text, codes)
    if not codes:
        return quote + escape(text, quote) + quote
    inside = "".join(
        (
            _field(part.code)
            if isinstance(part, Dynamic)
            else escape(part.text, quote).replace("{", "{{").replace("}", "}}")
        )
        for part in parts
    )
    return f"f{quote}{inside}{quote}"


def _field(code: str) -> str:
    return f"{{ {code}}}" if code.startswith("{") else f"{{{code}}}"


def _quote(text: str, codes: Sequence[str]) -> str:
    """The quotes that no expression has, and among these, those that need the fewest escapes."""
    allowed = [q for q in _QUOTES if not any(q in code for code in codes)]
    single = [q for q in allowed if len(q) == 1]
    if single:
        return min(single, key=text.count)
    return next(iter(allowed), '"""')


def escape(text: str, quote: str) -> str:
    """Text as it stands between those quotes."""
    text = text.replace("\\", "\\\\")
    text = text.replace(quote, "\\" + quote) if len(quote) == 1 else text.replace(quote[0], "\\" + quote[0])
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(found: "re.Match[str]") -> str:
    char = found.group()
    if char in _NAMED:
        return _NAMED[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


TEXT_BLOCK_BEGINNING, TEXT_BLOCK_END = '"""\\', '"""'


def text_block(text: str) -> str:
    """A string literal over several lines, to be read as it stands."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"""').replace("\r", "\\r")
    escaped = "".join(c if c in "\n\t" or c.isprintable() else _escaped(re.match("(?s).", c)) for c in escaped)  # type: ignore[arg-type]  # one character matches
    return f"{TEXT_BLOCK_BEGINNING}\n{escaped}\n{TEXT_BLOCK_END}"
