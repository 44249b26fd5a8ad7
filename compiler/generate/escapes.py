"""Texts that are shown several times are escaped once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyastro.compiler.module import Block, Code, Dynamic, Escaped, Line, Statement, Static, Suite, Write


def escaped_once(statements: Sequence[Statement]) -> list[Statement]:
    """The same statements, where those of one suite share the escaped text of a name that they show more than once.

    Blocks are one suite each here, and none of their own afterwards.
    """
    counts = Counter(part.escaped.name for part in _parts(statements) if part.escaped)
    shared = {name for name, count in counts.items() if count > 1}
    bound: set[str] = set()
    found: list[Statement] = []
    is_after_block = False
    for statement in statements:
        match statement:
            case Write(parts) if shared:
                written = Write(tuple(_reading(part, shared) for part in parts))
                more: list[Statement] = [*_bindings(statement, shared, bound), written]
            case Suite(header, body):
                more = [Suite(header, tuple(escaped_once(body)))]
            case Block(body):
                more = escaped_once(body)
            case _:
                more = [statement]
        is_block = isinstance(statement, Block)
        _append(found, more, joins=is_block or is_after_block)
        is_after_block = is_block
    return found


def _append(found: list[Statement], more: list[Statement], joins: bool) -> None:
    """Append statements; `joins`: is output that begins with text a part of the output before it?

    What begins with an expression may have been parted from what comes before it on purpose.
    """
    match [*found[-1:], *more[:1]]:
        case [Write(before), Write(parts=[Static(), *_] as after)] if joins:
            found[-1:] = [Write((*before, *after))]
            found += more[1:]
        case _:
            found += more


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
        return part._replace(code=part.escaped.code)
    return part
