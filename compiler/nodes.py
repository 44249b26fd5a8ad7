"""The tree of a component, as the parser makes it.

Nodes are inert: frozen, children in tuples, no behaviour. Their spans are offsets into the source's text and do not
count when two trees are compared.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from pyastro.compiler.source import Span

# ---------------------------------------------------------------- the file


@dataclass(frozen=True, slots=True)
class Frontmatter:
    """The Python between the fences."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Root:
    """A whole component: its frontmatter, if it has one, and its template."""

    frontmatter: Frontmatter | None
    children: "tuple[Node, ...]"
    is_partial: bool
    """Is something missing, because it could not be read?"""
    span: Span = field(compare=False, repr=False)


# ---------------------------------------------------------------- content


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it stands in the source, character references included. Also the content of a raw text element."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """`<!-- … -->`, or what HTML reads as a comment (`<!…>`, `<?…>`): written as it stands."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Doctype:
    """`<!DOCTYPE …>`, written as it stands."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TemplateComment:
    """`{# … #}`: renders nothing."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StrayEndTag:
    """An end tag that closes nothing, written as it stands."""

    name: str
    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Element:
    """An HTML element.

    `start_tag` and `end_tag` are the spans of its tags; `end_tag` is None where the source has none: the element is
    void, self-closing, or left open.
    """

    name: str
    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    is_self_closing: bool
    start_tag: Span = field(compare=False, repr=False)
    end_tag: Span | None = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Component:
    """`<Card …>`, `<ui.Card …>`: a tag whose name is a Python name in scope."""

    name: str
    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fragment:
    """`<>…</>` or `<Fragment>…</Fragment>`: its children, and no element of its own."""

    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """`<slot>`: where the caller's content goes; the children are the fallback."""

    attributes: "tuple[Attribute, ...]"
    children: "tuple[Node, ...]"
    start_tag: Span = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Python:
    """A stretch of Python inside an expression."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Markup:
    """Markup that stands as an operand inside an expression: adjacent nodes are one operand."""

    children: "tuple[Node, ...]"
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """What follows the value in `{value!r:>{width}}`: the conversion and the spec, as in an f-string."""

    conversion: str | None
    spec: str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expression:
    """`{…}`: Python in which markup may stand wherever an operand may."""

    parts: tuple[Python | Markup, ...]
    format: FormatSpec | None
    span: Span = field(compare=False, repr=False)
    is_unreadable: bool = False
    """Is there a mistake in it, which has been reported?"""


# ---------------------------------------------------------------- attributes


@dataclass(frozen=True, slots=True)
class QuotedAttribute:
    """`name="text"`, or `name=text`: `value` as it stands in the source, without the quotes."""

    name: str
    value: str
    span: Span = field(compare=False, repr=False)
    value_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EmptyAttribute:
    """`name`, without a value."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExpressionAttribute:
    """`name={expression}`."""

    name: str
    value: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TemplateLiteralAttribute:
    """`name=f"text {expression}"`: `value` is the whole Python f-string."""

    name: str
    value: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ShorthandAttribute:
    """`{name}`, short for `name={name}`."""

    name: str
    value: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SpreadAttribute:
    """`{**mapping}`: `value` is the mapping's expression."""

    value: Expression
    span: Span = field(compare=False, repr=False)


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
