"""Statements as lines of Python."""

from collections.abc import Iterable, Iterator, Sequence

from pyastro.compiler.generate.fstring import string_pieces
from pyastro.compiler.module import Code, Dynamic, Line, Statement, Suite, Verbatim, Write

INDENT = "    "


def print_statements(statements: Iterable[Statement], depth: int, write: str) -> Iterator[Line]:
    """The lines of statements, indented `depth` times; `write` is the name that output is written to."""
    for statement in statements:
        match statement:
            case Write():
                yield from _write(statement, INDENT * depth, write)
            case Code():
                yield from _indented(statement.lines, depth)
            case Verbatim():
                yield from statement.lines
            case Suite():
                yield from _indented(statement.header.lines, depth)
                yield from print_statements(statement.body, depth + 1, write)


def _indented(lines: Sequence[Line], depth: int) -> Iterator[Line]:
    """The first line indented; the others stand inside brackets, or in a string that must stay as it is."""
    yield Line(INDENT * depth + lines[0].text, lines[0].source)
    yield from lines[1:]


def _write(statement: Write, indent: str, write: str) -> Iterator[Line]:
    """One call, with an (f-)string for each line of the output."""
    only = statement.parts[0] if len(statement.parts) == 1 else None
    if isinstance(only, Dynamic):
        yield Line(f"{indent}{write}({only.code})", only.line)
        return
    pieces = list(string_pieces(statement.parts))
    if len(pieces) == 1:
        yield Line(f"{indent}{write}({pieces[0].text})", pieces[0].source)
        return
    first = statement.parts[0].line
    yield Line(f"{indent}{write}(", first)
    for piece in pieces:
        yield Line(f"{indent}{INDENT}{piece.text}", piece.source)
    yield Line(f"{indent})", first)
