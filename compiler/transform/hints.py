"""What annotations promise of a value's type: which of its tests comes first, and nothing else.

A value of another type than was promised is rendered all the same, a little more slowly.
"""

import ast
from collections.abc import Iterable, Mapping
from types import EllipsisType

from pyastro.compiler.analyze.props import Field
from pyastro.compiler.analyze.scope import target_names

Hints = Mapping[str, ast.expr]
"""The annotations of names."""

_KINDS = frozenset({"str", "int", "float"})
_SERIES = frozenset(
    "list tuple set frozenset Sequence Iterable Iterator Collection AbstractSet AsyncIterable AsyncIterator".split()
)


def field_hints(fields: Iterable[Field]) -> dict[str, ast.expr]:
    """What `class Props` promises."""
    return {field.name: field.annotation for field in fields}


def kind_of(node: ast.expr, hints: Hints) -> str | None:
    """`str`, `int` or `float` where an expression promises to be one, or None."""
    match node:
        case ast.Name(id=name) if name in hints:
            annotation = _without_none(hints[name])
            return annotation.id if isinstance(annotation, ast.Name) and annotation.id in _KINDS else None
        case ast.Call(func=ast.Name(id="len" | "int" | "sum" | "round")):
            return "int"
    return None


def loop_hints(target: ast.expr, iterable: ast.expr, hints: Hints) -> dict[str, ast.expr]:
    """What is promised of the names that a loop binds."""
    if isinstance(target, ast.Name) and isinstance(iterable, ast.Name) and iterable.id in hints:
        item = _item(_without_none(hints[iterable.id]))
        return {} if item is None else {target.id: item}
    match target, iterable:
        case ast.Tuple(elts=[ast.Name(id=index), other]), ast.Call(
            func=ast.Name(id="enumerate"), args=[inner, *_]
        ):
            return {index: ast.Name("int"), **loop_hints(other, inner, hints)}
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
            return {name: ast.Name("int")}
    return {}


def inside_loop(target: ast.expr, iterable: ast.expr, hints: Hints) -> Hints:
    """What is promised inside a loop: its names are no others' any more."""
    bound = target_names(target)
    kept = {name: annotation for name, annotation in hints.items() if name not in bound}
    return {**kept, **loop_hints(target, iterable, hints)}


def _item(annotation: ast.expr) -> ast.expr | None:
    """The type of the items of a series."""
    if not isinstance(annotation, ast.Subscript):
        return None
    name = annotation.value.attr if isinstance(annotation.value, ast.Attribute) else annotation.value
    name = name.id if isinstance(name, ast.Name) else name
    match annotation.slice:
        case ast.Tuple(elts=[item, ast.Constant(value=EllipsisType())]) if name == "tuple":
            return item
        case ast.Tuple():
            return None
        case item:
            return item if name in _SERIES else None


def _without_none(annotation: ast.expr) -> ast.expr:
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return left
        case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=right):
            return right
    return annotation
