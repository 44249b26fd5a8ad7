"""Components: the call, its props, and the functions that hold the contents of its slots."""

import ast
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pyastro.compiler import messages
from pyastro.compiler.analyze import PREDEFINED, Interface
from pyastro.compiler.analyze.expressions import ParsedExpression, is_empty
from pyastro.compiler.analyze.props import attribute_name, matching_field
from pyastro.compiler.analyze.template import static_value
from pyastro.compiler.module import Code, Line
from pyastro.compiler.nodes import (
    Attribute,
    Component,
    Element,
    EmptyAttribute,
    Expression,
    Fragment,
    NamedAttribute,
    Node,
    QuotedAttribute,
    SpreadAttribute,
)
from pyastro.compiler.transform.attributes import (
    DIRECTIVES,
    Content,
    dynamic,
    plain_name,
    python_string,
    set_content,
    value_code,
    value_line,
    write_content,
)
from pyastro.compiler.transform.element import element
from pyastro.compiler.transform.free import node_walrus
from pyastro.compiler.transform.python import argument, has_markup
from pyastro.compiler.transform.slot import DEFAULT_SLOT, Contents, distribute, has_content
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import is_special_script, is_taken_out, script


def component(state: State, node: Component) -> None:
    """Append the call of a component."""
    _check_directives(state, node)
    content = set_content(state, node.attributes)
    contents = distribute(state, () if content else node.children)
    if not is_settled(state, node.name):
        _check_name(state, node)
    interface = _interface(state, node.name)
    if interface is not None:
        _check_props(state, node, interface)
        _check_slots(state, node, interface, contents)
        slots = _slots(state, node, contents, content, interface, _waits(state, interface))
        _static_call(state, node, interface, slots)
    elif node.name in state.analysis.element_tags:
        _element_call(state, node, _slots(state, node, contents, content, None, False))
    else:
        _dynamic_call(state, node, _slots(state, node, contents, content, None, True))


def is_settled(state: State, name: str) -> bool:
    """Does an import say what a tag is, or is it the component itself?"""
    return name in state.components and name.partition(".")[0] not in state.bound


def _interface(state: State, name: str) -> Interface | None:
    """The interface of the component that a tag names; None where that is known only when it renders."""
    if name == "Astro.self":
        return state.analysis.interface
    return state.components[name] if is_settled(state, name) else None


def _waits(state: State, callee: Interface | None) -> bool:
    """Is the render of a component a coroutine, as far as is known? What nobody knows is found out when it renders."""
    return callee is not None and (state.waits if callee.path == state.analysis.source.path else callee.waits)


# ---------------------------------------------------------------- checks


def _check_name(state: State, node: Component) -> None:
    """The name of a tag must be bound by something."""
    first = node.name.partition(".")[0]
    frontmatter = state.analysis.frontmatter
    known = set(frontmatter.bound | frontmatter.imported | state.bound | state.analysis.template.walrus)
    known |= {f.name for f in frontmatter.props or ()}
    known -= state.missing
    is_name = all(part.isidentifier() and not keyword.iskeyword(part) for part in node.name.split("."))
    is_known = first in known | PREDEFINED | state.missing or frontmatter.has_star_import
    if is_name and is_known and node.name not in state.missing_members:
        return
    span = (node.start_tag.start + 1, node.start_tag.start + 1 + len(node.name))
    meant = _meant_tag(state, node.name, known)
    state.problems.append(messages.undefined_tag(span, node.name, meant, first in known))


def _meant_tag(state: State, name: str, known: set[str]) -> str | None:
    """The tag that a misspelt one perhaps was meant to be."""
    first, _, rest = name.partition(".")
    if name in state.missing_members:
        member = state.missing_members[name]
        return f"{first}.{member}" if member and member.isidentifier() else None
    if first in known:
        return None
    close = get_close_matches(first, [k for k in sorted(known) if rest or k[:1].isupper()], 1)
    if close:
        return f"{close[0]}.{rest}" if rest else close[0]
    return "slot" if name.lower() in ("slot", "slots") else None


def _check_directives(state: State, node: Component) -> None:
    for attribute in node.attributes:
        if not isinstance(attribute, SpreadAttribute) and attribute.name.startswith(("client:", "server:")):
            state.problems.append(messages.client_directive(attribute.span, attribute.name))


