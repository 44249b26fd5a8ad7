"""Pairing start tags with end tags, as tolerant as HTML is.

The output keeps every tag as it was written, so nothing is repaired here: an element that is left open simply ends
where its parent ends, or where HTML says that its end tag may be omitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.html import CLOSES, CLOSES_P, OPTIONAL_END_TAGS, VOID_ELEMENTS
from pyastro.compiler.nodes import (
    Attribute,
    Component,
    Element,
    Fragment,
    Node,
    Slot,
    StrayEndTag,
    Text,
)
from pyastro.compiler.parse.modes import MAX_DEPTH, ScanError
from pyastro.compiler.parse.tag_names import is_component_name
from pyastro.compiler.source import Span


class StartTag(NamedTuple):
    """A start tag on its way to become an element."""

    name: str
    attributes: tuple[Attribute, ...]
    is_self_closing: bool
    span: Span


class EndTag(NamedTuple):
    """An end tag; its name is empty in `</>`."""

    name: str
    span: Span


Flat: TypeAlias = "Node | StartTag | EndTag"


@dataclass(slots=True, eq=False, repr=False)
class _Open:
    """An element of which the end has not been seen."""

    tag: StartTag
    is_component: bool
    key: str
    """What an end tag must say to close it."""
    children: list[Node] = field(default_factory=list)

    @property
    def must_close(self) -> bool:
        """Is leaving it open an error? Components, fragments and slots are not HTML."""
        return self.is_component or self.key in ("", "slot")


def build_tree(
    flat: Sequence[Flat], frontmatter: str, problems: list[Problem], is_strict: bool, is_partial: bool
) -> tuple[Node, ...]:
    """The nodes of a stretch of content. Findings that do not stop the parser are added to `problems`.

    Partial: something could not be read, and it may have held the end tags that are missing at the end.
    """
    builder = _Builder(frontmatter, problems, is_strict, is_partial)
    for item in flat:
        if type(item) is StartTag:
            builder.start(item)
        elif type(item) is EndTag:
            builder.end(item)
        else:
            builder.add(item)  # type: ignore[arg-type]  # the other two are excluded above
    return builder.finish()


class _Builder:
    def __init__(self, frontmatter: str, problems: list[Problem], is_strict: bool, is_partial: bool) -> None:
        self.frontmatter = frontmatter
        self.problems = problems
        self.is_strict = is_strict
        self.is_partial = is_partial
        self.root: list[Node] = []
        self.open: list[_Open] = []

    def add(self, node: Node) -> None:
        """Append a node where we are; text joins the text before it."""
        siblings = self.open[-1].children if self.open else self.root
        before = siblings[-1] if siblings else None
        if isinstance(node, Text) and isinstance(before, Text):
            siblings.pop()
            node = Text(before.value + node.value, Span(before.span.start, node.span.end))
        siblings.append(node)

    def start(self, tag: StartTag) -> None:
        is_component = is_component_name(tag.name, self.frontmatter)
        lower = tag.name.lower()
        if not is_component and not self.is_strict:
            self.close_implied(lower)
        opened = _Open(tag, is_component, tag.name if is_component else lower)
        if tag.is_self_closing or (lower in VOID_ELEMENTS and not is_component):
            self.add(_element(opened, None))
            return
        if len(self.open) >= MAX_DEPTH:
            raise ScanError(messages.nesting_too_deep(tag.span, MAX_DEPTH))
        self.open.append(opened)

    def close_implied(self, name: str) -> None:
        """End the elements whose end tag may be omitted before a start tag of this name."""
        names = CLOSES.get(name, ())
        while self.open and not self.open[-1].is_component:
            last = self.open[-1].key
            if not (last in names or (last == "p" and name in CLOSES_P)):
                return
            self.close(None)

    def end(self, tag: EndTag) -> None:
        at = self.find(tag.name)
        if at is None:
            self.stray(tag)
            return
        while len(self.open) > at + 1:
            self.close_unclosed(f"`</{tag.name}>`")
        self.close(tag)

    def find(self, name: str) -> int | None:
        """Which open element an end tag closes. It never reaches out of a component, a fragment or a slot."""
        for at in range(len(self.open) - 1, -1, -1):
            opened = self.open[at]
            if opened.key == (name if opened.is_component else name.lower()):
                return at
            if opened.must_close and not self.closes_outer(name, at):
                return None
        return None

    def closes_outer(self, name: str, at: int) -> bool:
        """Is an element of that name open further out? Then what is in between was left open by mistake."""
        return any(o.key == (name if o.is_component else name.lower()) for o in self.open[:at])

    def stray(self, tag: EndTag) -> None:
        is_component = is_component_name(tag.name, self.frontmatter)
        if self.is_partial:
            pass  # what it closes may be among what could not be read
        elif is_component or not tag.name or tag.name.lower() == "slot":
            self.problems.append(messages.stray_component_end_tag(tag.span, tag.name))
        elif tag.name.lower() not in ("p", "br"):  # HTML makes elements of these two
            self.problems.append(messages.stray_end_tag(tag.span, tag.name))
        self.add(StrayEndTag(tag.name, "", tag.span))

    def close_unclosed(self, found: str) -> None:
        """The innermost open element ends here although it has no end tag."""
        opened = self.open[-1]
        name = opened.tag.name
        if opened.must_close:
            self.problems.append(messages.unclosed_component(opened.tag.span, name, found))
        elif self.is_strict:
            self.problems.append(messages.unclosed_element(opened.tag.span, name, found))
        elif opened.key not in OPTIONAL_END_TAGS:
            self.problems.append(messages.unclosed_html_element(opened.tag.span, name))
        self.close(None)

    def close(self, tag: EndTag | None) -> None:
        opened = self.open.pop()
        self.add(_element(opened, tag))

    def finish(self) -> tuple[Node, ...]:
        while self.open and self.is_partial:
            self.close(None)
        while self.open:
            self.close_unclosed("the end of the file")
        return tuple(self.root)


def _element(opened: _Open, end: EndTag | None) -> Node:
    tag, children = opened.tag, tuple(opened.children)
    last = end.span.end if end else (children[-1].span.end if children else tag.span.end)
    span = Span(tag.span.start, last)
    if tag.name in ("", "Fragment"):
        return Fragment(tag.attributes, children, tag.span, span)
    if opened.is_component:
        return Component(tag.name, tag.attributes, children, tag.span, span)
    if opened.key == "slot" and not any(getattr(a, "name", "") == "is:inline" for a in tag.attributes):
        return Slot(tag.attributes, children, tag.span, span)
    return Element(
        tag.name, tag.attributes, children, tag.is_self_closing, tag.span, end.span if end else None, span
    )
