"""Output in pieces: what stands there is escaped at compile time, what is not known is written value by value."""

import ast
from collections.abc import Iterable
from html import escape as escape_html
from typing import NamedTuple

from pyastro.compiler.transform.hints import kind_of
from pyastro.compiler.transform.state import State


class Piece(NamedTuple):
    """A text as it is written, or the code of one."""

    text: str
    is_code: bool = False
    is_text: bool = True
    """Does the code certainly give a `str`?"""


def escaped(text: str) -> str:
    """A text with the character references that the runtime writes."""
    return escape_html(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")


def at_once(state: State, name: str, kind: str | None) -> str:
    """The code that writes the value of a name, where its type is known to be `kind`."""
    return name if kind in ("int", "float") else f"{state.helper('escape')}({name})"


def string_pieces(state: State, node: ast.expr) -> list[Piece] | None:
    """An f-string in pieces, where names stand in it without conversion or format; else None."""
    if not isinstance(node, ast.JoinedStr):
        return None
    pieces = [_piece(state, each) for each in node.values]
    return [each for each in pieces if each is not None] if None not in pieces else None


def _piece(state: State, node: ast.expr) -> Piece | None:
    match node:
        case ast.Constant(value=str(text)):
            return Piece(escaped(text))
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None) if _is_name(value):
            kind = kind_of(value, state.hints)
            return Piece(_format_code(state, ast.unparse(value), kind), True, kind in (None, "str"))
    return None


def _is_name(node: ast.expr) -> bool:
    """Is this a name, or an attribute of one?"""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_name(node.value))


def _format_code(state: State, code: str, kind: str | None) -> str:
    """The code that gives the text of a value as an f-string writes it."""
    name = code if code.isidentifier() else state.value()
    given = code if name == code else f"({name} := {code})"
    otherwise = f"{state.helper('formatted')}({name})"
    return f"{at_once(state, name, kind)} if {given}.__class__ is {kind or 'str'} else {otherwise}"


def write_pieces(state: State, pieces: Iterable[Piece], offset: int, line: int | None = None) -> None:
    """Append pieces, which begin at an offset of the source; `line` is that of the code in them, if it is another."""
    line = state.line(offset) if line is None else line
    for piece in pieces:
        if piece.is_code:
            state.body.dynamic(piece.text, line, piece.is_text)
        else:
            state.static(piece.text, offset)
