"""HTML elements."""

from pyastro.compiler import messages
from pyastro.compiler.html import TEXT_ELEMENTS, UNSCOPED_ELEMENTS, VOID_ELEMENTS
from pyastro.compiler.nodes import Attribute, Element, ExpressionAttribute, SpreadAttribute, Text
from pyastro.compiler.transform.attributes import (
    attributes,
    is_static,
    set_content,
    write_content,
    written_attributes,
)
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import variables_item


def element(state: State, node: Element, without: frozenset[str] = frozenset()) -> None:
    """Append an element. `without` names attributes that are not written."""
    is_void = node.name.lower() in VOID_ELEMENTS
    content = set_content(state, node.attributes)
    if content is not None:
        _check_content(state, node, content.directive, is_void)
    start_tag(state, node, without)
    if content is not None and not is_void:
        write_content(state, content, node.start_tag.start)
    else:
        state.nodes(node.children)
    _end_tag(state, node, is_void, had_content=content is not None)


def _check_content(state: State, node: Element, directive: str, is_void: bool) -> None:
    if is_void:
        state.problems.append(messages.set_on_void_element(node.start_tag, directive, node.name))
    elif any(not isinstance(c, Text) or c.value.strip() for c in node.children):
        state.problems.append(messages.set_with_children(node.start_tag, directive, node.name))


def start_tag(state: State, node: Element, without: frozenset[str]) -> None:
    """Append a start tag: as it stands where nothing of it is dynamic."""
    every = written_attributes(node.attributes, without)
    scope = scope_attribute(state, node.name)
    variables = variables_item(state, node.name, every)
    raw = state.analysis.source.slice(node.start_tag)
    is_void = node.name.lower() in VOID_ELEMENTS
    closes_itself = node.is_self_closing and not is_void
    closing = raw[-2:] if node.is_self_closing else ">"
    is_plain = len(every) == len(node.attributes) and all(map(is_static, every)) and "{#" not in raw
    if is_plain and not variables and not _repeats(every):
        inside = raw[: -len(closing)]
        if scope:
            inside = inside.rstrip() + f" {scope}"
        elif closes_itself:
            inside = inside.rstrip()
        state.static(inside + (">" if closes_itself else closing), node.start_tag.start)
        return
    state.static(f"<{node.name}", node.start_tag.start)
    every = [a for a in every if not (variables and _is_named(a, "style"))]
    attributes(state, every)
    if variables:
        state.body.dynamic(variables, state.line(node.start_tag.start))
    tail = (f" {scope}" if scope else "") + (">" if closes_itself or not node.is_self_closing else " />")
    state.static(tail, node.start_tag.end - 1)


def _is_named(attribute: Attribute, name: str) -> bool:
    return not isinstance(attribute, SpreadAttribute) and attribute.name.lower() == name


def _repeats(every: list[Attribute]) -> bool:
    names = [a.name.lower() for a in every if not isinstance(a, SpreadAttribute | ExpressionAttribute)]
    return len(names) != len(set(names))


def scope_attribute(state: State, name: str) -> str | None:
    """The attribute by which the component's style sheet knows its elements; None for one that it does not style."""
    scope = state.analysis.style.scope
    return scope if scope and name.lower() not in UNSCOPED_ELEMENTS else None


def _end_tag(state: State, node: Element, is_void: bool, had_content: bool) -> None:
    if node.name.lower() == "head":
        line = state.line(node.end_tag.start if node.end_tag else node.span.end)
        state.body.dynamic(f"{state.names.get('context')}.render_head()", line)
    if node.end_tag is not None:
        state.static(state.analysis.source.slice(node.end_tag), node.end_tag.start)
    elif (node.is_self_closing and not is_void) or (
        had_content and not is_void and node.name.lower() not in TEXT_ELEMENTS
    ):
        state.static(f"</{node.name}>", node.start_tag.end - 1)
