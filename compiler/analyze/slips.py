"""Python that is right and does something else than its author meant: what is not awaited, returned or spelt right."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from pyastro.compiler import messages
from pyastro.compiler.analyze.unawaited import unawaited
from pyastro.compiler.analyze.undefined import Reader
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.suggest import closest
from pyastro.compiler.syntax_tree import read_names, walk

ASTRO_ATTRIBUTES = frozenset(
    """attrs client_address context cookies current_locale generator is_prerendered locals nonce origin_pathname params
    preferred_locale preferred_locale_list props redirect request response rewrite route_pattern self session site slots
    url""".split()
)
"""The attributes of `Astro`. A test holds them and the runtime's together."""

_RENAMED = {
    "Astro.request.formData": "form_data()",
    "Astro.request.arrayBuffer": "body()",
    "Astro.request.form": "form_data()",
    "Astro.request.POST": "form_data()",
    "Astro.request.GET": "Astro.url.query",
    "Astro.request.args": "Astro.url.query",
    "Astro.request.query_params": "Astro.url.query",
    "Astro.request.query": "Astro.url.query",
    "Astro.request.path": "Astro.url.path",
    "Astro.request.cookies": "Astro.cookies",
    "Astro.request.COOKIES": "Astro.cookies",
    "Astro.request.META": "headers",
    "Astro.request.session": "Astro.session",
    "Astro.request.user": "Astro.locals",
    "Astro.response.status_code": "status",
    "Astro.response.statusText": "status_text",
    "Astro.url.pathname": "path",
    "Astro.url.searchParams": "query",
    "Astro.url.hostname": "host",
    "Astro.url.search": "query_string",
    "Astro.url.protocol": "scheme",
    "Astro.slots.default": 'has("default")',
}
"""What Astro, Django and Flask call otherwise, and what it is here."""

_ELSEWHERE = {"glob": "get_collection(…)"}
"""What Astro itself no longer has, and what stands in its place."""

_COOKIE_OPTIONS = {
    "httpOnly": "http_only",
    "httponly": "http_only",
    "maxAge": "max_age",
    "sameSite": "same_site",
    "samesite": "same_site",
}
"""The options of a cookie as Astro and Django call them."""

AWAITED = frozenset(
    """fetch run_sync Astro.request.text Astro.request.json Astro.request.form_data Astro.request.body Astro.slots.render
    Astro.session.get Astro.session.has Astro.session.keys Astro.session.set Astro.session.delete
    Astro.session.regenerate Astro.session.destroy""".split()
)
"""Calls that do nothing until they are awaited."""

_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())

_RETURNED = frozenset({"Astro.redirect", "Astro.rewrite", "Response"})
"""Calls of which the result answers the request, if it is returned."""

_OURS = frozenset({"Astro", "Response", "fetch", "run_sync"})
"""The names with which all that is looked for begins."""


def slips(readers: Iterable[Reader], rebound: frozenset[str]) -> list[Problem]:
    """What is said of some Python. `rebound` are names of ours that the author uses for something else."""
    readers = list(readers)
    ours = [reader for reader in readers if not read_names(reader.tree).isdisjoint(_OURS)]
    found = [problem for reader in ours for problem in _slips(reader, rebound)]
    found += unawaited(readers, lambda node: _awaited_name(node, rebound)) if ours else []
    return found + list(_handlers(readers))


def _is_read(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _handlers(readers: Sequence[Reader]) -> Iterator[Problem]:
    """Functions that are called as those of an endpoint, and that nothing calls."""
    handlers = [(name, reader) for reader in readers if (name := _handler_name(reader.tree)) is not None]
    if not handlers:  # nearly always
        return
    used = {node.id for reader in readers for node in walk(reader.tree) if _is_read(node)}
    for name, reader in handlers:
        if name not in used:
            yield messages.handler_in_component(reader.span(reader.tree), name)


def _handler_name(tree: ast.AST) -> str | None:
    match tree:
        case ast.FunctionDef(name=name, decorator_list=[]) | ast.AsyncFunctionDef(
            name=name, decorator_list=[]
        ):
            return name if name.upper() in _METHODS else None
    return None


def _slips(reader: Reader, rebound: frozenset[str]) -> Iterator[Problem]:
    for node in walk(reader.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="Astro"), attr=attr) if "Astro" not in rebound:
                if attr not in ASTRO_ATTRIBUTES:
                    meant = _ELSEWHERE.get(attr) or _spelt(closest(attr, ASTRO_ATTRIBUTES))
                    yield messages.unknown_of_astro(reader.span(node), attr, meant)
            case ast.Expr(value=ast.Call(func=function)):
                yield from _unused_call(reader, node, _dotted(function, rebound))
        match node:
            case ast.Call(func=function, keywords=[_, *_]) if (
                _dotted(function, rebound) == "Astro.cookies.set"
            ):
                yield from _cookie_options(reader, node)
            case ast.Attribute() | ast.Subscript():
                if (name := _dotted(node, rebound)) in _RENAMED:
                    assert isinstance(node, ast.Attribute)
                    yield messages.unknown_of_astro(reader.span(node), name[6:], _RENAMED[name])
                elif isinstance(node.value, ast.Call) and _dotted(node.value.func, rebound) in AWAITED:
                    name = _dotted(node.value.func, rebound)
                    yield messages.missing_await(reader.span(node.value), name, True)


def _awaited_name(node: ast.AST, rebound: frozenset[str]) -> str | None:
    """What a call is called that has to be awaited."""
    if not isinstance(node, ast.Call):
        return None
    name = _dotted(node.func, rebound)
    return name if name in AWAITED else None


def _cookie_options(reader: Reader, node: ast.Call) -> Iterator[Problem]:
    for keyword in node.keywords:
        if keyword.arg in _COOKIE_OPTIONS:
            name = f"cookies.set(…, {keyword.arg}=…)"
            yield messages.unknown_of_astro(reader.span(keyword), name, f"{_COOKIE_OPTIONS[keyword.arg]}=…")


def _unused_call(reader: Reader, node: ast.Expr, name: str) -> Iterator[Problem]:
    """A statement that is one call."""
    if name in AWAITED:
        yield messages.missing_await(reader.span(node), name, False)
    elif name in _RETURNED:
        yield messages.unused_response(reader.span(node), name)


def _dotted(node: ast.expr, rebound: frozenset[str]) -> str:
    """A name with dots, if it begins with one of ours."""
    match node:
        case ast.Name(id=name) if name not in rebound:
            return name
        case ast.Attribute(value=value, attr=attr) if before := _dotted(value, rebound):
            return f"{before}.{attr}"
    return ""


def _spelt(name: str | None) -> str | None:
    return name and (f"{name}(…)" if name in ("redirect", "rewrite") else name)
