"""Leaves, written where they are used: no call, no keyword arguments, and no functions for slots.

What is written is what the component's own `render` would write, with a variable for each prop.
"""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyastro.compiler.analyze import Analysis, Interface
from pyastro.compiler.analyze.free import child_nodes, node_walrus, own_expressions
from pyastro.compiler.analyze.leaf import free_builtins, size, variable
from pyastro.compiler.analyze.props import attribute_name, matching_field
from pyastro.compiler.analyze.waiting import waits
from pyastro.compiler.module import Code, Copy, Line
from pyastro.compiler.nodes import Component, Node, Slot
from pyastro.compiler.transform.component_checks import has_spread, prop_attributes
from pyastro.compiler.transform.given_props import given_props
from pyastro.compiler.transform.slot import Contents
from pyastro.compiler.transform.slot_functions import slotted
from pyastro.compiler.transform.state import Copies, State
from pyastro.compiler.transform.style import trimmed

MOST = 20_000
"""With so many characters of copies, a module gets no more of them."""

DEEPEST = 8
"""So many loops and conditions may be around a copy, which brings some of its own."""


def copied(state: State, node: Component, interface: Interface, contents: Contents) -> bool:
    """Append what a leaf writes, where it can be written here; False for a component that is to be called."""
    copies = state.copies
    if copies is None or not interface.leaf or not _fits(state, copies, interface):
        return False
    if contents.dynamic or not _is_simple_call(state, node):
        return False
    if interface.props is None and prop_attributes(node.attributes):
        return False
    analysis = copies.analysis(interface)
    if analysis is None or not _has_names(state, copies, interface, analysis):
        return False
    copies.size += size(analysis.source, analysis.template)
    with state.new_body() as body:
        _bind_props(state, node, interface, analysis)
        with _open(copies, interface, state.line(node.span.start), analysis) as before:
            copy = _state(state, copies, interface, analysis, contents, before)
            copy.nodes(trimmed(copy, analysis.root.children))
        state.rebinds |= copy.rebinds
    state.body.block(body)
    return True


def _fits(state: State, copies: Copies, interface: Interface) -> bool:
    """Is there room for a copy, and none of the same leaf around this place?"""
    return copies.size <= MOST and state.depth <= DEEPEST and interface.path not in copies.open


def _is_simple_call(state: State, node: Component) -> bool:
    """Is nothing given that only a call can hand over: a spread, markup as a prop, what waits, or what `:=` binds?"""
    template = state.analysis.template
    own = [template.expressions[id(e)] for e in own_expressions(node) if id(e) in template.expressions]
    return (
        not has_spread(node)
        and not any(parsed.markup for parsed in own)
        and not node_walrus(template, [node])
        and not (state.waits and _may_wait(state, [node]))
    )


def _may_wait(state: State, nodes: Iterable[Node]) -> bool:
    """May anything in nodes that stand in a coroutine wait?"""
    template = state.analysis.template
    for node in nodes:
        if isinstance(node, Slot) or (isinstance(node, Component) and _is_awaited(state, node)):
            return True
        for expression in own_expressions(node):
            parsed = template.expressions.get(id(expression))
            if parsed is None:
                continue
            if waits(parsed.tree) or id(expression) in template.spec_trees:
                return True
            if any(_may_wait(state, markup.children) for markup in parsed.markup.values()):
                return True
        if _may_wait(state, child_nodes(node)):
            return True
    return False


def _is_awaited(state: State, node: Component) -> bool:
    interface = state.components.get(node.name)
    return interface is None or interface.waits or node.name.partition(".")[0] in state.bound


def _has_names(state: State, copies: Copies, interface: Interface, analysis: Analysis) -> bool:
    """Do the names of a leaf mean here what they mean there? If so, the variables for its props are its own from now on."""
    frontmatter = state.analysis.frontmatter
    if frontmatter.has_star_import:
        return False
    own = free_builtins(analysis.template, analysis.root)
    if any(state.binds(name) or name in frontmatter.hoisted_names for name in own):
        return False
    variables = [variable(interface.path, prop.name) for prop in interface.props or ()]
    if any(copies.owners.get(name) != interface.path and state.names.is_taken(name) for name in variables):
        return False
    for name in variables:
        if name not in copies.owners:
            copies.owners[state.names.new(name)] = interface.path
    return True


def _bind_props(state: State, node: Component, interface: Interface, analysis: Analysis) -> None:
    """Append what gives each prop its value: first those that the call gives, in its order, then the defaults."""
    fields = {attribute_name(field.name): field for field in analysis.frontmatter.props or ()}
    names = {attribute: field.name for attribute, field in fields.items()}
    left = {field.name: field for field in fields.values()}
    values: list[tuple[str, str, int]] = []
    for attribute, code, line in given_props(state, node):
        field = matching_field(attribute, names)
        if field is not None:
            left.pop(field, None)
            values.append((field, code, line))
    line = state.line(node.span.start)
    values += [(f.name, ast.unparse(f.default), line) for f in left.values() if f.default is not None]
    for field, code, line in values:
        name = variable(interface.path, field)
        annotation = next(f.annotation for f in fields.values() if f.name == field)
        state.declared[-1][name] = ast.unparse(annotation)
        lines = f"{name} = {code}".split("\n")
        state.body.statement(Code(tuple(Line(text, line + i) for i, text in enumerate(lines))))


@contextmanager
def _open(copies: Copies, interface: Interface, line: int, analysis: Analysis) -> Iterator[int]:
    """Note a copy that is made, and give the number of lines that come before its own."""
    first = copies.next_line
    copies.made.append(Copy(interface.path, interface.hash, first, line))
    copies.next_line += len(analysis.source.line_starts)
    copies.open.add(interface.path)
    yield first - 1
    copies.open.discard(interface.path)


def _state(
    state: State, copies: Copies, interface: Interface, analysis: Analysis, contents: Contents, before: int
) -> State:
    """The state in which a leaf is written into the module of another component: `state` is that of its user."""
    fields = {variable(interface.path, f.name): f.annotation for f in analysis.frontmatter.props or ()}

    def write_slot(copy: State, name: str) -> bool:
        nodes = contents.named.get(name)
        if nodes is None:
            return False
        with _inside(state, copy):
            for node in nodes:
                slotted(state, node, name)
        return True

    return State(
        analysis,
        state.names,
        components={},
        local_names=state.local_names | state.bound | state.analysis.names | fields.keys(),
        visit=state.visit,
        visit_markup=state.visit_markup,
        body=state.body,
        bound=frozenset(fields),
        hints=fields,
        depth=state.depth,
        indent=state.indent,
        helpers=state.helpers,
        uses_value=state.uses_value,
        awaiting=state.awaiting,
        loop_names=state.loop_names,
        declared=state.declared,
        copies=copies,
        write_slot=write_slot,
        before_first_line=before,
    )


@contextmanager
def _inside(state: State, copy: State) -> Iterator[None]:
    """Let the user of a leaf write, in the middle of the copy."""
    outer = state.body, state.depth, state.indent, state.only_slot
    state.body, state.depth, state.indent = copy.body, copy.depth, copy.indent
    yield
    state.body, state.depth, state.indent, state.only_slot = outer
