"""From the analysis of a component to its module."""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze import PREDEFINED, Analysis, Interface
from pyastro.compiler.analyze.free import node_names
from pyastro.compiler.analyze.scope import free_names
from pyastro.compiler.analyze.tags import RESERVED
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.imports import ImportResolver
from pyastro.compiler.module import Code, Line, Module, Statement, Verbatim
from pyastro.compiler.snake_case import snake_case
from pyastro.compiler.transform.asset_table import asset_table
from pyastro.compiler.transform.attributes import python_string
from pyastro.compiler.transform.frontmatter import INDENT, checked_returns, respelt, verbatim
from pyastro.compiler.transform.hints import field_hints
from pyastro.compiler.transform.imports import Imports, inner_imports, read_imports
from pyastro.compiler.transform.names import Names
from pyastro.compiler.transform.signature import (
    SPELLING,
    any_props,
    default_lines,
    parameters,
    props_class,
    reads_props,
    takes_attrs,
)
from pyastro.compiler.transform.state import Copies, Leaves, State
from pyastro.compiler.transform.style import style_sheet, style_variables, trimmed
from pyastro.compiler.transform.template import visit, visit_markup


class Transformed(NamedTuple):
    """What the transformation gives: the module, and what was found on the way."""

    module: Module
    diagnostics: tuple[Diagnostic, ...]


def transform(
    analysis: Analysis,
    resolver: ImportResolver,
    interfaces: Mapping[str, Interface],
    styles: tuple[str, ...],
    is_page: bool,
    leaves: Leaves | None = None,
) -> Transformed:
    """The module of a component. `styles` are the modules whose style sheets a page carries, as it names them;
    `leaves` tells of components that may be written where they are used.
    """
    names = Names(analysis.names | RESERVED)
    imports = read_imports(analysis, resolver, interfaces, names, analysis.template.tags)
    own = interfaces.get(analysis.source.path) or analysis.interface
    is_settled = all(each.tag in imports.components for each in analysis.imported_tags)
    state = _state(analysis, imports, names, own.waits or not is_settled)
    state.scripts = {
        each.start: resolver.script(analysis.source.path, each.start) for each in analysis.scripts
    }
    if leaves is not None:
        state.copies = Copies(leaves, len(analysis.source.line_starts) + 1)
    body = _body(state, imports, resolver)
    assets = asset_table(state, resolver)
    module = Module(
        path=analysis.source.path,
        future=f"from __future__ import {', '.join(imports.future)}" if imports.future else None,
        imports=tuple(imports.lines),
        hoisted=(*assets, *_hoisted(state, resolver)),
        style=style_sheet(state, resolver),
        decorator=_decorator(state, styles, is_page),
        is_async=state.waits,
        parameters=parameters(state),
        returns=f"{state.helper('Response')} | None" if analysis.frontmatter.returns else "None",
        rebinds=state.rebinds,
        body=body,
        helpers=tuple(sorted(state.helpers.items(), key=_import_order)),
        copies=tuple(state.copies.made) if state.copies else (),
    )
    if analysis.style.variables and not state.writes_variables:
        state.problems.append(messages.define_vars_nowhere(analysis.style.variables[0].span))
    problems = [*imports.problems, *state.problems]
    return Transformed(module, tuple(analysis.source.diagnose(p) for p in problems))


def _import_order(names: tuple[str, str]) -> tuple[int, str]:
    """Constants, classes, functions: the order in which import sorters put them."""
    name = names[0]
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name


def _state(analysis: Analysis, imports: Imports, names: Names, waits: bool) -> State:
    frontmatter, template = analysis.frontmatter, analysis.template
    local = free_names(*(s.node for s in frontmatter.body)) | frontmatter.bound
    local |= (
        node_names(template, analysis.root.children)
        | template.walrus
        | {f.name for f in frontmatter.props or ()}
    )
    components = {"Astro.self": None, **imports.components}
    state = State(
        analysis,
        names,
        components,
        frozenset(local),
        visit,
        visit_markup,
        waits=waits,
        awaiting=[waits],
        slot_parameters=_slot_names(analysis, names),
        hints=field_hints(frontmatter.props or ()),
        missing_members=imports.missing_members,
        missing=frozenset(imports.missing),
        respelt={name: spelling for name, spelling in imports.rebound.items() if name in RESERVED},
    )
    bound = frontmatter.bound | frontmatter.imported | {f.name for f in frontmatter.props or ()}
    for name in sorted(PREDEFINED - {"Astro", "asset"}):
        if name in analysis.names and name not in bound:
            state.helpers[name] = name
    return state


