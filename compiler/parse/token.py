"""What the scanner hands to Lark's parser: much lighter than Lark's own tokens, which are strings with eight attributes."""

from collections.abc import Iterable, Iterator
from typing import ClassVar


class _Placeless:
    """What Lark asks of the last token, to tell where a text ends; we have places of our own."""

    __slots__ = ()
    start_pos = end_pos = line = column = end_line = end_column = None


class Token(_Placeless):
    """A terminal: its name in the grammar, its text, and its place in the source."""

    __slots__ = ("end", "start", "text", "type")

    def __init__(self, type: str, text: str, start: int, end: int) -> None:
        self.type = type
        self.text = text
        self.start = start
        self.end = end


class Run(_Placeless):
    """Neighbouring tokens of which each is a piece of content by itself: the parser sees only one, a text."""

    __slots__ = ("tokens",)
    type: ClassVar[str] = "TEXT"

    def __init__(self, first: Token) -> None:
        self.tokens = [first]


_PIECES = frozenset(
    {"TEXT", "RAW_TEXT", "COMMENT", "CDATA", "DOCTYPE", "TAG", "END_TAG", "SIMPLE_EXPRESSION"}
)
_STARTS = _PIECES - {"SIMPLE_EXPRESSION"}
"""Those that are a piece of content wherever they stand: the others may be the first thing in a tag."""


def runs(tokens: Iterable[Token]) -> Iterator[Token | Run]:
    """The tokens, with runs of content made one: most of a component is content that nothing in it tells apart."""
    run: Run | None = None
    for token in tokens:
        kind = token.type
        if run is None:
            if kind in _STARTS:
                run = Run(token)
            else:
                yield token
        elif kind in _PIECES or kind == "TEMPLATE_COMMENT":
            run.tokens.append(token)
        else:
            yield run
            run = None
            yield token
    if run is not None:
        yield run
