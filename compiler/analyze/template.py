"""What the template says: its expressions read as Python, its slots, styles and names."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from pyastro.compiler import messages
from pyastro.compiler.analyze.astro_object import props_behind_methods, read_astro
from pyastro.compiler.analyze.expressions import ParsedExpression, read_expression
from pyastro.compiler.analyze.habits import attribute_habits, without_ends
from pyastro.compiler.analyze.markup_slips import unknown_directives
from pyastro.compiler.analyze.scope import all_names, free_names, inner_names, walrus_targets
from pyastro.compiler.analyze.syntax import spec_problem
from pyastro.compiler.diagnostics import Problem
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
    NamedAttribute,
    Node,
    QuotedAttribute,
    Slot,
    SpreadAttribute,
    StrayEndTag,
    TemplateComment,
    Text,
)
from pyastro.compiler.source import Source

_PLACES = {
    "define:vars": ("script", "style"),
    "is:global": ("style",),
    "is:inline": ("script", "style", "slot"),
}
"""The elements on which a directive means something, where it does not on all."""
_STYLE_ATTRIBUTES = frozenset({"is:global", "is:raw", "define:vars", "lang", "media", "src", "type"})
"""The attributes that mean something on a `<style>` that is part of the component's style sheet."""
_INERT = frozenset({"noscript", "svg", "template"})
"""Elements in which styles and scripts stay as they are written: they mean something else there, or later."""


@dataclass(slots=True, eq=False, repr=False)
class Template:
    """The findings about a template."""

    expressions: dict[int, ParsedExpression] = field(default_factory=dict)
    """By `id()` of the Expression node; an expression in which nothing stands is not in it."""
    spec_trees: dict[int, ast.expr] = field(default_factory=dict)
    """The format specs with expressions in them, by `id()` of the Expression node."""
    names: set[str] = field(default_factory=set)
    """Every identifier of every expression and every component's tag."""
    walrus: set[str] = field(default_factory=set)
    """The names that `:=` binds."""
    bound: set[str] = field(default_factory=set)
    """The names that anything in an expression binds: loops, the parameters of lambdas, `:=`."""
    tags: set[str] = field(default_factory=set)
    """The names of the component tags."""
    slots: list[str] = field(default_factory=list)
    """The names of the slots that it declares, in order, each once."""
    filled: set[str] = field(default_factory=set)
    """The names of the slots that anything in it says it is for."""
    styles: list[Element] = field(default_factory=list)
    """The style elements that are taken out of the template."""
    styles_in_place: list[Element] = field(default_factory=list)
    """Those that are written where they stand, and outside of all expressions."""
    scripts: list[Element] = field(default_factory=list)
    """The scripts that a page holds once, as modules."""
    hoisted: set[int] = field(default_factory=set)
    """By `id()`: the styles that are taken out, and the scripts that a page holds once, as modules."""
    elements: list[Element] = field(default_factory=list)
    """All elements of HTML."""
    components: list[Component] = field(default_factory=list)
    """All components."""
    braced: list[QuotedAttribute] = field(default_factory=list)
    """The quoted attributes with braces in them."""
    astro_attributes: set[str] = field(default_factory=set)
    """Which attributes of `Astro` are read; `*` where it is used as a whole."""


def analyze_template(source: Source, children: Iterable[Node]) -> tuple[Template, list[Problem]]:
    """A template's findings, and what is wrong in its expressions."""
    visitor = _Visitor(source)
    visitor.nodes(children)
    return visitor.template, without_ends(visitor.problems, source.text)


