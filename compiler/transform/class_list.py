"""`class:list` of which the shape is known: what can be decided at compile time is."""

import ast
from collections.abc import Iterator

from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.transform.pieces import Piece, string_pieces
from pyastro.compiler.transform.python import argument, fits_into_fstring
from pyastro.compiler.transform.state import State


def class_pieces(state: State, parsed: ParsedExpression) -> list[Piece] | None:
    """The value of the attribute in pieces. None where it must be worked out at run time.

    `["card", {"on": x}]` is `card`, then `" on" if x else ""`. The first class must be there in any case, so that the
    attribute is, and each piece behind it can begin with a space.
    """
    items = parsed.tree.elts if isinstance(parsed.tree, ast.List | ast.Tuple) else [parsed.tree]
    pieces: list[Piece] = []
    for item in items:
        found = list(_item(state, parsed, item))
        if not found:
            return None
        pieces += found
    if not pieces or pieces[0].is_code:
        return None
    if any(piece.is_code and not fits_into_fstring(piece.text) for piece in pieces):
        return None
    return [Piece(pieces[0].text[1:]), *pieces[1:]]


def _item(state: State, parsed: ParsedExpression, item: ast.expr) -> Iterator[Piece]:
    """The pieces of one item of the list, each with a space before it; nothing for one of another shape."""
    match item:
        case ast.Constant(value=str(name)) if _is_class(name):
            yield Piece(f" {name}")
        case ast.JoinedStr() if _begins_with_text(item):
            yield Piece(" ")
            code = f"{state.helper('escape')}({argument(state, parsed, item)})"
            yield from string_pieces(state, item) or [Piece(code, True)]
        case ast.Dict(keys=keys, values=values) if all(map(_is_name, keys)):
            for key, value in zip(keys, values, strict=True):
                yield Piece(f'" {key.value}" if {argument(state, parsed, value)} else ""', True)  # type: ignore[union-attr]
        case ast.BoolOp(op=ast.And(), values=[test, ast.Constant(value=str(name))]) if _is_class(name):
            yield Piece(f'" {name}" if {argument(state, parsed, test)} else ""', True)
        case ast.IfExp(test=test, body=body, orelse=otherwise) if _is_name(body) and _is_name(otherwise):
            then, other = body.value, otherwise.value  # type: ignore[attr-defined]
            yield Piece(f'" {then}" if {argument(state, parsed, test)} else " {other}"', True)


def _is_name(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_class(node.value)


def _is_class(text: str) -> bool:
    """Is this one or more classes that stand in an attribute and in a literal as they are?"""
    return (
        bool(text) and text == " ".join(text.split()) and not set(text) & set("&<>\"'\\{}") and text.isascii()
    )


def _begins_with_text(node: ast.expr) -> bool:
    """Is this an f-string that is never empty, and begins with a class's name?"""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return not text[:1].isspace() and bool(text)
    return False
