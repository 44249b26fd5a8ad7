"""A component's tree as text, to be compared and read."""

from collections.abc import Iterator
from typing import Any

from pyastro.compiler import Source
from pyastro.compiler.parse import parse


def tree_text(text: str) -> str:
    """The tree of a source: a line for each node, with its fields and the place where it begins."""
    source = Source("input.astro", text)
    return "\n".join(_lines(parse(source).root, source, 0)) + "\n"


def _lines(node: Any, source: Source, depth: int) -> Iterator[str]:
    inside = [
        name
        for name in node._fields
        if _is_inside(getattr(node, name)) and not name.endswith(("span", "tag"))
    ]
    plain = [name for name in node._fields if name not in inside and not name.endswith(("span", "tag"))]
    line, column = source.location(node.span.start)
    shown = "".join(
        f" {name}={getattr(node, name)!r}" for name in plain if getattr(node, name) not in (None, False, ())
    )
    yield f"{'  ' * depth}{type(node).__name__} {line}:{column}{shown}"
    for name in inside:
        value = getattr(node, name)
        for child in (value,) if hasattr(value, "_fields") else value:
            yield from _lines(child, source, depth + 1)


def _is_inside(value: Any) -> bool:
    """Does a field hold nodes?"""
    if hasattr(value, "_fields"):
        return True
    return isinstance(value, tuple) and bool(value) and all(hasattr(each, "_fields") for each in value)
