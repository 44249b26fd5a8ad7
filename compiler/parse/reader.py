"""From Lark's parse tree to our nodes."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from lark import Token, Tree

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.nodes import (
    Attribute,
    Comment,
    Doctype,
    EmptyAttribute,
    Expression,
    ExpressionAttribute,
    FormatSpec,
    Frontmatter,
    Markup,
    Node,
    Python,
    QuotedAttribute,
    Root,
    ShorthandAttribute,
    SpreadAttribute,
    TemplateComment,
    TemplateLiteralAttribute,
    Text,
)
from pyastro.compiler.parse.tag_names import closes_itself, tag_name
from pyastro.compiler.parse.tree import EndTag, Flat, StartTag, build_tree
from pyastro.compiler.source import Span

Branch: TypeAlias = "Token | Tree[Token]"

_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/>={][^\s/>={]*)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+)))?"""
)
_SEPARATOR = re.compile(r"[\s/>]|\Z")
_LEAVES: dict[str, type[Text | Comment | Doctype | TemplateComment]] = {
    "TEXT": Text,
    "RAW_TEXT": Text,
    "CDATA": Text,
    "COMMENT": Comment,
    "DOCTYPE": Doctype,
    "TEMPLATE_COMMENT": TemplateComment,
}


class TreeReader:
    """Reads one parse tree. `problems` begins with the scanner's; what else is wrong but can be read past is added."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text = text
        self.frontmatter = ""
        self.problems = problems
        self.is_partial = bool(problems)

    def read(self, tree: "Tree[Token]") -> Root:
        """The whole component."""
        children = list(tree.children)
        frontmatter = None
        if children and isinstance(children[0], Token) and children[0].type == "FRONTMATTER":
            token = children.pop(0)
            assert isinstance(token, Token)
            frontmatter = Frontmatter(str(token), _span(token))
            self.frontmatter = frontmatter.text
        nodes = self.content(children, is_strict=False)
        return Root(frontmatter, nodes, self.is_partial, Span(0, len(self.text)))

    def content(self, branches: Iterable[Branch], is_strict: bool) -> tuple[Node, ...]:
        """Content as nodes: tags are paired, neighbouring text is one. Strict: every element must be closed."""
        flat = [item for branch in branches for item in self.flat(branch)]
        return build_tree(flat, self.frontmatter, self.problems, is_strict, self.is_partial)

    def flat(self, branch: Branch) -> Iterable[Flat]:
        """A piece of content before tags are paired."""
        if isinstance(branch, Tree):
            if branch.data == "expression":
                yield self.expression(branch)
            else:
                yield self.start_tag(branch)
            return
        span = _span(branch)
        if branch.type == "TAG":
            yield self.static_tag(branch, span)
        elif branch.type == "END_TAG":
            yield EndTag(tag_name(branch, 2), span)
        else:
            yield _LEAVES[branch.type](str(branch), span)

    # ------------------------------------------------------------ tags

    def static_tag(self, token: Token, span: Span) -> StartTag:
        name = tag_name(token, 1)
        attributes = tuple(
            self.static_attribute(found, span.start)
            for found in _ATTRIBUTE.finditer(token, 1 + len(name), len(token) - 1)
        )
        return StartTag(name, attributes, closes_itself(token), span)

    def start_tag(self, tree: "Tree[Token]") -> StartTag:
        opening, *inside, closing = tree.children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        attributes = tuple(a for branch in inside if (a := self.attribute(branch)) is not None)
        span = Span(_span(opening).start, _span(closing).end)
        return StartTag(opening[1:], attributes, closing == "/>", span)

    def attribute(self, branch: Branch) -> Attribute | None:
        if isinstance(branch, Token):
            if branch.type == "TEMPLATE_COMMENT":
                return None
            found = _ATTRIBUTE.match(branch)
            assert found is not None
            return self.static_attribute(found, _span(branch).start)
        if branch.data == "braced_attribute":
            (expression,) = branch.children
            assert isinstance(expression, Tree)
            return self.braced_attribute(self.expression(expression))
        name, value = branch.children
        assert isinstance(name, Token)
        start = _span(name).start
        if isinstance(value, Token):
            span = _span(value)
            if value.startswith("`"):
                self.problems.append(messages.backtick_attribute(span, name))
                return None
            literal = Expression((Python(str(value), span),), None, span)
            return TemplateLiteralAttribute(str(name), literal, Span(start, span.end))
        dynamic = self.expression(value)
        return ExpressionAttribute(str(name), dynamic, Span(start, dynamic.span.end))

    def static_attribute(self, found: "re.Match[str]", offset: int) -> QuotedAttribute | EmptyAttribute:
        name = found["name"]
        span = Span(offset + found.start(), offset + found.end())
        group = found.lastgroup
        if group is None or group == "name":
            return EmptyAttribute(name, span)
        self.check_separated(name, Span(offset + found.start(group), span.end))
        return QuotedAttribute(
            name, found[group], span, Span(offset + found.start(group), offset + found.end(group))
        )

    def check_separated(self, name: str, value: Span) -> None:
        """Where an attribute follows a quote at once, the quote was perhaps meant to open that one's value."""
        if self.text[value.end - 1] in "\"'" and not _SEPARATOR.match(self.text, value.end):
            end = self.text.find("\n", value.start, value.end)
            self.problems.append(
                messages.attributes_not_separated((value.start - 1, end if end >= 0 else value.end), name)
            )

    def braced_attribute(self, value: Expression) -> Attribute | None:
        """`{name}` or `{**mapping}`; None where it is something else."""
        if value.is_unreadable:
            return SpreadAttribute(value, value.span)  # it may have given anything
        first = value.parts[0] if value.parts else None
        text = first.text.strip() if isinstance(first, Python) else ""
        if text.startswith("..."):
            self.problems.append(messages.jsx_spread(value.span, text[3:].strip() or "x"))
            return None
        if isinstance(first, Python) and text.startswith("**") and value.format is None:
            skip = first.text.index("**") + 2
            rest = Python(first.text[skip:], Span(first.span.start + skip, first.span.end))
            return SpreadAttribute(Expression((rest, *value.parts[1:]), None, value.span), value.span)
        if len(value.parts) != 1 or value.format is not None or not text.isidentifier():
            self.problems.append(messages.braces_without_name(value.span))
            return None
        return ShorthandAttribute(text, value, value.span)

    # ------------------------------------------------------------ expressions

    def expression(self, tree: "Tree[Token]") -> Expression:
        opening, *inside = tree.children
        assert isinstance(opening, Token)
        if opening.type == "UNREADABLE":
            return Expression((), None, _span(opening), is_unreadable=True)
        closing = inside.pop()
        assert isinstance(closing, Token)
        parts: list[Python | Markup] = []
        format_spec: FormatSpec | None = None
        for branch in inside:
            if isinstance(branch, Token):
                if not branch.startswith("{#"):
                    parts.append(Python(str(branch), _span(branch)))
            elif branch.data == "format":
                format_spec = self.format(branch)
            else:
                parts.append(self.markup(branch))
        return Expression(tuple(parts), format_spec, Span(_span(opening).start, _span(closing).end))

    def markup(self, tree: "Tree[Token]") -> Markup:
        opening, *inside, closing = tree.children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        return Markup(self.content(inside, is_strict=True), Span(_span(opening).start, _span(closing).end))

    def format(self, tree: "Tree[Token]") -> FormatSpec:
        tokens = [t for t in tree.children if isinstance(t, Token)]
        conversion = next((t[1:] for t in tokens if t.type == "CONVERSION"), None)
        if conversion is not None and conversion not in "rsa":
            self.problems.append(messages.unknown_conversion(_span(tokens[0]), conversion))
            conversion = None
        spec = next((t[1:] for t in tokens if t.type == "SPEC"), None)
        return FormatSpec(conversion, spec, Span(_span(tokens[0]).start, _span(tokens[-1]).end))


def _span(token: Token) -> Span:
    assert token.start_pos is not None and token.end_pos is not None
    return Span(token.start_pos, token.end_pos)