def _check_props(state: State, node: Component, interface: Interface) -> None:
    """What is given must be declared, and what must be given, given. A misspelt prop is not said to be missing, too."""
    if interface.props is None:
        return
    has_spread = _has_spread(node)
    fields = {attribute_name(p.name): p.name for p in interface.props}
    given, meant = set[str](), set[str]()
    for attribute in _prop_attributes(node.attributes):
        name = plain_name(attribute)
        field = matching_field(name, fields)
        if field is None and not interface.takes_attrs:
            meant |= _unknown_prop(state, node, attribute, fields)
        elif field in given and name != "class":
            state.problems.append(messages.duplicate_prop(attribute.span, node.name, name))
        if field is not None and not _is_left_out(attribute):
            given.add(field)
    for prop in interface.props:
        if prop.is_required and prop.name not in given | meant and not has_spread:
            span = (node.start_tag.start + 1, node.start_tag.start + 1 + len(node.name))
            state.problems.append(messages.missing_prop(span, node.name, attribute_name(prop.name)))


def _has_spread(node: Component) -> bool:
    return any(isinstance(each, SpreadAttribute) for each in node.attributes)


def _unknown_prop(
    state: State, node: Component, attribute: NamedAttribute, fields: dict[str, str]
) -> set[str]:
    """Say that a prop is not declared; the field that was perhaps meant."""
    name = plain_name(attribute)
    close = get_close_matches(name, [*fields, *(f.replace("_", "-") for f in fields)], 1)
    state.problems.append(messages.unknown_prop(attribute.span, node.name, name, close[0] if close else None))
    return {fields[close[0].replace("-", "_")]} if close else set()


def _is_left_out(attribute: NamedAttribute) -> bool:
    """Is this `name={}`, which gives nothing?"""
    return not isinstance(attribute, QuotedAttribute | EmptyAttribute) and is_empty(attribute.value)


def _check_slots(state: State, node: Component, interface: Interface, contents: Contents) -> None:
    if interface.slots is None:
        return
    for name, nodes in contents.named.items():
        if name not in interface.slots:
            first = next(each for each in nodes if has_content(state, [each]))
            state.problems.append(messages.unknown_slot(first.span, node.name, name))


def _prop_attributes(attributes: Sequence[Attribute]) -> list[NamedAttribute]:
    """The attributes that are props: not the slot that the component itself goes to, no directives."""
    skip = DIRECTIVES | {"slot"}
    return [
        a
        for a in attributes
        if not isinstance(a, SpreadAttribute)
        and a.name not in skip
        and not a.name.startswith(("client:", "server:"))
    ]


# ---------------------------------------------------------------- slots


@dataclass(frozen=True, slots=True)
class _Slots:
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


def _slots(
    state: State,
    node: Component,
    contents: Contents,
    content: Content | None,
    interface: Interface | None,
    is_async: bool,
) -> _Slots:
    """The slots of a call; their functions are appended first.

    A component that waits awaits its slots (`is_async`), one that does not calls them.
    """
    slots = _Slots({}, [], False)
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
    return replace(slots, wait=any(waiting))


