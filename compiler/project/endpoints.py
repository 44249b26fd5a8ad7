"""What an endpoint, a `.py` file below the pages, says of itself: its handlers, and whether it is rendered ahead."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.python_file import PythonFile
from pyastro.compiler.syntax_tree import walk

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ALL")
OLDER_NAMES = {method.lower(): method for method in METHODS}
"""The names of handlers in guides older than Astro 3."""


class Endpoint(NamedTuple):
    """An endpoint as its text tells."""

    methods: tuple[str, ...]
    """The methods that it handles, in the order of `METHODS`; `*` where it imports names that are not written out."""
    prerender: bool | None = None
    """Is it rendered ahead? None where it does not say."""


def read_endpoint(file: PythonFile) -> tuple[Endpoint, list[Diagnostic]]:
    """What an endpoint defines, and what is wrong with it."""
    found: set[str] = set()
    older: dict[str, ast.stmt] = {}
    prerender: bool | None = None
    problems: list[Diagnostic] = []
    for statement in _top_level(file.tree.body):
        found |= _handlers(statement)
        older |= _older_handler(statement)
        value = _prerender(statement)
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            prerender = value.value
        elif value is not None:
            column = statement.col_offset + 1
            problems.append(messages.literal_expected(file.path, statement.lineno, column, "prerender"))
    if found:
        for name, statement in older.items():
            place = statement.lineno, statement.col_offset + 1
            problems.append(messages.handler_in_lower_case(file.path, *place, name))
    else:
        found = {OLDER_NAMES[name] for name in older}
    if not found:
        problems.append(messages.endpoint_without_handler(file.path))
    order = [*METHODS, "*"]
    return Endpoint(tuple(sorted(found, key=order.index)), prerender), problems


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those inside `if`, `try` and `with` included."""
    for statement in body:
        yield statement
        match statement:
            case ast.If(body=inner, orelse=other):
                yield from _top_level([*inner, *other])
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
                yield from _top_level([*inner, *(s for h in handlers for s in h.body), *other, *final])
            case ast.With(body=inner):
                yield from _top_level(inner)


def _handlers(statement: ast.stmt) -> set[str]:
    """The methods for which a statement binds a handler."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return _methods([name])
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            bound = [alias.asname or alias.name.partition(".")[0] for alias in aliases]
            return _methods(bound) | ({"*"} if "*" in bound else set())
        case ast.Assign(targets=targets):
            return _methods([n.id for t in targets for n in walk(t) if isinstance(n, ast.Name)])
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()) | ast.ClassDef(name=name):
            return _methods([name])
    return set()


def _older_handler(statement: ast.stmt) -> dict[str, ast.stmt]:
    """A handler by its older name, which counts only as a function of the file itself, and beside no other handler.

    A helper that happens to be called `delete` must not become part of the site.
    """
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in OLDER_NAMES:
            return {name: statement}
    return {}


def _methods(names: list[str]) -> set[str]:
    return {name for name in names if name in METHODS}


def _prerender(statement: ast.stmt) -> ast.expr | None:
    """The value that a statement gives to `prerender`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id="prerender")], value=value):
            return value
        case ast.AnnAssign(target=ast.Name(id="prerender"), value=ast.expr() as value):
            return value
    return None
