"""Names of the frontmatter that are read without running it: do they stand where they are seen?"""

import __future__

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.syntax_tree import children

Finding: TypeAlias = "tuple[ast.AST, Callable[[tuple[int, int]], Problem]]"
"""A node, and what is said at its place."""

_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def unseen_names(statements: Iterable[ast.stmt], settings: Iterable[str]) -> Iterator[Finding]:
    """What stands inside a block, twice, or in another form than the compiler reads, and so would do nothing."""
    seen: set[str] = set()
    for statement in statements:
        if isinstance(statement, _BLOCKS):
            for node in _own_statements(statement):
                if (name := special_name(node, settings)) is not None:
                    yield node, lambda at, name=name: messages.not_at_top_level(at, name)  # type: ignore[misc]
        elif (name := special_name(statement, settings)) is not None:
            if name in seen:
                yield statement, lambda at, name=name: messages.defined_twice(at, name)  # type: ignore[misc]
            seen.add(name)
        elif (meant := _misspelt(statement)) is not None:
            yield statement, lambda at, meant=meant: messages.misspelt_special(at, *meant)  # type: ignore[misc]
        elif _assigned_name(statement) == "get_static_paths":
            yield statement, messages.static_paths_function
        elif isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            yield from _unknown_features(statement)


def special_name(node: ast.AST, settings: Iterable[str]) -> str | None:
    """The special name that a statement defines in the form that the compiler reads."""
    match node:
        case ast.ClassDef(name="Props" as name):
            return name
        case ast.FunctionDef(name="get_static_paths" as name) | ast.AsyncFunctionDef(
            name="get_static_paths" as name
        ):
            return name
        case ast.Assign(value=ast.Constant(value=bool())) | ast.AnnAssign(value=ast.Constant(value=bool())):
            assigned = _assigned_name(node)
            return assigned if assigned in settings else None
    return None


def _assigned_name(node: ast.AST) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(
            target=ast.Name(id=name), value=ast.expr()
        ):
            return name
    return ""


def _misspelt(node: ast.stmt) -> tuple[str, str] | None:
    """The name of what was perhaps meant to be special, and how that is spelt."""
    match node:
        case ast.ClassDef(name=name) if name != "Props" and name.lower() == "props":
            return name, "class Props"
        case ast.FunctionDef(name="Props" as name) | ast.AsyncFunctionDef(name="Props" as name):
            return name, "class Props"
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if (
            name.replace("_", "").lower() == "getstaticpaths"
        ):
            return name, "get_static_paths"
    name = _assigned_name(node) or str(getattr(getattr(node, "name", None), "id", ""))
    return (name, "class Props") if name == "Props" else None


def _own_statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements inside a block, without those of functions and classes in it."""
    for child in children(node):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _own_statements(child)


def _unknown_features(node: ast.ImportFrom) -> Iterator[Finding]:
    for alias in node.names:
        if alias.name == "braces":
            yield alias, lambda at: messages.python_syntax(at, "Not a chance.")
        elif alias.name not in __future__.all_feature_names:
            sentence = f"Future feature {alias.name} is not defined."
            yield alias, lambda at, sentence=sentence: messages.python_syntax(at, sentence)  # type: ignore[misc]
