"""String literals and f-strings that any Python from 3.11 on reads alike.

Before 3.12 an expression in an f-string holds no backslash, no `#` and not the quotes of the f-string itself. The
first two are kept out by the transform phase; here the quotes are chosen.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pyastro.compiler.module import Dynamic, Line, Static

WIDTH = 80
"""How wide a literal may get by joining lines of the output."""

_QUOTES = ('"', "'", '"""', "'''")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(slots=True, eq=False, repr=False)
class _Piece:
    """Parts of the output that become one literal."""

    parts: list[Static | Dynamic] = field(default_factory=list)
    width: int = 0
    source: int | None = None
    """The source line of its expressions."""

    def add(self, part: Static | Dynamic) -> None:
        """Append a part, which ends a line at most."""
        self.parts.append(part)
        if isinstance(part, Dynamic):
            self.width += len(part.code) + 2
            self.source = part.line
        else:
            self.width += len(part.text) + part.text.endswith("\n")

    def fits(self, line: "_Piece") -> bool:
        """May a line of the output be a part of it as well?"""
        is_alike = self.source is None or line.source is None or self.source == line.source
        return is_alike and self.width + line.width <= WIDTH

    def join(self, line: "_Piece") -> None:
        """Append a line of the output."""
        self.parts += line.parts
        self.width += line.width
        self.source = line.source if self.source is None else self.source

    def literal(self) -> Line:
        """The literal, and the source line that it stands for: that of its expressions if it has any."""
        return Line(literal(self.parts), self.parts[0].line if self.source is None else self.source)


def string_pieces(parts: Sequence[Static | Dynamic]) -> Iterator[Line]:
    """The literals that together are the output: a new one for each line of the source, short ones joined."""
    piece: _Piece | None = None
    for line in _lines(parts):
        if piece is None:
            piece = line
        elif piece.fits(line):
            piece.join(line)
        else:
            yield piece.literal()
            piece = line
    if piece is not None:
        yield piece.literal()


def _lines(parts: Sequence[Static | Dynamic]) -> Iterator[_Piece]:
    """The lines of the output; an expression of another line of the source begins a new one."""
    line = _Piece()
    for part in parts:
        if isinstance(part, Dynamic):
            if line.source is not None and line.source != part.line:
                yield line
                line = _Piece()
            line.add(part)
            continue
        if "\n" not in part.text:
            line.add(part)
            continue
        *ended, rest = part.text.split("\n")
        for number, text in enumerate(ended):
            line.add(Static(text + "\n", part.line + number))
            yield line
            line = _Piece()
        if rest:
            line.add(Static(rest, part.line + len(ended)))
    if line.parts:
        yield line


def literal(parts: Sequence[Static | Dynamic]) -> str:
    """One literal for some output."""
    codes = [part.code for part in parts if isinstance(part, Dynamic)]
    text = "".join([part.text for part in parts if isinstance(part, Static)])
    quote = _quote(text, codes) if codes or '"' in text else '"'
    if not codes:
        return quote + escape(text, quote) + quote
    joined = list(_joined(parts))
    inside = "".join(
        (
            _field(part.code)
            if isinstance(part, Dynamic)
            else escape(part.text, quote, part is joined[-1]).replace("{", "{{").replace("}", "}}")
        )
        for part in joined
    )
    return f"f{quote}{inside}{quote}"


def _joined(parts: Sequence[Static | Dynamic]) -> Iterator[Static | Dynamic]:
    """The parts, with neighbouring texts as one."""
    for is_text, group in groupby(parts, key=lambda part: isinstance(part, Static)):
        if is_text:
            texts = [part for part in group if isinstance(part, Static)]
            yield texts[0] if len(texts) == 1 else Static("".join(t.text for t in texts), texts[0].line)
        else:
            yield from group


def _field(code: str) -> str:
    return f"{{ {code}}}" if code.startswith("{") else f"{{{code}}}"


def _quote(text: str, codes: Sequence[str]) -> str:
    """The quotes that no expression has, and among these, those that need the fewest escapes."""
    allowed = [q for q in _QUOTES if not any(q in code for code in codes)]
    single = [q for q in allowed if len(q) == 1]
    if single:
        return min(single, key=text.count)
    return next(iter(allowed), '"""')


def escape(text: str, quote: str, is_end: bool = True) -> str:
    """Text as it stands between those quotes; `is_end`: do they close behind it?"""
    text = text.replace("\\", "\\\\")
    if len(quote) == 1 or (is_end and text.endswith(quote[0])):
        text = text.replace(quote[0], "\\" + quote[0])
    else:
        text = text.replace(quote, f"\\{quote[0]}" * 3)
    if text.isascii():
        named = text.replace("\n", "\\n")
        if named.isprintable():  # nearly always
            return named
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