def _slot_names(analysis: Analysis, names: Names) -> dict[str, str]:
    """The parameter of each declared slot."""
    return {name: names.numbered(_slot_name(name)) for name in analysis.interface.slots or ()}


def _slot_name(slot: str) -> str:
    """A Python name for a slot: `top-bar` is `top_bar_slot`."""
    words = snake_case(slot)
    return f"slot_{words}" if words[:1].isdigit() else f"{words}_slot"


def _body(state: State, imports: Imports, resolver: ImportResolver) -> tuple[Statement, ...]:
    """All that the render does, in order."""
    source, frontmatter = state.analysis.source, state.analysis.frontmatter
    with state.new_body() as template:
        style_variables(state)
        state.nodes(trimmed(state, state.analysis.root.children))
    with state.new_body() as body:
        for line in _prologue(state, imports):
            body.statement(Code((line,)))
        for statement in frontmatter.body:
            checked = checked_returns(statement, lambda: state.helper("returned"))
            spelt = inner_imports(source, checked, resolver, state.problems)
            body.statement(verbatim(source, spelt, INDENT))
        for comment in frontmatter.trailing_comments:
            body.statement(Verbatim((Line(INDENT + comment),)))
        for each in template.finish():
            body.statement(each)
        if frontmatter.returns:
            body.code("return None", None)
    return body.finish()


def _prologue(state: State, imports: Imports) -> Iterator[Line]:
    """What stands before the author's own statements."""
    if state.uses_value[0]:
        yield Line(f"{state.names.get('value')}: {state.helper('Any')}")
    for variable, annotation in state.declared[0].items():
        yield Line(f"{variable}: {annotation}")
    if _needs_astro(state):
        yield Line(_astro(state))
    for name, module_name in imports.rebound.items():
        if name in state.analysis.names or name in RESERVED:
            yield Line(f"{name} = {module_name}")
    yield from default_lines(state)
    for name in sorted(state.free_walrus - state.analysis.frontmatter.bound):
        yield Line(f"{name}: {state.helper('Any')} = None")


def _needs_astro(state: State) -> bool:
    frontmatter = state.analysis.frontmatter
    is_shadowed = "Astro" in frontmatter.imported or any(f.name == "Astro" for f in frontmatter.props or ())
    is_shadowed = is_shadowed or any(_defines_astro(statement.node) for statement in frontmatter.body)
    return bool(state.analysis.astro_attributes) and not is_shadowed


def _defines_astro(node: ast.AST) -> bool:
    """Is this a class or a function of the author's own that is called `Astro`?"""
    return isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "Astro"


def _astro(state: State) -> str:
    """The assignment of `Astro`, as this component sees it."""
    fields = state.analysis.frontmatter.props
    slots = state.names.get("slots") if state.analysis.interface.slots is None else "{}"
    arguments = [state.names.get("context"), "render", slots]
    if fields is None:
        arguments += [any_props(state)] * (2 if takes_attrs(state) else 1)
    elif reads_props(state) or takes_attrs(state):
        items = [f"{python_string(f.attribute)}: {f.name}" for f in fields] if reads_props(state) else []
        spelling = f", {SPELLING}" if state.analysis.interface.wants_spelling else ""
        given = f"{state.helper('given')}({{{', '.join(items)}}}{spelling})" if items else "{}"
        arguments.append(given)
        if takes_attrs(state):
            arguments.append(state.names.get("attrs"))
    return f"Astro = {state.helper('create_astro')}({', '.join(arguments)})"


def _hoisted(state: State, resolver: ImportResolver) -> Iterator[Verbatim]:
    source, frontmatter = state.analysis.source, state.analysis.frontmatter
    for statement in frontmatter.hoisted:
        moved = props_class(statement) if statement is frontmatter.props_statement else statement
        spelt = inner_imports(source, respelt(moved, state.respelt), resolver, state.problems)
        yield verbatim(source, spelt, "")


def _tuple(texts: Collection[str]) -> str:
    return f"({', '.join(map(python_string, texts))}{',' if len(texts) == 1 else ''})"


def _decorator(state: State, styles: tuple[str, ...], is_page: bool) -> str:
    options = []
    if state.slot_parameters:
        options.append(f"slots={_tuple(state.slot_parameters)}")
    if is_page and styles:
        options.append(f"styles={_tuple(styles)}")
    if is_page and state.analysis.frontmatter.settings.get("partial"):
        options.append("partial=True")
    if is_page and state.analysis.frontmatter.settings.get("stream"):
        options.append("stream=True")
    if state.analysis.frontmatter.returns:
        options.append("returns=True")
    name = state.helper("page" if is_page else "component")
    return f"@{name}({', '.join(options)})" if options else f"@{name}"
