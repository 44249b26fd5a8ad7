"""Texts that are shown several times are escaped once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyastro.compiler.module import Code, Dynamic, Escaped, Line, Statement, Static, Suite, Write


def escaped_once(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The same statements, where those of one suite share the escaped text of a name that they show more than once."""
    counts = Counter(part.escaped.name for part in _parts(statements) if part.escaped)
    shared = {name for name, count in counts.items() if count > 1}
    bound: set[str] = set()
    for statement in statements:
        match statement:
            case Write(parts) if shared:
                yield from _bindings(statement, shared, bound)
                yield Write(tuple(_reading(part, shared) for part in parts))
            case Suite(header, body):
                yield Suite(header, tuple(escaped_once(body)))
            case _:
                yield statement


def _parts(statements: Iterable[Statement]) -> Iterator[Dynamic]:
    for statement in statements:
        if isinstance(statement, Write):
            yield from (part for part in statement.parts if isinstance(part, Dynamic))


def _bindings(statement: Write, shared: set[str], bound: set[str]) -> Iterator[Code]:
    """Binds the names that the output reads and that were not bound before."""
    for part in _parts([statement]):
        match part.escaped:
            case Escaped(name, value) if name in shared and name not in bound:
                bound.add(name)
                yield Code((Line(f"{name} = {value}", part.line),))


def _reading(part: Static | Dynamic, shared: set[str]) -> Static | Dynamic:
    if isinstance(part, Dynamic) and part.escaped and part.escaped.name in shared:
        return replace(part, code=part.escaped.code)
    return part
