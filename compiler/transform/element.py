"""HTML elements."""

from collections.abc import Iterable

from pyastro.compiler import messages
from pyastro.compiler.analyze.free import child_nodes
from pyastro.compiler.html import NEWLINE_DROPPING_ELEMENTS, UNSCOPED_ELEMENTS, VOID_ELEMENTS
from pyastro.compiler.nodes import (
    Attribute,
    Component,
    Element,
    Expression,
    Node,
    Slot,
    SpreadAttribute,
    Text,
)
from pyastro.compiler.transform.attributes import (
    attributes,
    is_static,
    merged_attributes,
    set_content,
    warn_of_repeated,
    write_content,
    written_attributes,
)
from pyastro.compiler.transform.newline import children_behind_newline
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import variables_item


def element(state: State, node: Element, without: frozenset[str] = frozenset()) -> None:
    """Append an element. `without` names attributes that are not written."""
    name = node.name.lower()
    is_void = name in VOID_ELEMENTS
    content = set_content(state, node.attributes)
    if content is not None:
        _check_content(state, node, content.directive, is_void)
    is_foreign = state.is_foreign or name == "svg"
    keeps_slash = node.is_self_closing and (is_void or (is_foreign and content is None))
    outer, state.is_foreign = state.is_foreign, is_foreign and name != "foreignobject"
    start_tag(state, node, without, keeps_slash)
    if content is not None and not is_void:
        write_content(state, content, node.start_tag.start, name in NEWLINE_DROPPING_ELEMENTS)
    elif name in NEWLINE_DROPPING_ELEMENTS:
        children_behind_newline(state, node.children)
    elif name in ("template", "noscript") and _may_render(node.children):
        _inert(state, node)
    else:
        state.nodes(node.children)
    state.is_foreign = outer
    needs_end = not is_void and (node.is_self_closing or content is not None)
    _end_tag(state, node, needs_end and not keeps_slash)


def _inert(state: State, node: Element) -> None:
    """Append the children of an element in which no script runs: those of components do not count as rendered."""
    depth = f"{state.names.get('context')}.inert_depth"
    state.body.code(f"{depth} += 1", state.line(node.start_tag.start))
    state.nodes(node.children)
    state.body.code(f"{depth} -= 1", state.line(node.start_tag.start))


def _may_render(nodes: Iterable[Node]) -> bool:
    """May nodes render a component: a tag of one, what a caller gives, or a value, which may be markup?"""
    kinds = Component | Slot | Expression
    return any(isinstance(node, kinds) or _may_render(child_nodes(node)) for node in nodes)


def _check_content(state: State, node: Element, directive: str, is_void: bool) -> None:
    if is_void:
        state.problems.append(messages.set_on_void_element(node.start_tag, directive, node.name))
    elif any(not isinstance(c, Text) or c.value.strip() for c in node.children):
        state.problems.append(messages.set_with_children(node.start_tag, directive, node.name))


def start_tag(state: State, node: Element, without: frozenset[str], keeps_slash: bool) -> None:
    """Append a start tag: as it stands where nothing of it is dynamic. `keeps_slash`: does it end in `/>`?"""
    every = written_attributes(node.attributes, without)
    scope = scope_attribute(state, node.name)
    variables = variables_item(state, node.name, every)
    raw = state.analysis.source.slice(node.start_tag)
    is_plain = len(every) == len(node.attributes) and all(map(is_static, every)) and "{#" not in raw
    if is_plain and not variables:
        warn_of_repeated(state, every)
        state.static(_plain_tag(raw, node.is_self_closing, keeps_slash, scope), node.start_tag.start)
        return
    state.static(f"<{node.name}", node.start_tag.start)
    if variables and any(isinstance(a, SpreadAttribute) for a in every):
        merged_attributes(state, every, state.names.get("style_vars"))
        variables = None
    else:
        attributes(state, [a for a in every if not (variables and _is_named(a, "style"))])
    if variables:
        state.body.dynamic(variables, state.line(node.start_tag.start))
    tail = (f" {scope}" if scope else "") + (" />" if keeps_slash else ">")
    state.static(tail, node.start_tag.end - 1)


def _plain_tag(raw: str, is_self_closing: bool, keeps_slash: bool, scope: str | None) -> str:
    """A tag as it stands in the source, with the scope attribute, and without a slash that HTML would not heed."""
    closing = "/>" if is_self_closing else ">"
    inside = raw[: -len(closing)]
    if scope:
        inside = f"{inside.rstrip()} {scope}"
    if keeps_slash or not is_self_closing:
        return inside + (" " if scope and keeps_slash else "") + closing
    return inside.rstrip() + ">"


def _is_named(attribute: Attribute, name: str) -> bool:
    return not isinstance(attribute, SpreadAttribute) and attribute.name.lower() == name


def scope_attribute(state: State, name: str) -> str | None:
    """The attribute by which the component's style sheet knows its elements; None for one that it does not style."""
    scope = state.analysis.style.scope
    return scope if scope and name.lower() not in UNSCOPED_ELEMENTS else None


def _end_tag(state: State, node: Element, is_added: bool) -> None:
    if node.name.lower() == "head":
        line = state.line(node.end_tag.start if node.end_tag else node.span.end)
        state.body.dynamic(f"{state.names.get('context')}.render_head()", line)
    if node.end_tag is not None:
        state.static(state.analysis.source.slice(node.end_tag), node.end_tag.start)
    elif is_added:
        state.static(f"</{node.name}>", node.start_tag.end - 1)
