"""Statements as lines of Python, before black.

Output is the bulk of a module and is written in black's own style already. black sees only a name in its place, and
the lines are put back afterwards: this is several times faster, and each line keeps its exact source line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyastro.compiler.generate.fstring import string_pieces
from pyastro.compiler.module import Block, Code, Dynamic, Line, Statement, Suite, Verbatim, Write

INDENT = "    "
LINE_LENGTH = 110

_PLACEHOLDER = re.compile(r"( *)__output_(\d+)__")


class Printer:
    """Prints statements; what is output is kept back in `writes`."""

    def __init__(self, write: str) -> None:
        self.write = write
        """The name that output is written to."""
        self.writes: list[Write] = []

    def lines(self, statements: Iterable[Statement], depth: int) -> Iterator[Line]:
        """The lines of statements, indented `depth` times, with a name in the place of each output."""
        for statement in statements:
            match statement:
                case Write(parts=[Dynamic(is_text=True) as only]):
                    yield Line(f"{INDENT * depth}{self.write}({only.code})", only.line)
                case Write():
                    yield Line(f"{INDENT * depth}__output_{len(self.writes)}__", statement.parts[0].line)
                    self.writes.append(statement)
                case Code():
                    yield from _indented(statement.lines, depth)
                case Verbatim():
                    yield from statement.lines
                case Suite():
                    yield from _indented(statement.header.lines, depth)
                    yield from self.lines(statement.body, depth + 1)
                case Block():
                    yield from self.lines(statement.body, depth)

    def with_output(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Lines in which the outputs stand in their places."""
        for line in lines:
            found = _PLACEHOLDER.fullmatch(line.text)
            if found is None:
                yield line
            else:
                yield from output_lines(self.writes[int(found[2])], found[1], self.write)


def _indented(lines: Sequence[Line], depth: int) -> Iterator[Line]:
    """The first line indented; the others stand inside brackets, or in a string that must stay as it is."""
    yield Line(INDENT * depth + lines[0].text, lines[0].source)
    yield from lines[1:]


def without_text(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The same statements, with each expression of the output as one of its own, and without its text."""
    for statement in statements:
        match statement:
            case Write(parts):
                for part in parts:
                    if isinstance(part, Dynamic):
                        yield Code((Line(f"({part.code})", part.line),))
            case Suite(header, body):
                yield Suite(header, tuple(without_text(body)) or (Code((Line("pass"),)),))
            case Block(body):
                yield from without_text(body)
            case _:
                yield statement


def output_lines(statement: Write, indent: str, write: str) -> Iterator[Line]:
    """The calls that write some output, as black lays them out.

    A literal stands for one line of the source. black would join literals that fit on one line, so these get calls of
    their own.
    """
    pieces = list(string_pieces(statement.parts))
    if (
        len(indent) + len(INDENT) + sum(len(p.text) + 1 for p in pieces) - 1 <= LINE_LENGTH
        or len(pieces) == 1
    ):
        for piece in pieces:
            yield from _call(piece, indent, write)
        return
    yield Line(f"{indent}{write}(", pieces[0].source)
    for piece in pieces:
        yield Line(f"{indent}{INDENT}{piece.text}", piece.source)
    yield Line(f"{indent})", pieces[0].source)


def _call(piece: Line, indent: str, write: str) -> Iterator[Line]:
    text = f"{indent}{write}({piece.text})"
    if len(text) <= LINE_LENGTH:
        yield Line(text, piece.source)
        return
    yield Line(f"{indent}{write}(", piece.source)
    yield Line(f"{indent}{INDENT}{piece.text}", piece.source)
    yield Line(f"{indent})", piece.source)
