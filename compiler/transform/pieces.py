"""Output in pieces: what stands there is escaped at compile time, what is not known is written value by value."""

import ast
from collections.abc import Callable, Iterable
from html import escape as escape_html
from typing import NamedTuple

from pyastro.compiler.module import Escaped
from pyastro.compiler.transform.hints import kind_of
from pyastro.compiler.transform.state import State


class Piece(NamedTuple):
    """A text as it is written, or the code of one."""

    text: str
    is_code: bool = False
    is_text: bool = True
    """Does the code certainly give a `str`?"""
    escaped: Escaped | None = None


def escaped(text: str) -> str:
    """A text with the character references that the runtime writes."""
    return escape_html(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")


def value_piece(
    state: State,
    code: str,
    kind: str | None,
    otherwise: Callable[[str], str],
    attribute: str | None = None,
) -> Piece:
    """What a value renders, or an attribute of it. One of the type that it promises to be is written at once, a `str`
    where it promises none; `otherwise` gives the code for the rest, from that of the value.
    """
    name = code if code.isidentifier() else state.value()
    given = code if name == code else f"({name} := {code})"
    rest, is_text = otherwise(name), kind in (None, "str")
    text = f"{state.helper('escape')}({name})" if is_text else name
    test = f"{given}.__class__ is {kind or 'str'}"
    plain = f"{_written(text, attribute)} if {test} else {rest}"
    kept = None
    if is_text and name == code and state.keeps(name):
        html = state.names.get(f"{name}_html")
        is_escaped = f"{html} is not None"
        kept = Escaped(
            html, f"{text} if {test} else None", f"{_written(html, attribute)} if {is_escaped} else {rest}"
        )
    return Piece(plain, True, is_text or attribute is not None, kept)


def _written(text: str, attribute: str | None) -> str:
    return text if attribute is None else f"""f' {attribute}="{{{text}}}"'"""


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
            return value_piece(
                state, ast.unparse(value), kind, lambda name: f"{state.helper('formatted')}({name})"
            )
    return None


def _is_name(node: ast.expr) -> bool:
    """Is this a name, or an attribute of one?"""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_name(node.value))


def write_pieces(state: State, pieces: Iterable[Piece], offset: int, line: int | None = None) -> None:
    """Append pieces, which begin at an offset of the source; `line` is that of the code in them, if it is another."""
    line = state.line(offset) if line is None else line
    for piece in pieces:
        if piece.is_code:
            state.body.dynamic(piece.text, line, piece.is_text, piece.escaped)
        else:
            state.static(piece.text, offset)
