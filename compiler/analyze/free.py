"""The names that template nodes look up and bind."""

import ast
from collections.abc import Iterable, Iterator
from typing import assert_never

from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.analyze.scope import Inner, free_names, inner_scopes, walrus_targets
from pyastro.compiler.analyze.template import Template
from pyastro.compiler.nodes import (
    Attribute,
    Comment,
    Component,
    Doctype,
    Element,
    EmptyAttribute,
    Expression,
    Fragment,
    Markup,
    Node,
    QuotedAttribute,
    Slot,
    StrayEndTag,
    TemplateComment,
    Text,
)
from pyastro.compiler.syntax_tree import walk


def markup_names(template: Template, markup: Markup) -> set[str]:
    """The names that some markup looks up outside of itself."""
    return node_names(template, markup.children)


def markup_walrus(template: Template, markup: Markup) -> set[str]:
    """The names that `:=` binds in some markup."""
    return node_walrus(template, markup.children)


def node_names(template: Template, nodes: Iterable[Node]) -> set[str]:
    """The names that nodes look up outside of themselves."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, Text):  # most are
            continue
        if isinstance(node, Component):
            names.add(node.name.partition(".")[0])
        for expression in own_expressions(node):
            names |= _expression_names(template, expression)
        if inside := child_nodes(node):
            names |= node_names(template, inside)
    return names


def _expression_names(template: Template, expression: Expression) -> set[str]:
    names: set[str] = set()
    spec = template.spec_trees.get(id(expression))
    if spec is not None:
        names |= free_names(spec)
    parsed = template.expressions.get(id(expression))
    if parsed is None:
        return names
    names |= parsed.free_names()
    scopes = inner_scopes(parsed.tree) if parsed.markup else {}
    for place, markup in parsed.markup.items():
        names |= markup_names(template, markup) - scopes.get(place, Inner()).bound
    return names


def node_walrus(template: Template, nodes: Iterable[Node]) -> set[str]:
    """The names that `:=` binds in nodes."""
    found: set[str] = set()
    if not template.walrus:  # nearly always
        return found
    for node in nodes:
        for expression in own_expressions(node):
            parsed = template.expressions.get(id(expression))
            if parsed is not None:
                found |= expression_walrus(template, parsed, parsed.tree)
        found |= node_walrus(template, child_nodes(node))
    return found


def expression_walrus(template: Template, parsed: ParsedExpression, node: ast.expr) -> set[str]:
    """The names that `:=` binds in a piece of an expression, markup in it and the format of the whole included."""
    if not template.walrus:
        return set()
    found = walrus_targets(node)
    spec = template.spec_trees.get(id(parsed.expression)) if node is parsed.tree else None
    if spec is not None:
        found |= walrus_targets(spec)
    for each in walk(node):
        if id(each) in parsed.markup:
            found |= markup_walrus(template, parsed.markup[id(each)])
    return found


def own_expressions(node: Node) -> Iterator[Expression]:
    """The expressions of a node itself: what it is, or what its attributes hold."""
    if isinstance(node, Expression):
        yield node
    elif isinstance(node, Element | Component | Fragment | Slot):
        yield from attribute_expressions(node.attributes)


def attribute_expressions(attributes: Iterable[Attribute]) -> Iterator[Expression]:
    """The expressions that attributes hold."""
    for attribute in attributes:
        if not isinstance(attribute, QuotedAttribute | EmptyAttribute):
            yield attribute.value


def child_nodes(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node. The markup in an expression is not below it."""
    match node:
        case Element() | Component() | Fragment() | Slot():
            return node.children
        case Text() | Comment() | Doctype() | TemplateComment() | StrayEndTag() | Expression():
            return ()
        case _:
            assert_never(node)
