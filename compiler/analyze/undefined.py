"""Names that are read and that nothing binds."""

import ast
import builtins
from collections.abc import Callable, Container, Iterable, Iterator
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.suggest import closest
from pyastro.compiler.syntax_tree import children, read_names, walk

_JAVASCRIPT = {"null": "None", "undefined": "None", "true": "True", "false": "False"}
_OF_MODULES = frozenset(
    "__name__ __file__ __doc__ __package__ __spec__ __path__ __loader__ __annotations__".split()
)
_OF_CLASSES = frozenset({"__class__", "__module__", "__qualname__"})
_ELSEWHERE = frozenset({"PythonFinalizationError", "WindowsError"})
"""Built-in names of other versions and systems."""
_GETTEXT = frozenset({"_", "gettext", "ngettext", "npgettext", "pgettext"})
"""What `gettext.install` makes built-in names of."""
_KNOWN = frozenset(dir(builtins)) | _OF_MODULES | _OF_CLASSES | _ELSEWHERE | _GETTEXT
_MEANT = [name for name in dir(builtins) if not name.startswith("_")]
"""The built-in names that somebody may have misspelt."""
_MAY_BIND = frozenset({"exec", "globals", "locals", "vars", "eval", "setattr", "builtins", "__builtins__"})
"""Where these are used, names may come from anywhere."""
_MAY_MISS = frozenset({"NameError", "UnboundLocalError"})
"""Where these are used, it is known that a name may be missing."""


_MAY_TELL_NOTHING = _MAY_BIND | _MAY_MISS


class Reader(NamedTuple):
    """A piece of Python that reads names."""

    tree: ast.AST
    span: Callable[[ast.AST], tuple[int, int]]
    """Where a node stands in the file."""
    placeholders: Container[int] = ()
    """The `id()` of each Name that stands for markup."""


def bound_anywhere(readers: Iterable[Reader]) -> set[str]:
    """Every name that some Python binds, in whichever scope."""
    return {name for reader in readers for name in bindings(reader.tree)}


def bindings(tree: ast.AST) -> Iterator[str]:
    """The names that some Python binds, in whichever scope, each as often as it does."""
    for node in walk(tree):
        if node.__class__ is ast.Name:
            if node.ctx.__class__ is ast.Store:
                yield node.id
        elif node.__class__.__name__ in _BINDING:
            yield from _bound(node)


def undefined_names(readers: Iterable[Reader], bound: set[str]) -> list[Problem]:
    """What is said of names that are bound nowhere, neither in the component nor for it."""
    every = list(readers)
    if any(not _MAY_TELL_NOTHING.isdisjoint(read_names(reader.tree)) for reader in every):
        return []
    all_known = bound | _KNOWN
    is_lazy = any(_is_lazy(reader.tree) for reader in every)
    found: dict[tuple[int, int], Problem] = {}
    for reader in every:
        if read_names(reader.tree) <= all_known:  # nearly always
            continue
        for use in _uses(reader.tree, is_lazy):
            if use.name.id not in all_known and id(use.name) not in reader.placeholders:
                span = reader.span(use.name)
                found[span] = _problem(span, use, bound)
    return [found[span] for span in sorted(found)]


class _Use(NamedTuple):
    """A name that is read."""

    name: ast.Name
    is_key: bool = False
    """Does it stand as a key of a dict?"""
    is_filter: bool = False
    """Does it stand behind `|`?"""
    is_divisor: bool = False
    """Does it stand behind `//`?"""


def _problem(span: tuple[int, int], use: _Use, bound: set[str]) -> Problem:
    name = use.name.id
    if name in _JAVASCRIPT:
        return messages.javascript_name(span, name, _JAVASCRIPT[name])
    if use.is_key:
        return messages.undefined_key(span, name)
    if use.is_filter:
        return messages.undefined_filter(span, name)
    tell = messages.undefined_divisor if use.is_divisor else messages.undefined_name
    return tell(span, name, closest(name, bound) or closest(name, _MEANT))


def _is_lazy(tree: ast.AST) -> bool:
    """Does this say that annotations are never evaluated?"""
    return isinstance(tree, ast.ImportFrom) and any(alias.name == "annotations" for alias in tree.names)


def _uses(tree: ast.AST, is_lazy: bool) -> Iterator[_Use]:
    """Each name that is read."""
    pending = [tree]
    keys, filters, divisors = set[int](), set[int](), set[int]()
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(ctx=ast.Load()):
                yield _Use(node, id(node) in keys, id(node) in filters, id(node) in divisors)
            case ast.Dict(keys=names):
                keys.update(map(id, names))
            case ast.BinOp(op=ast.BitOr(), right=ast.Name() as right):
                filters.add(id(right))
            case ast.BinOp(op=ast.BitOr(), right=ast.Call(func=ast.Name() as right)):
                filters.add(id(right))
            case ast.BinOp(op=ast.FloorDiv(), right=ast.Name() as right):
                divisors.add(id(right))
        pending += _evaluated(node) if is_lazy else children(node)


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node without annotations."""
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            yield from (each for each in (value if isinstance(value, list) else [value]) if _is_node(each))


def _is_node(value: object) -> bool:
    return isinstance(value, ast.AST)


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node of one of these kinds binds."""
    match node:
        case ast.arg(arg=name):
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
        case _ if type(node).__name__ in _TYPE_PARAMETERS:
            yield node.name  # type: ignore[attr-defined]  # each of them has one


_TYPE_PARAMETERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
"""Of Python 3.12 and later."""
_BINDING = _TYPE_PARAMETERS | frozenset(
    """arg FunctionDef AsyncFunctionDef ClassDef alias Global Nonlocal ExceptHandler MatchAs MatchStar
    MatchMapping""".split()
)
"""The kinds of nodes that bind names, apart from Name."""
