"""Names of the template that nothing binds."""

import ast
import builtins
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pyastro.compiler import messages
from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.diagnostics import Problem

_JAVASCRIPT = {"null": "None", "undefined": "None", "true": "True", "false": "False"}
_OF_MODULES = frozenset(
    "__name__ __file__ __doc__ __package__ __spec__ __path__ __loader__ __annotations__".split()
)
_ELSEWHERE = frozenset({"PythonFinalizationError", "WindowsError"})
"""Built-in names of other versions and systems."""
_GETTEXT = frozenset({"_", "gettext", "ngettext", "npgettext", "pgettext"})
"""What `gettext.install` makes built-in names of."""
_KNOWN = frozenset(dir(builtins)) | _OF_MODULES | _ELSEWHERE | _GETTEXT
_MAY_BIND = frozenset({"exec", "globals", "locals", "vars", "eval", "setattr", "builtins", "__builtins__"})
"""Where these are used, names may come from anywhere."""


def undefined_names(
    frontmatter: Iterable[ast.AST], expressions: Iterable[ParsedExpression], known: Iterable[str]
) -> list[Problem]:
    """What is said of names in expressions that are bound nowhere in the component. `known` are bound elsewhere."""
    parsed = list(expressions)
    trees = [*frontmatter, *(each.tree for each in parsed)]
    bound = set(known)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in _MAY_BIND:
                return []
            bound.update(_bound(node))
    all_known = bound | _KNOWN
    found: dict[tuple[int, int], Problem] = {}
    for each in parsed:
        for name, is_key in _uses(each.tree):
            if name.id not in all_known and id(name) not in each.markup:
                span = each.source_span(name)
                found[span] = _problem(span, name.id, bound, is_key)
    return [found[span] for span in sorted(found)]


def _problem(span: tuple[int, int], name: str, bound: set[str], is_key: bool) -> Problem:
    if name in _JAVASCRIPT:
        return messages.javascript_name(span, name, _JAVASCRIPT[name])
    close = get_close_matches(name, sorted(bound), 1) or get_close_matches(name, sorted(_KNOWN), 1)
    return messages.undefined_name(span, name, close[0] if close else None, is_key)


def _uses(tree: ast.AST) -> Iterator[tuple[ast.Name, bool]]:
    """Each name that is read, and whether it stands as a key of a dict."""
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node, id(node) in keys


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node binds, in whichever scope."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case _:
            yield from ()
