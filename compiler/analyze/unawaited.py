"""Calls that are not awaited, and whose result is used as if they were: `if not Astro.session.get("user")` is never true."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from pyastro.compiler import messages
from pyastro.compiler.analyze.undefined import Reader, bindings
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.syntax_tree import walk

AwaitedName = Callable[[ast.AST], str | None]
"""What a call is called that does nothing until it is awaited; None for any other node."""


def unawaited(readers: Sequence[Reader], awaited_name: AwaitedName) -> list[Problem]:
    """What is said of such calls, and of those whose result is used by a name that nothing else binds.

    A call that is handed on, or shown by the template, may be awaited later.
    """
    if not any(awaited_name(node) for reader in readers for node in walk(reader.tree)):  # nearly always
        return []
    used = [(reader, node) for reader in readers for each in walk(reader.tree) for node in _operands(each)]
    problems = [
        messages.missing_await(reader.span(node), name, False)
        for reader, node in used
        if (name := awaited_name(node)) is not None
    ]
    names = {node.id for _, node in used if isinstance(node, ast.Name)}
    return problems + list(_by_name(readers, names, awaited_name))


def _by_name(readers: Sequence[Reader], used: set[str], awaited_name: AwaitedName) -> Iterator[Problem]:
    """What is said of calls whose result has a name that is used."""
    calls = [
        (target, call, reader)
        for reader in readers
        for node in walk(reader.tree)
        for target, call in _assigned(node)
        if awaited_name(call)
    ]
    counts = Counter(target for target, _, _ in calls)
    bound = Counter(name for reader in readers for name in bindings(reader.tree))
    for target, call, reader in calls:
        if target in used and bound[target] == counts[target]:
            name = awaited_name(call)
            assert name is not None
            yield messages.missing_await(reader.span(call), name, False)


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The name that an assignment binds, and to what."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.NamedExpr(target=ast.Name(id=name), value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            yield name, value


def _operands(node: ast.AST) -> Iterable[ast.AST]:
    """The operands of which a node needs the value at once: it tests, compares, counts or reads them."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return [test]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.BoolOp(values=values):
            return values[:-1]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.comprehension(iter=iterable, ifs=tests, is_async=0):
            return [iterable, *tests]
        case ast.For(iter=iterable):
            return [iterable]
        case ast.Match(subject=subject):
            return [subject]
        case ast.FormattedValue(value=value):
            return [value]
        case ast.Attribute(value=ast.Name() as value) | ast.Subscript(value=ast.Name() as value):
            return [value]
    return []
