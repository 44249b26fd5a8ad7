"""Slots: where a caller's content is rendered, and which content goes to which slot."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyastro.compiler import messages
from pyastro.compiler.analyze.expressions import is_empty
from pyastro.compiler.analyze.template import static_value
from pyastro.compiler.nodes import (
    Comment,
    Component,
    Element,
    EmptyAttribute,
    Expression,
    ExpressionAttribute,
    Fragment,
    Markup,
    Node,
    QuotedAttribute,
    Slot,
    SpreadAttribute,
    TemplateComment,
    TemplateLiteralAttribute,
    Text,
)
from pyastro.compiler.transform.attributes import python_string, set_content, write_content
from pyastro.compiler.transform.python import expression_code
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import is_taken_out

DEFAULT_SLOT = "default"


def slot(state: State, node: Slot) -> None:
    """Append the content of a slot, or its fallback."""
    name = static_value(node.attributes, "name") or DEFAULT_SLOT
    if state.write_slot is not None:
        if not state.write_slot(state, name):
            _fallback(state, node)
        return
    line = state.line(node.span.start)
    variable = slot_parameter(state, name)
    header = f"if {variable} is not None:"
    if variable is None:
        variable = state.names.get("slot")
        header = f"if {variable} := {state.names.get('slots')}.get({python_string(name)}):"
    with state.suite(header, line):
        call = f"{variable}({state.names.get('write')})"
        state.body.code(state.awaited(call) if state.waits else call, line)
    has_directive = any(getattr(each, "name", "").startswith("set:") for each in node.attributes)
    if has_directive or has_content(state, node.children):
        with state.suite("else:", line):
            _fallback(state, node)


def _fallback(state: State, node: Slot) -> None:
    """Append what stands in a slot for which nothing is given."""
    content = set_content(state, node.attributes)
    if content is not None:
        write_content(state, content, node.start_tag.start)
    elif has_content(state, node.children):
        state.nodes(node.children)


def slot_parameter(state: State, name: str) -> str | None:
    """The parameter of the render that receives a slot; None where the component receives all of them together."""
    return state.slot_parameters.get(name)


def has_content(state: State, nodes: Iterable[Node]) -> bool:
    """Is there more than white space and comments?"""
    return any(not _is_blank(state, node) for node in nodes)


def _is_blank(state: State, node: Node) -> bool:
    if isinstance(node, Text):
        return not node.value.strip()
    if isinstance(node, Expression):
        return is_empty(node)
    if isinstance(node, Element):
        return is_taken_out(state, node)
    return isinstance(node, Comment | TemplateComment)


@dataclass(slots=True, eq=False, repr=False)
class Contents:
    """The children of a component, by the slot that they are for."""

    named: dict[str, list[Node]] = field(default_factory=dict)
    """By name, in order of appearance; the default slot is there if it is given."""
    dynamic: list[tuple[str, Node]] = field(default_factory=list)
    """Content whose slot an expression names: its code, and the node."""


def distribute(state: State, children: Iterable[Node]) -> Contents:
    """Which child of a component goes to which slot."""
    contents = Contents()
    rest: list[Node] = []
    for child in children:
        code = dynamic_slot(state, child)
        if code is not None:
            contents.dynamic.append((code, child))
            continue
        _check_dynamic(state, child)
        names = slots_of(state, child)
        for name in names or ():
            if name != DEFAULT_SLOT:
                contents.named.setdefault(name, []).append(child)
        if names is None or DEFAULT_SLOT in names:
            rest.append(child)
    if has_content(state, rest):
        contents.named[DEFAULT_SLOT] = rest
    return contents


def _check_dynamic(state: State, child: Node) -> None:
    """Inside an expression, a slot cannot be named by another: which slots are given must be known before it runs."""
    for part in child.parts if isinstance(child, Expression) else ():
        for node in part.children if isinstance(part, Markup) else ():
            if dynamic_slot(state, node) is not None:
                state.problems.append(messages.dynamic_slot_in_expression(node.span))


def slots_of(state: State, node: Node) -> list[str] | None:
    """The slots that a child of a component is for; None where it names none. Markup in an expression may name several."""
    if isinstance(node, Element | Component | Fragment | Slot):
        name = static_value(node.attributes, "slot", "")
        return [name] if name else None
    if not isinstance(node, Expression):
        return None
    found: list[str] = []
    unnamed = False
    for part in node.parts:
        for child in part.children if isinstance(part, Markup) else ():
            names = slots_of(state, child)
            unnamed = unnamed or (names is None and has_content(state, [child]))
            found += [n for n in names or () if n not in found]
    if not found:
        return None
    return [*found, DEFAULT_SLOT] if unnamed and DEFAULT_SLOT not in found else found


def dynamic_slot(state: State, node: Node) -> str | None:
    """The code that names the slot of a child, where it is no plain text."""
    if not isinstance(node, Element | Component | Fragment):
        return None
    for attribute in node.attributes:
        if isinstance(attribute, SpreadAttribute) or attribute.name != "slot":
            continue
        if isinstance(attribute, ExpressionAttribute | TemplateLiteralAttribute):
            return expression_code(state, attribute.value)
        if not isinstance(attribute, QuotedAttribute | EmptyAttribute):
            return expression_code(state, attribute.value)
    return None


def belongs(state: State, node: Node, slot_name: str) -> bool:
    """Is this node, inside a mixed expression, for that slot?"""
    names = slots_of(state, node)
    return slot_name in names if names is not None else slot_name == DEFAULT_SLOT