def _function_name(state: State, node: Component, slot_name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", f"{node.name}_{slot_name}").lower()
    return state.names.numbered(re.sub(r"[^a-z0-9]+", "_", words))


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
    """Append a direct child of a component, as content of one slot."""
    if isinstance(node, Element) and is_special_script(state, node):
        script(state, node, frozenset({"slot"}))
    elif isinstance(node, Element) and not is_taken_out(state, node):
        element(state, node, frozenset({"slot"}))
    elif isinstance(node, Expression):
        outer, state.only_slot = state.only_slot, slot_name
        state.visit(state, node)
        state.only_slot = outer
    else:
        state.visit(state, node)


# ---------------------------------------------------------------- calls


def _static_call(state: State, node: Component, interface: Interface, slots: _Slots) -> None:
    """`Card.render.into(…)`: the component is known, its props are keyword arguments. It is awaited if it waits; if
    only what it gets does, it is rendered `around` that.
    """
    callee = _self_code(state) if node.name == "Astro.self" else f"{node.name}.render"
    line = state.line(node.span.start)
    waiting_markup = state.waiting_markup
    if _has_spread(node):
        props = [Line(f"**{callee}.bind({{", line), *_prop_items(state, node)]
        scope = state.analysis.style.scope
        props += [Line(f'"{scope}": True,', line)] if scope and interface.takes_attrs else []
        props += [Line("}),", line)]
    else:
        props = _keywords(state, node, interface, line)
    # what markup of ours shows must be the names of loops as they are now
    is_around = state.waits and state.waiting_markup > waiting_markup
    if _waits(state, interface):
        call = state.awaited(f"{callee}.around(" if is_around else f"{callee}.into(")
    else:
        call = state.awaited(f"{callee}.around(") if slots.wait or is_around else f"{callee}.into("
    arguments = [state.names.get("write"), state.names.get("context"), *slots.arguments(interface, callee)]
    lines = [Line(call, line), *_lines("".join(f"{each}, " for each in arguments), line), *props]
    state.body.statement(Code((*lines, Line(")", line))))


def _keywords(state: State, node: Component, interface: Interface, line: int) -> list[Line]:
    """The props as keyword arguments; those that are no parameters in a dict."""
    lines: list[Line] = []
    others: list[tuple[str, str, int]] = []
    fields = {attribute_name(p.name): p.name for p in interface.props or ()}
    for name, code, at in _props(state, node):
        field = matching_field(name, fields) if interface.props is not None else name
        if field is not None and field.isidentifier() and not keyword.iskeyword(field):
            lines += _lines(f"{field}={code},", at)
        else:
            others.append((name, code, at))
    scope = state.analysis.style.scope
    if scope and interface.takes_attrs:
        others.append((scope, "True", line))
    if others:
        lines.append(Line(f"**{state.helper('undeclared')}({{", line))
        for name, code, at in others:
            lines += _lines(f"{python_string(name)}: {code},", at)
        lines.append(Line("}),", line))
    return lines


def _dynamic_call(state: State, node: Component, slots: _Slots) -> None:
    """`render_component(…)`: what the tag names is found out when it renders."""
    _call(state, node, state.awaited(f"{state.helper('render_component')}("), slots.mapping)


def _element_call(state: State, node: Component, slots: _Slots) -> None:
    """`render_element(…)`: the tag names an element, only which is found out when it renders."""
    if slots.wait or slots.dynamic:
        _dynamic_call(state, node, slots)
    else:
        content = slots.functions.get(DEFAULT_SLOT, "None")
        _call(state, node, f"{state.helper('render_element')}(", content)


def _call(state: State, node: Component, head: str, content: str) -> None:
    """A call of the runtime for a tag."""
    line = state.line(node.span.start)
    write, context = state.names.get("write"), state.names.get("context")
    style = state.analysis.style
    options = [f'scope="{style.scope}"'] if style.scope else []
    if style.variables:
        options.append(f"variables={state.names.get('style_vars')}")
        state.writes_variables = True
    joins = _may_join_classes(node)
    lines = [
        Line(head, line),
        Line(f"{write}, {context}, {python_string(node.name)}, {node.name},", line),
        Line(f"{state.helper('joined_props')}({node.name}, " if joins else "{", line),
        *_prop_items(state, node, joins),
        Line(")," if joins else "},", line),
        Line("".join(f"{each}, " for each in [content, *options]), line),
        Line(")", line),
    ]
    state.body.statement(Code(tuple(lines)))


def _self_code(state: State) -> str:
    """This component's own `render`, also where the author has something else of that name."""
    return 'globals()["render"]' if "render" in state.analysis.names else "render"


def _props(state: State, node: Component) -> list[tuple[str, str, int]]:
    """The props of a call: name, code of the value, line. Several classes become one."""
    found: dict[str, tuple[str, int]] = {}
    classes: list[str] = []
    for attribute in _prop_attributes(node.attributes):
        code = value_code(state, attribute)
        if code is None:
            continue
        name = plain_name(attribute)
        if name == "class":
            classes.append(code)
            is_list = len(classes) > 1 or attribute.name == "class:list"
            argument = classes[0] if len(classes) == 1 else f"[{', '.join(classes)}]"
            code = f"{state.helper('class_list')}({argument})" if is_list else code
        found[name] = code, value_line(state, attribute)
    return [(name, code, at) for name, (code, at) in found.items()]


def _may_join_classes(node: Component) -> bool:
    """May a tag be an element that has one class of its own and another of a spread?"""
    has_class = any(plain_name(a) == "class" for a in _prop_attributes(node.attributes))
    return has_class and _has_spread(node)


def _prop_items(state: State, node: Component, joins: bool = False) -> list[Line]:
    """The items of a dict of props, spreads included: each name where it is given last, so that it wins. `joins`: the
    arguments of `joined_props` instead.
    """
    named = {name: (code, at) for name, code, at in _props(state, node)}
    last = {plain_name(a): a for a in _prop_attributes(node.attributes)}
    items: list[Line] = []
    for attribute in node.attributes:
        if isinstance(attribute, SpreadAttribute):
            parsed = state.analysis.template.expressions.get(id(attribute.value))
            if parsed is not None:
                spread = f"{state.helper('spread_props')}({argument(state, parsed, parsed.tree)}),"
                items += _lines(spread if joins else f"**{spread}", value_line(state, attribute))
        elif last.get(name := plain_name(attribute)) is attribute and name in named:
            code, at = named[name]
            item = f"{python_string(name)}: {code}"
            items += _lines(f"{{{item}}}," if joins else f"{item},", at)
    return items


def _lines(text: str, line: int) -> list[Line]:
    return [Line(each, line + i) for i, each in enumerate(text.split("\n"))]