class _Visitor:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.has_vue = "vue" in source.text.lower()
        self.template = Template()
        self.problems: list[Problem] = []
        self.is_inert = False
        """Are we inside an element whose styles and scripts are its own?"""
        self.is_in_expression = False

    def nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.node(node)

    def node(self, node: Node) -> None:
        match node:
            case Text() | Comment() | Doctype() | TemplateComment() | StrayEndTag():
                pass
            case Expression():
                self.expression(node)
                self.check_set_display(node)
            case Element():
                self.element(node)
            case Component():
                self.component(node)
            case Slot():
                self.slot(node)
            case Fragment():
                self.attributes(node.attributes)
                self.check_directives(node.attributes, "Fragment")
                self.nodes(node.children)
            case _:
                assert_never(node)

    def element(self, node: Element) -> None:
        self.attributes(node.attributes)
        self.check_directives(node.attributes, node.name)
        self.problems += attribute_habits(node.attributes, self.has_vue)
        self.problems += unknown_directives(node.attributes)
        self.template.elements.append(node)
        self.quoted(node.attributes)
        for attribute in node.attributes:
            if isinstance(attribute, QuotedAttribute | EmptyAttribute) and attribute.name == "define:vars":
                self.problems.append(messages.define_vars_value(attribute.span))
        match node.name.lower():
            case "style":
                self.style(node)
            case "script" if not node.attributes and not self.is_inert:
                self.template.scripts.append(node)
                self.template.hoisted.add(id(node))
        outer, self.is_inert = self.is_inert, self.is_inert or node.name.lower() in _INERT
        self.nodes(node.children)
        self.is_inert = outer

    def style(self, node: Element) -> None:
        """A style inside an expression comes and goes with it, so it stays there, as in Astro."""
        variables = [a for a in node.attributes if getattr(a, "name", "") == "define:vars"]
        if self.is_in_expression and variables:
            self.problems.append(messages.define_vars_in_expression(variables[0].span))
        elif not self.is_in_expression and not self.is_inert and is_collected_style(node):
            self.template.styles.append(node)
            self.template.hoisted.add(id(node))
            self.problems += [
                messages.style_attribute(a.span, a.name)
                for a in node.attributes
                if not isinstance(a, SpreadAttribute) and a.name not in _STYLE_ATTRIBUTES
            ]
        elif not self.is_in_expression:
            self.template.styles_in_place.append(node)

    def component(self, node: Component) -> None:
        first, _, rest = node.name.partition(".")
        self.template.names.add(first)
        self.template.tags.add(node.name)
        self.template.components.append(node)
        if first == "Astro" and rest != "self":
            self.template.astro_attributes.add("*")
        self.attributes(node.attributes)
        self.check_directives(node.attributes, node.name)
        self.quoted(node.attributes)
        self.nodes(node.children)

    def quoted(self, attributes: Iterable[Attribute]) -> None:
        found = [a for a in attributes if isinstance(a, QuotedAttribute) and "{" in a.value]
        self.template.braced += [] if self.has_vue else found

    def slot(self, node: Slot) -> None:
        name = static_value(node.attributes, "name")
        if name is None:
            self.problems.append(messages.dynamic_slot_name(node.start_tag))
        elif name not in self.template.slots:
            self.template.slots.append(name)
        self.attributes(node.attributes)
        self.nodes(node.children)

    def attributes(self, attributes: Iterable[Attribute]) -> None:
        first: NamedAttribute | None = None
        for attribute in attributes:
            if isinstance(attribute, NamedAttribute) and attribute.name in ("set:html", "set:text"):
                if first is not None:
                    problem = messages.set_twice(attribute.span, first.name, attribute.name)
                    self.problems.append(problem)
                first = first or attribute
            if isinstance(attribute, SpreadAttribute):
                start = attribute.value.parts[0].span.start if attribute.value.parts else attribute.span.start
                self.expression(attribute.value, start)
            elif isinstance(attribute, QuotedAttribute):
                self.template.filled |= {attribute.value} if attribute.name == "slot" else set()
            elif not isinstance(attribute, EmptyAttribute):
                literal = (
                    attribute.value.span.start == attribute.value.parts[0].span.start
                    if attribute.value.parts
                    else False
                )
                self.expression(attribute.value, attribute.value.span.start if literal else None)

    def check_directives(self, attributes: Iterable[Attribute], name: str) -> None:
        for attribute in attributes:
            if isinstance(attribute, SpreadAttribute) or attribute.name not in _PLACES:
                continue
            right = _PLACES[attribute.name]
            if name.lower() not in right:
                problem = messages.misplaced_directive(attribute.span, attribute.name, name, right)
                self.problems.append(problem)

    def expression(self, node: Expression, start: int | None = None) -> None:
        parsed = read_expression(self.source, node, start)
        if isinstance(parsed, Problem):
            self.problems.append(parsed)
        elif parsed is not None:
            self.template.expressions[id(node)] = parsed
            self.read_names(parsed)
        if node.format and node.format.spec and "{" in node.format.spec:
            self.spec(node)
        outer, self.is_in_expression = self.is_in_expression, True
        self.check_format(node)
        for part in node.parts:
            if isinstance(part, Markup):
                self.nodes(part.children)
        self.is_in_expression = outer

    def check_set_display(self, node: Expression) -> None:
        """`{{ x }}` in content is somebody's habit from Jinja."""
        parsed = self.template.expressions.get(id(node))
        if parsed and isinstance(parsed.tree, ast.Set) and len(parsed.tree.elts) == 1 and not parsed.markup:
            start, end = parsed.span(parsed.tree.elts[0])
            self.problems.append(messages.set_display(node.span, parsed.code[start:end]))

    def check_format(self, node: Expression) -> None:
        """A literal's format is tried out: that `{"a": 1}` is no dict is better said at once."""
        parsed = self.template.expressions.get(id(node))
        value = parsed.tree.value if parsed and isinstance(parsed.tree, ast.Constant) else None
        if node.format is None or not node.format.spec or node.format.conversion:
            return
        spec = node.format.spec
        if type(value) not in (str, int, float) or re.search(r"[{}]|\d{4}", spec):
            return
        try:
            format(value, spec)
        except ValueError as error:
            is_dict = isinstance(value, str) and (spec[:1].isspace() or not spec[:1].isalnum())
            at = node.format.span.start, node.format.span.end
            self.problems.append(messages.bad_format_spec(at, spec, str(error).rstrip("."), is_dict))

    def read_names(self, parsed: ParsedExpression) -> None:
        template, tree = self.template, parsed.tree
        template.names |= all_names([tree])
        template.walrus |= walrus_targets(tree)
        template.bound |= inner_names(tree)
        read_astro(tree, template.astro_attributes)
        for node in props_behind_methods(tree):
            self.problems.append(messages.prop_behind_method(parsed.source_span(node), node.attr))

    def spec(self, node: Expression) -> None:
        """A format spec with expressions of its own: their names count."""
        assert node.format is not None and node.format.spec is not None
        try:
            text = node.format.spec.replace("\\", "\\\\")
            tree = ast.parse(f'f"""{{0:{text}}}"""', mode="eval").body
        except SyntaxError as error:
            start, stop = node.format.span.end - len(node.format.spec), node.format.span.end
            found = spec_problem(self.source.text, start, stop)
            self.problems.append(found or messages.python_syntax(node.format.span, f"{error.msg}."))
            return
        self.template.spec_trees[id(node)] = tree
        self.template.names |= free_names(tree)
        self.template.walrus |= walrus_targets(tree)
        self.template.bound |= inner_names(tree)


def static_value(attributes: Iterable[Attribute], name: str, default: str = "default") -> str | None:
    """The text of an attribute; `default` where it is not there; None where it is not plain text."""
    for attribute in attributes:
        if isinstance(attribute, SpreadAttribute) or attribute.name != name:
            continue
        if isinstance(attribute, QuotedAttribute):
            return attribute.value or default
        return default if isinstance(attribute, EmptyAttribute) else None
    return default


def is_collected_style(node: Element) -> bool:
    """May this `<style>` be part of the component's style sheet? Otherwise it stays where it stands: with `is:inline`,
    with a type that is not CSS's, and where its rules or what they are for are known only when it renders.
    """
    stays = {"is:inline", "set:html", "set:text"}
    if any(isinstance(a, SpreadAttribute) or a.name in stays for a in node.attributes):
        return False
    has_text_media = static_value(node.attributes, "media") is not None
    return has_text_media and (static_value(node.attributes, "type", "text/css") or "").lower() == "text/css"
