"""From Lark's parse tree to our nodes."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from lark import Tree

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
from pyastro.compiler.parse.token import Run, Token
from pyastro.compiler.parse.tree import EndTag, Flat, StartTag, build_tree
from pyastro.compiler.source import Span

Branch: TypeAlias = "Token | Run | Tree[Token | Run]"

_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/>={][^\s/>={]*)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+)))?"""
)
_UNEXPECTED = re.compile(r"[\"'<]")
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

    def read(self, tree: "Tree[Token | Run]") -> Root:
        """The whole component."""
        children = list(tree.children)
        frontmatter = None
        if children and isinstance(children[0], Token) and children[0].type == "FRONTMATTER":
            token = children.pop(0)
            assert isinstance(token, Token)
            frontmatter = Frontmatter(token.text, _span(token))
            self.frontmatter = frontmatter.text
        nodes = self.content(children, is_strict=False)
        return Root(frontmatter, nodes, self.is_partial, Span(0, len(self.text)))

    def content(self, branches: Iterable[Branch], is_strict: bool) -> tuple[Node, ...]:
        """Content as nodes: tags are paired, neighbouring text is one. Strict: every element must be closed."""
        flat: list[Flat] = []
        for branch in branches:
            if isinstance(branch, Run):
                flat += map(self.piece, branch.tokens)
            elif isinstance(branch, Token):
                flat.append(self.piece(branch))
            else:
                flat.append(
                    self.expression(branch) if branch.data == "expression" else self.start_tag(branch)
                )
        return build_tree(flat, self.frontmatter, self.problems, is_strict, self.is_partial)

    def piece(self, token: Token) -> Flat:
        """A piece of content before tags are paired."""
        kind = token.type
        span = Span(token.start, token.end)
        if kind == "TAG":
            return self.static_tag(token.text, span)
        if kind == "END_TAG":
            return EndTag(tag_name(token.text, 2), span)
        if kind == "SIMPLE_EXPRESSION":
            return _simple_expression(token)
        return _LEAVES[kind](token.text, span)

    # ------------------------------------------------------------ tags

    def static_tag(self, text: str, span: Span) -> StartTag:
        name = tag_name(text, 1)
        if len(text) == len(name) + 2:
            return StartTag(name, (), False, span)
        attributes = tuple(
            self.static_attribute(found, span.start)
            for found in _ATTRIBUTE.finditer(text, 1 + len(name), len(text) - 1)
        )
        return StartTag(name, attributes, closes_itself(text), span)

    def start_tag(self, tree: "Tree[Token | Run]") -> StartTag:
        opening, *inside, closing = tree.children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        attributes = tuple(a for branch in inside if (a := self.attribute(branch)) is not None)
        span = Span(_span(opening).start, _span(closing).end)
        return StartTag(opening.text[1:], attributes, closing.text == "/>", span)

    def attribute(self, branch: Branch) -> Attribute | None:
        if not isinstance(branch, Tree):
            assert isinstance(branch, Token)
            if branch.type == "TEMPLATE_COMMENT":
                return None
            found = _ATTRIBUTE.match(branch.text)
            assert found is not None
            return self.static_attribute(found, _span(branch).start)
        if branch.data == "braced_attribute":
            (expression,) = branch.children
            assert isinstance(expression, Tree)
            return self.braced_attribute(self.expression(expression))
        name, value = branch.children
        assert isinstance(name, Token) and not isinstance(value, Run)
        if isinstance(value, Token):
            span = _span(value)
            if value.text.startswith("`"):
                self.problems.append(messages.backtick_attribute(span, name.text))
                return None
            literal = Expression((Python(value.text, span),), None, span)
            return TemplateLiteralAttribute(name.text, literal, Span(name.start, span.end))
        dynamic = self.expression(value)
        return ExpressionAttribute(name.text, dynamic, Span(name.start, dynamic.span.end))

    def static_attribute(self, found: "re.Match[str]", offset: int) -> QuotedAttribute | EmptyAttribute:
        name = found["name"]
        span = Span(offset + found.start(), offset + found.end())
        group = found.lastgroup
        self.check_name(name, span)
        if group is None or group == "name":
            return EmptyAttribute(name, span)
        self.check_separated(name, Span(offset + found.start(group), span.end))
        return QuotedAttribute(
            name, found[group], span, Span(offset + found.start(group), offset + found.end(group))
        )

    def check_name(self, name: str, span: Span) -> None:
        """Comments of JavaScript's, and quotes that open no value."""
        if name.startswith("*") and self.text[span.start - 1] == "/":
            end = self.text.find("*/", span.start)
            at = span.start - 1, end + 2 if end >= 0 else span.start + 1
            self.problems.append(messages.jsx_comment(at))
        found = _UNEXPECTED.search(name)
        if (
            found is not None and self.text[span.start - 1] not in "\"'"
        ):  # there a quote is missing, which is told
            at = span.start + found.start(), span.start + found.end()
            problem = messages.unexpected_character_in_attribute_name(at, name, found.group())
            self.problems.append(problem)

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
        is_spread = text.startswith("**") and (text != "**" or len(value.parts) > 1)
        if isinstance(first, Python) and is_spread and value.format is None:
            skip = first.text.index("**") + 2
            rest = Python(first.text[skip:], Span(first.span.start + skip, first.span.end))
            return SpreadAttribute(Expression((rest, *value.parts[1:]), None, value.span), value.span)
        if len(value.parts) != 1 or value.format is not None or not text.isidentifier():
            self.problems.append(messages.braces_without_name(value.span))
            return None
        return ShorthandAttribute(text, value, value.span)

    # ------------------------------------------------------------ expressions

    def expression(self, tree: "Tree[Token | Run]") -> Expression:
        opening, *inside = tree.children
        assert isinstance(opening, Token)
        if opening.type == "UNREADABLE":
            return Expression((), None, _span(opening), is_unreadable=True)
        if opening.type == "SIMPLE_EXPRESSION":
            return _simple_expression(opening)
        closing = inside.pop()
        assert isinstance(closing, Token)
        parts: list[Python | Markup] = []
        format_spec: FormatSpec | None = None
        for branch in inside:
            if not isinstance(branch, Tree):
                assert isinstance(branch, Token)
                if not branch.text.startswith("{#"):
                    parts.append(Python(branch.text, _span(branch)))
            elif branch.data == "format":
                format_spec = self.format(branch)
            else:
                parts.append(self.markup(branch))
        return Expression(tuple(parts), format_spec, Span(_span(opening).start, _span(closing).end))

    def markup(self, tree: "Tree[Token | Run]") -> Markup:
        opening, *inside, closing = tree.children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        return Markup(self.content(inside, is_strict=True), Span(_span(opening).start, _span(closing).end))

    def format(self, tree: "Tree[Token | Run]") -> FormatSpec:
        tokens = [t for t in tree.children if isinstance(t, Token)]
        conversion = next((t.text[1:] for t in tokens if t.type == "CONVERSION"), None)
        if conversion is not None and conversion not in "rsa":
            self.problems.append(messages.unknown_conversion(_span(tokens[0]), conversion))
            conversion = None
        spec = next((t.text[1:] for t in tokens if t.type == "SPEC"), None)
        return FormatSpec(conversion, spec, Span(_span(tokens[0]).start, _span(tokens[-1]).end))


def _simple_expression(token: Token) -> Expression:
    """`{name}`."""
    start, end = token.start, token.end
    return Expression((Python(token.text[1:-1], Span(start + 1, end - 1)),), None, Span(start, end))


def _span(token: Token) -> Span:
    return Span(token.start, token.end)
