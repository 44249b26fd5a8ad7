"""Which names a piece of Python binds, and which it looks up outside of itself."""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyastro.compiler.syntax_tree import children, read_names, walk

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WITH_NAMES = (
    *(ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias),
    *(ast.Global, ast.Nonlocal, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
)
"""The kinds of nodes that hold a name themselves: the fewest."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_OF_THEIR_OWN = (ast.Lambda, *_COMPREHENSIONS)
"""The expressions with names of their own."""


def all_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Every identifier that stands anywhere in the trees, bound or used."""
    names: set[str] = set()
    for root in nodes:
        names |= read_names(root)
        for node in walk(root):
            if node.__class__ in _WITH_NAMES and node.__class__ is not ast.Name:
                names.update(_identifiers(node))
    return names


def _identifiers(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
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
            pass


def inner_names(tree: ast.AST) -> set[str]:
    """The names that an expression binds anywhere in it."""
    return {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }


def bound_names(statements: Iterable[ast.AST]) -> set[str]:
    """The names that statements or expressions bind in their own scope; not those of functions inside them."""
    names: set[str] = set()
    for node in statements:
        _collect_bound(node, names)
    return names


def _collect_bound(node: ast.AST, names: set[str]) -> None:
    if isinstance(node, _SCOPES):
        if not isinstance(node, ast.Lambda):
            names.add(node.name)
        names.update(walrus_targets(node))
        return
    if isinstance(node, _COMPREHENSIONS):
        names.update(walrus_targets(node))
        return
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            names.add(node.id)
    elif isinstance(node, _WITH_NAMES) and not isinstance(node, (ast.arg, ast.Global, ast.Nonlocal)):
        names.update(_identifiers(node))
    for child in children(node):
        _collect_bound(child, names)


def walrus_targets(node: ast.AST) -> set[str]:
    """The names that `:=` binds anywhere below, outside of functions: in their defaults, too."""
    found: set[str] = set()
    if not any(each.__class__ is ast.NamedExpr for each in walk(node)):  # nearly always
        return found
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, ast.NamedExpr):
            found.add(current.target.id)
        stack.extend(_outside(current) if isinstance(current, _SCOPES) else children(current))
    return found


def _outside(node: FunctionNode | ast.ClassDef) -> list[ast.AST]:
    """What of a function or a class is evaluated where it stands."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    defaults: list[ast.AST] = [
        each for each in [*node.args.defaults, *node.args.kw_defaults] if each is not None
    ]
    return defaults if isinstance(node, ast.Lambda) else [*defaults, *node.decorator_list]


def filter_targets(test: ast.expr, is_true: bool = True) -> set[str]:
    """The names that `:=` has bound for certain when a test was evaluated and, if `is_true`, found to be true."""
    match test:
        case ast.NamedExpr(target=target, value=value):
            return {target.id} | filter_targets(value, is_true)
        case ast.BoolOp(op=ast.And(), values=values) if is_true:
            return set().union(*map(filter_targets, values))
        case ast.BoolOp(values=[first, *_]):
            return filter_targets(first, False)
        case ast.IfExp(test=first):
            return filter_targets(first, False)
        case ast.Compare(left=left, comparators=[first, *_]):
            return filter_targets(left, False) | filter_targets(first, False)
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return set()
    operands = [each for each in children(test) if isinstance(each, ast.expr)]
    return set().union(*(filter_targets(each, False) for each in operands))


def target_names(target: ast.AST) -> set[str]:
    """The names that a loop's target binds."""
    return {node.id for node in walk(target) if isinstance(node, ast.Name)}


def argument_names(function: FunctionNode) -> set[str]:
    """The names of a function's parameters."""
    arguments = function.args
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    return {a.arg for a in every if a is not None}


def free_names(*nodes: ast.AST) -> set[str]:
    """The names that stand in a piece of Python itself, and those that its functions look up outside of themselves."""
    free: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.expr) and not any(isinstance(each, _OF_THEIR_OWN) for each in walk(node)):
            free |= read_names(node)
        else:
            _collect_free(node, frozenset(), free)
    return free


