"""Which function of this phase handles which node."""

from typing import assert_never

from pyastro.compiler.nodes import (
    Comment,
    Component,
    Doctype,
    Element,
    Expression,
    Fragment,
    Markup,
    Node,
    Slot,
    StrayEndTag,
    TemplateComment,
    Text,
)
from pyastro.compiler.transform.attributes import set_content, write_content
from pyastro.compiler.transform.component import component
from pyastro.compiler.transform.element import element
from pyastro.compiler.transform.expression import expression
from pyastro.compiler.transform.slot import belongs, slot
from pyastro.compiler.transform.slot_functions import slotted
from pyastro.compiler.transform.state import State
from pyastro.compiler.transform.style import is_special_script, is_taken_out, script


def visit(state: State, node: Node) -> None:
    """Append what a node renders."""
    match node:
        case Text() | Comment() | Doctype():
            state.static(node.value, node.span.start)
        case StrayEndTag():
            state.static(state.analysis.source.slice(node.span), node.span.start)
        case TemplateComment():
            pass
        case Expression():
            expression(state, node)
        case Element() if is_taken_out(state, node):
            pass
        case Element() if is_special_script(state, node):
            script(state, node)
        case Element():
            element(state, node)
        case Component():
            component(state, node)
        case Slot():
            slot(state, node)
        case Fragment():
            fragment(state, node)
        case _:
            assert_never(node)


def visit_markup(state: State, node: Markup) -> None:
    """Append markup; directly inside a component, only what is for the slot that is collected."""
    slot_name, state.only_slot = state.only_slot, None
    for child in node.children:
        if slot_name is None:
            state.visit(state, child)
        elif belongs(state, child, slot_name):
            slotted(state, child, slot_name)
    state.only_slot = slot_name


def fragment(state: State, node: Fragment) -> None:
    """Append the children of a fragment, or what `set:html` or `set:text` gives."""
    content = set_content(state, node.attributes)
    if content is not None:
        write_content(state, content, node.start_tag.start)
    else:
        state.nodes(node.children)
