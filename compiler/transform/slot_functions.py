"""The functions that hold the contents of a component's slots."""

import ast
from typing import NamedTuple

from pyastro.compiler.analyze import Interface
from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.analyze.free import node_walrus
from pyastro.compiler.analyze.template import static_value
from pyastro.compiler.nodes import Component, Element, Expression, Fragment, Node, SpreadAttribute
from pyastro.compiler.snake_case import snake_case
from pyastro.compiler.transform.attributes import Content, dynamic, python_string, set_content, write_content
from pyastro.compiler.transform.element import element
from pyastro.compiler.transform.python import argument, has_markup
from pyastro.compiler.transform.slot import DEFAULT_SLOT, Contents, has_content
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import is_special_script, is_taken_out, script


class GivenSlots(NamedTuple):
    """What a call hands over."""

    functions: dict[str, str]
    """The function that writes the content of each slot."""
    dynamic: list[tuple[str, str]]
    """Functions for slots that an expression names: its code, and the function."""
    wait: bool
    """Does any of the contents wait?"""

    @property
    def mapping(self) -> str:
        """The code of a mapping of all."""
        named = [f"{python_string(name)}: {function}" for name, function in self.functions.items()]
        return "{" + ", ".join([*named, *(f"{code}: {function}" for code, function in self.dynamic)]) + "}"

    def arguments(self, interface: Interface, callee: str) -> list[str]:
        """The code of the arguments by which a component takes its slots."""
        if interface.slots is None:
            return [self.mapping] if self.functions or self.dynamic else []
        if self.dynamic:
            return [f"*{callee}.arranged({self.mapping})"]
        given = [self.functions.get(name, "None") for name in interface.slots]
        while given and given[-1] == "None":
            given.pop()
        return given


def given_slots(
    state: State,
    node: Component,
    contents: Contents,
    content: Content | None,
    interface: Interface | None,
    is_async: bool,
) -> GivenSlots:
    """The slots of a call; their functions are appended first.

    A component that waits awaits its slots (`is_async`), one that does not calls them.
    """
    slots = GivenSlots({}, [], False)
    waiting = []
    if content is not None:
        name = slots.functions[DEFAULT_SLOT] = _function_name(state, node, DEFAULT_SLOT)
        with state.function(name, state.writer(), content.line, set(), is_async):
            write_content(state, content, node.start_tag.start)
        waiting.append(state.has_waited)
    may_pass_arguments = interface is None or interface.slots is None
    for slot_name, nodes in contents.named.items():
        name = slots.functions[slot_name] = _function_name(state, node, slot_name)
        _slot_function(state, name, slot_name, nodes, may_pass_arguments, is_async)
        waiting.append(state.has_waited)
    for code, child in contents.dynamic:
        name = _function_name(state, node, "slot")
        slots.dynamic.append((f"{state.helper('slot_name')}({code})", name))
        _slot_function(state, name, "", [child], may_pass_arguments, is_async)
        waiting.append(state.has_waited)
    return slots._replace(wait=any(waiting))


def _function_name(state: State, node: Component, slot_name: str) -> str:
    return state.names.numbered(snake_case(f"{node.name}_{slot_name}"))


def _slot_function(
    state: State, name: str, slot_name: str, nodes: list[Node], may_pass_arguments: bool, is_async: bool
) -> None:
    line = state.line(nodes[0].span.start)
    walrus = node_walrus(state.analysis.template, nodes)
    lone = _lone_expression(state, nodes) if may_pass_arguments else None
    parameters = (
        f"{state.writer()}, *{state.names.get('args')}: {state.helper('Any')}" if lone else state.writer()
    )
    with state.function(name, parameters, line, walrus, is_async):
        if lone is not None:
            parsed = state.analysis.template.expressions[id(lone)]
            outer = state.only_slot
            state.only_slot = slot_name if any(node is lone for node in nodes) else None
            child = argument(state, parsed, parsed.tree)
            state.only_slot = outer
            context, args = state.names.get("context"), state.names.get("args")
            dynamic(state, f"{state.helper('render_child')}({context}, {child}, *{args})", line)
            return
        for node in nodes:
            slotted(state, node, slot_name)


def _lone_expression(state: State, nodes: list[Node]) -> Expression | None:
    """The only child, if it is an expression that may give a function."""
    filled = [node for node in nodes if has_content(state, [node])]
    if len(filled) != 1:
        return None
    only = filled[0]
    if isinstance(only, Fragment) and set_content(state, only.attributes) is None:
        return _lone_expression(state, list(only.children))
    if isinstance(only, Element):
        return _carried_lambda(state, only)
    parsed = state.analysis.template.expressions.get(id(only))
    if parsed is None or not isinstance(only, Expression) or only.format is not None:
        return None
    return only if _may_be_function(parsed, parsed.tree) else None


def _carried_lambda(state: State, node: Element) -> Expression | None:
    """The lambda that an element with a `slot` only carries: such an element is not rendered, as in Astro."""
    filled = [child for child in node.children if has_content(state, [child])]
    parsed = state.analysis.template.expressions.get(id(filled[0])) if len(filled) == 1 else None
    is_slotted = bool(static_value(node.attributes, "slot", ""))
    is_lambda = parsed is not None and isinstance(parsed.tree, ast.Lambda)
    return filled[0] if is_slotted and is_lambda and isinstance(filled[0], Expression) else None


def _may_be_function(parsed: ParsedExpression, node: ast.expr) -> bool:
    """May an expression give a function that wants arguments?"""
    match node:
        case ast.Lambda():
            return True
        case ast.BoolOp(op=ast.And(), values=[*_, last]):
            return _may_be_function(parsed, last)  # those before it are given only if they are false
        case ast.BoolOp(values=values):
            return any(_may_be_function(parsed, each) for each in values)
        case ast.IfExp(body=body, orelse=otherwise):
            return _may_be_function(parsed, body) or _may_be_function(parsed, otherwise)
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript():
            return not has_markup(parsed, node)
    return False


def slotted(state: State, node: Node, slot_name: str) -> None:
    """Append a direct child of a component, as content of one slot. The `slot` that sent it there is not written, except
    on custom elements, which may stand in another's shadow tree: as in Astro.
    """
    if isinstance(node, Element) and is_special_script(state, node):
        script(state, node, frozenset({"slot"}))
    elif isinstance(node, Element) and not is_taken_out(state, node):
        element(state, node, frozenset() if "-" in node.name else frozenset({"slot"}))
    elif isinstance(node, Component):
        given = tuple(a for a in node.attributes if isinstance(a, SpreadAttribute) or a.name != "slot")
        state.visit(state, node._replace(attributes=given))
    elif isinstance(node, Expression):
        outer, state.only_slot = state.only_slot, slot_name
        state.visit(state, node)
        state.only_slot = outer
    else:
        state.visit(state, node)