def _collect_free(node: ast.AST, bound: frozenset[str], free: set[str]) -> None:
    if isinstance(node, _COMPREHENSIONS):
        _collect_free_comprehension(node, bound, free)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        _collect_free_function(node, bound, free)
    else:
        if node.__class__ in _WITH_NAMES:
            free.update([name for name in _identifiers(node) if name not in bound])
        for child in children(node):
            _collect_free(child, bound, free)


def _collect_free_function(node: FunctionNode, bound: frozenset[str], free: set[str]) -> None:
    arguments = node.args
    outside: list[ast.AST] = [d for d in [*arguments.defaults, *arguments.kw_defaults] if d is not None]
    inside = bound | argument_names(node)
    if isinstance(node, ast.Lambda):
        body: list[ast.AST] = [node.body]
        inside |= walrus_targets(node.body)
    else:
        free.add(node.name)
        body = list(node.body)
        outside += [*node.decorator_list, *([node.returns] if node.returns else [])]
        outside += [a.annotation for a in walk(arguments) if isinstance(a, ast.arg) and a.annotation]
        inside |= bound_names(node.body) - _declared_outside(node)
    for each in outside:
        _collect_free(each, bound, free)
    for each in body:
        _collect_free(each, frozenset(inside), free)


def _declared_outside(node: ast.AST) -> set[str]:
    """The names that `global` and `nonlocal` declare."""
    return {n for each in walk(node) if isinstance(each, ast.Global | ast.Nonlocal) for n in each.names}


def _collect_free_comprehension(node: Comprehension, bound: frozenset[str], free: set[str]) -> None:
    inner = bound
    for index, generator in enumerate(node.generators):
        _collect_free(generator.iter, bound if index == 0 else inner, free)
        inner = inner | target_names(generator.target)
        for test in generator.ifs:
            _collect_free(test, inner, free)
    if isinstance(node, ast.DictComp):
        _collect_free(node.key, inner, free)
        _collect_free(node.value, inner, free)
    else:
        _collect_free(node.elt, inner, free)


def outer_uses(node: ast.AST, names: frozenset[str]) -> Iterator[ast.Name]:
    """The places where a piece of Python looks one of the names up outside of itself."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            yield node
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            body = [node.body] if isinstance(node, ast.Lambda) else node.body
            inner = names - (bound_names(body) - _declared_outside(node)) - argument_names(node)
            for child in children(node):
                yield from outer_uses(child, inner if child in body else names)
        case ast.ClassDef():
            own = names - bound_names(node.body)
            for child in children(node):
                is_own = child in node.body and not isinstance(child, _SCOPES)
                yield from outer_uses(child, own if is_own else names)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            inner = names - frozenset().union(*(target_names(g.target) for g in node.generators))
            for child in children(node):
                yield from outer_uses(child, inner)
        case _:
            for child in children(node):
                yield from outer_uses(child, names)


class Inner(NamedTuple):
    """What is known of names where a Name stands."""

    bound: frozenset[str] = frozenset()
    """The names that the comprehensions and lambdas around it bind."""
    filtered: frozenset[str] = frozenset()
    """The names that `:=` has bound in conditions of these comprehensions."""


def inner_scopes(node: ast.expr) -> dict[int, Inner]:
    """For each Name below, by `id()`: what is known of names where it stands."""
    found: dict[int, Inner] = {}
    _collect_scopes(node, Inner(), found)
    return found


def _collect_scopes(node: ast.AST, inner: Inner, found: dict[int, Inner]) -> None:
    if isinstance(node, ast.Name):
        found[id(node)] = inner
    elif isinstance(node, ast.Lambda):
        _collect_scopes(node.args, inner, found)
        bound = inner.bound | argument_names(node) | walrus_targets(node.body)
        _collect_scopes(node.body, inner._replace(bound=bound), found)
    elif isinstance(node, _COMPREHENSIONS):
        for generator in node.generators:
            _collect_scopes(generator.iter, inner, found)
            inner = inner._replace(bound=inner.bound | target_names(generator.target))
            for test in generator.ifs:
                _collect_scopes(test, inner, found)
                inner = inner._replace(filtered=inner.filtered | filter_targets(test))
        if isinstance(node, ast.DictComp):
            _collect_scopes(node.key, inner, found)
            _collect_scopes(node.value, inner, found)
        else:
            _collect_scopes(node.elt, inner, found)
    else:
        for child in children(node):
            _collect_scopes(child, inner, found)
