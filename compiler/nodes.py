"""The tree of a component, as the parser makes it.

Nodes are inert: named tuples with their children in tuples, no behaviour. Their spans are offsets into the source's text.
"""

from typing import NamedTuple, TypeAlias

from pyastro.compiler.source import Span

# ---------------------------------------------------------------- the file


class Frontmatter(NamedTuple):
    """The Python between the fences."""

    text: str
    span: Span


class Root(NamedTuple):
    """A whole component: its frontmatter, if it has one, and its template."""

    frontmatter: Frontmatter | None
    children: "tuple[Node, ...]"
    is_partial: bool
    """Is something missing, because it could not be read?"""
    span: Span


# ---------------------------------------------------------------- content


class Text(NamedTuple):
    """Text as it stands in the source, character references included. Also the content of a raw text element."""

    value: str
    span: Span


class Comment(NamedTuple):
    """`<!-- … -->`, or what HTML reads as a comment (`<!…>`, `<?…>`): written as it stands."""

    value: str
    span: Span


class Doctype(NamedTuple):
    """`<!DOCTYPE …>`, written as it stands."""

    value: str
    span: Span


class TemplateComment(NamedTuple):
    """`{# … #}`: renders nothing."""

    value: str
    span: Span


class StrayEndTag(NamedTuple):
    """An end tag that closes nothing, written as it stands."""

    name: str
    value: str
    span: Span


class Element(NamedTuple):
    """An HTML element.

    `start_tag` and `end_tag` are the spans of its tags; `end_tag` is None where the source has none: the element is
    void, self-closing, or left open.
    """

    name: str
    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    is_self_closing: bool
    start_tag: Span
    end_tag: Span | None
    span: Span


class Component(NamedTuple):
    """`<Card …>`, `<ui.Card …>`: a tag whose name is a Python name in scope."""

    name: str
    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span
    span: Span


class Fragment(NamedTuple):
    """`<>…</>` or `<Fragment>…</Fragment>`: its children, and no element of its own."""

    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span
    span: Span


class Slot(NamedTuple):
    """`<slot>`: where the caller's content goes; the children are the fallback."""

    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span
    span: Span


# ---------------------------------------------------------------- expressions


class Python(NamedTuple):
    """A stretch of Python inside an expression."""

    text: str
    span: Span


class Markup(NamedTuple):
    """Markup that stands as an operand inside an expression: adjacent nodes are one operand."""

    children: "tuple[Node, ...]"
    span: Span


class FormatSpec(NamedTuple):
    """What follows the value in `{value!r:>{width}}`: the conversion and the spec, as in an f-string."""

    conversion: str | None
    spec: str | None
    span: Span


class Expression(NamedTuple):
    """`{…}`: Python in which markup may stand wherever an operand may."""

    parts: tuple[Python | Markup, ...]
    format: FormatSpec | None
    span: Span
    is_unreadable: bool = False
    """Is there a mistake in it, which has been reported?"""


# ---------------------------------------------------------------- attributes


class QuotedAttribute(NamedTuple):
    """`name="text"`, or `name=text`: `value` as it stands in the source, without the quotes."""

    name: str
    value: str
    span: Span
    value_span: Span


class EmptyAttribute(NamedTuple):
    """`name`, without a value."""

    name: str
    span: Span


class ExpressionAttribute(NamedTuple):
    """`name={expression}`."""

    name: str
    value: Expression
    span: Span


class TemplateLiteralAttribute(NamedTuple):
    """`name=f"text {expression}"`: `value` is the whole Python f-string."""

    name: str
    value: Expression
    span: Span


class ShorthandAttribute(NamedTuple):
    """`{name}`, short for `name={name}`."""

    name: str
    value: Expression
    span: Span


class SpreadAttribute(NamedTuple):
    """`{**mapping}`: `value` is the mapping's expression."""

    value: Expression
    span: Span


Node: TypeAlias = (
    Text
    | Comment
    | Doctype
    | TemplateComment
    | StrayEndTag
    | Element
    | Component
    | Fragment
    | Slot
    | Expression
)
NamedAttribute: TypeAlias = (
    QuotedAttribute | EmptyAttribute | ExpressionAttribute | TemplateLiteralAttribute | ShorthandAttribute
)
Attribute: TypeAlias = NamedAttribute | SpreadAttribute
