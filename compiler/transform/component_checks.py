"""What can be wrong with the tag of a component: its name, its props, its slots."""

import keyword
from collections.abc import Sequence

from pyastro.compiler import messages
from pyastro.compiler.analyze import PREDEFINED, Interface
from pyastro.compiler.analyze.expressions import is_empty
from pyastro.compiler.analyze.props import attribute_name, matching_field
from pyastro.compiler.nodes import (
    Attribute,
    Component,
    EmptyAttribute,
    NamedAttribute,
    QuotedAttribute,
    SpreadAttribute,
)
from pyastro.compiler.suggest import closest
from pyastro.compiler.transform.attributes import DIRECTIVES, plain_name
from pyastro.compiler.transform.slot import Contents, has_content
from pyastro.compiler.transform.state import State


def check_name(state: State, node: Component) -> None:
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
    if rest == "Fragment":
        return rest
    if name in state.missing_members:
        member = state.missing_members[name]
        return f"{first}.{member}" if member and member.isidentifier() else None
    if first in known:
        return None
    close = closest(first, [k for k in sorted(known) if rest or k[:1].isupper()])
    if close is not None:
        return f"{close}.{rest}" if rest else close
    return "slot" if name.lower() in ("slot", "slots") else None


def check_directives(state: State, node: Component) -> None:
    """Directives of Astro's that mean nothing here are told."""
    for attribute in node.attributes:
        if not isinstance(attribute, SpreadAttribute) and attribute.name.startswith(("client:", "server:")):
            state.problems.append(messages.client_directive(attribute.span, attribute.name))


def check_props(state: State, node: Component, interface: Interface) -> None:
    """What is given must be declared, and what must be given, given. A misspelt prop is not said to be missing, too."""
    if interface.props is None:
        return
    is_open = has_spread(node)
    fields = {attribute_name(p.name): p.name for p in interface.props}
    given, meant = set[str](), set[str]()
    for attribute in prop_attributes(node.attributes):
        name = plain_name(attribute)
        field = matching_field(name, fields)
        if field is None and not interface.takes_attrs:
            meant |= _unknown_prop(state, node, attribute, fields)
        elif field in given and name != "class":
            state.problems.append(messages.duplicate_prop(attribute.span, node.name, name))
        if field is not None and not _is_left_out(attribute):
            given.add(field)
    for prop in interface.props:
        if prop.is_required and prop.name not in given | meant and not is_open:
            span = (node.start_tag.start + 1, node.start_tag.start + 1 + len(node.name))
            state.problems.append(messages.missing_prop(span, node.name, attribute_name(prop.name)))


def _unknown_prop(
    state: State, node: Component, attribute: NamedAttribute, fields: dict[str, str]
) -> set[str]:
    """Say that a prop is not declared; the field that was perhaps meant."""
    name = plain_name(attribute)
    close = closest(name, [*fields, *(f.replace("_", "-") for f in fields)])
    state.problems.append(messages.unknown_prop(attribute.span, node.name, name, close))
    return set() if close is None else {fields[close.replace("-", "_")]}


def _is_left_out(attribute: NamedAttribute) -> bool:
    """Is this `name={}`, which gives nothing?"""
    return not isinstance(attribute, QuotedAttribute | EmptyAttribute) and is_empty(attribute.value)


def check_slots(state: State, node: Component, interface: Interface, contents: Contents) -> None:
    """Content for a slot that the component never declares is told."""
    if interface.slots is None:
        return
    for name, nodes in contents.named.items():
        if name not in interface.slots:
            first = next(each for each in nodes if has_content(state, [each]))
            state.problems.append(messages.unknown_slot(first.span, node.name, name))


def has_spread(node: Component) -> bool:
    """Are there props that only running code knows?"""
    return any(isinstance(each, SpreadAttribute) for each in node.attributes)


def prop_attributes(attributes: Sequence[Attribute]) -> list[NamedAttribute]:
    """The attributes that are props: no directives."""
    return [
        a
        for a in attributes
        if not isinstance(a, SpreadAttribute)
        and a.name not in DIRECTIVES
        and not a.name.startswith(("client:", "server:"))
    ]
