"""Components: the call, and its props."""

import keyword
from collections.abc import Sequence

from pyastro.compiler.analyze import Interface
from pyastro.compiler.analyze.free import node_names
from pyastro.compiler.analyze.image_tags import RECIPE
from pyastro.compiler.analyze.props import attribute_name, matching_field, usual_spelling
from pyastro.compiler.module import Code, Line
from pyastro.compiler.nodes import Component, SpreadAttribute
from pyastro.compiler.transform.attributes import (
    plain_name,
    python_string,
    set_content,
    value_line,
)
from pyastro.compiler.transform.component_checks import (
    check_directives,
    check_name,
    check_props,
    check_slots,
    has_spread,
    prop_attributes,
)
from pyastro.compiler.transform.copies import copied
from pyastro.compiler.transform.given_props import given_props
from pyastro.compiler.transform.python import argument
from pyastro.compiler.transform.signature import SPELLING
from pyastro.compiler.transform.slot import distribute
from pyastro.compiler.transform.slot_functions import GivenSlots, given_slots
from pyastro.compiler.transform.state import State


def component(state: State, node: Component) -> None:
    """Append the call of a component."""
    check_directives(state, node)
    content = set_content(state, node.attributes)
    contents = distribute(state, () if content else node.children)
    if not is_settled(state, node.name):
        check_name(state, node)
    interface = _interface(state, node.name)
    if interface is not None:
        check_props(state, node, interface)
        check_slots(state, node, interface, contents)
        if content is None and copied(state, node, interface, contents):
            return
        slots = given_slots(state, node, contents, content, interface, _waits(state, interface))
        _static_call(state, node, interface, slots)
    elif node.name in state.analysis.element_tags:
        _element_call(state, node, given_slots(state, node, contents, content, None, False))
    else:
        _dynamic_call(state, node, given_slots(state, node, contents, content, None, True))


def _shows_changing(state: State, node: Component) -> bool:
    """Does the content of a tag show names that will soon have other values: of loops around it, or of `:=`?

    A component that waits may render a slot later than it is given, and leave a hole until then.
    """
    changing = state.bound | state.analysis.template.walrus
    return (
        state.waits
        and bool(changing)
        and not changing.isdisjoint(node_names(state.analysis.template, [node]))
    )


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


def _static_call(state: State, node: Component, interface: Interface, slots: GivenSlots) -> None:
    """`Card.render.into(…)`: the component is known, its props are keyword arguments. It is awaited if it waits; if
    only what it gets does, it is rendered `around` that.
    """
    callee = _self_code(state) if node.name == "Astro.self" else f"{node.name}.render"
    line = state.line(node.span.start)
    waiting_markup = state.waiting_markup
    if has_spread(node):
        props = [Line(f"**{callee}.bind({{", line), *_prop_items(state, node)]
        scope = state.analysis.style.scope
        props += [Line(f'"{scope}": True,', line)] if scope and interface.takes_attrs else []
        props += [Line("}),", line)]
    else:
        props = _keywords(state, node, interface, line)
    # what markup and contents of ours show must be the names of loops as they are now
    is_around = state.waits and state.waiting_markup > waiting_markup
    if _waits(state, interface) and (slots.functions or slots.dynamic):
        is_around = is_around or _shows_changing(state, node)
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
    for name, code, at in given_props(state, node):
        field = matching_field(name, fields) if interface.props is not None else name
        if field is not None and field.isidentifier() and not keyword.iskeyword(field):
            lines += _lines(f"{field}={code},", at)
        else:
            others.append((name, code, at))
    lines += _spelling(state, node, interface, line)
    lines += [Line(f"{name}={code},", line) for name, code in _recipe(state, node)]
    scope = state.analysis.style.scope
    if scope and interface.takes_attrs:
        others.append((scope, "True", line))
    if others:
        lines.append(Line(f"**{state.helper('undeclared')}({{", line))
        for name, code, at in others:
            lines += _lines(f"{python_string(name)}: {code},", at)
        lines.append(Line("}),", line))
    return lines


def _spelling(state: State, node: Component, interface: Interface, line: int) -> list[Line]:
    """The argument that says how props are spelt here, where a component asks and HTML spells them otherwise."""
    if not interface.wants_spelling:
        return []
    fields = {attribute_name(p.name): p.name for p in interface.props or ()}
    given = {name: matching_field(name, fields) for name, _, _ in given_props(state, node)}
    own = {field: name for name, field in given.items() if field and name != usual_spelling(field)}
    items = ", ".join(f"{python_string(attribute_name(f))}: {python_string(name)}" for f, name in own.items())
    return [Line(f"{SPELLING}={{{items}}},", line)] if own else []


def _dynamic_call(state: State, node: Component, slots: GivenSlots) -> None:
    """`render_component(…)`: what the tag names is found out when it renders."""
    is_around = bool(slots.functions or slots.dynamic) and _shows_changing(state, node)
    head = state.awaited(f"{state.helper('render_component')}(")
    _call(state, node, head, slots.mapping, ["around=True"] if is_around else [])


def _element_call(state: State, node: Component, slots: GivenSlots) -> None:
    """`render_element(…)`: the tag names an element, only which is found out when it renders."""
    if slots.wait:
        _dynamic_call(state, node, slots)
    else:
        _call(state, node, f"{state.helper('render_element')}(", slots.mapping)


def _call(state: State, node: Component, head: str, slots: str, options: Sequence[str] = ()) -> None:
    """A call of the runtime for a tag."""
    line = state.line(node.span.start)
    write, context = state.names.get("write"), state.names.get("context")
    style = state.analysis.style
    options = [*options, *([f'scope="{style.scope}"'] if style.scope else [])]
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
        Line("".join(f"{each}, " for each in [slots, *options]), line),
        Line(")", line),
    ]
    state.body.statement(Code(tuple(lines)))


def _self_code(state: State) -> str:
    """This component's own `render`, also where the author has something else of that name."""
    return 'globals()["render"]' if "render" in state.analysis.names else "render"


def _may_join_classes(node: Component) -> bool:
    """May a tag be an element that has one class of its own and another of a spread?"""
    has_class = any(plain_name(a) == "class" for a in prop_attributes(node.attributes))
    return has_class and has_spread(node)


def _prop_items(state: State, node: Component, joins: bool = False) -> list[Line]:
    """The items of a dict of props, spreads included: each name where it is given last, so that it wins. `joins`: the
    arguments of `joined_props` instead.
    """
    named = {name: (code, at) for name, code, at in given_props(state, node)}
    last = {plain_name(a): a for a in prop_attributes(node.attributes)}
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
    for name, code in _recipe(state, node):
        item = f"{python_string(name)}: {code}"
        items.append(Line(f"{{{item}}}," if joins else f"{item},", state.line(node.span.start)))
    return items


def _recipe(state: State, node: Component) -> list[tuple[str, str]]:
    """The prop, with its code, by which a tag of an image says what is made of it."""
    use = state.analysis.images.uses.get(node.span.start)
    return [] if use is None else [(RECIPE, python_string(use.recipe.key))]


def _lines(text: str, line: int) -> list[Line]:
    return [Line(each, line + i) for i, each in enumerate(text.split("\n"))]
