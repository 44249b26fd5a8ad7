"""Markdown to HTML: CommonMark with tables, strikethrough, footnotes and task lists, headings with ids, code in colours."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, normalize
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pyastro.markdown import cache as kept
from pyastro.markdown.highlight import highlight
from pyastro.markdown.places import Image, Mark, PlacedHTML, give_lines, without_marks
from pyastro.markdown.plain import PlainInline, plain_paragraph

Heading = tuple[int, str, str]
"""Its depth, its id, its text."""


class Rendered(NamedTuple):
    """What a text gives."""

    html: str
    headings: Sequence[Heading]
    images: Sequence[Image] = ()
    """Those that are named by a path from the text's own file. Their elements are in the HTML."""
    marks: Sequence[Mark] = ()
    """Where in the HTML images and the author's own tags stand, with the line of the text."""

    def line_at(self, offset: int) -> int:
        """The line of the text, from 1, from which an image or a tag at a place of the HTML comes."""
        at = bisect_right(self.marks, offset, key=lambda mark: mark[0])
        start, line = self.marks[at - 1] if at else (0, 1)
        return line + self.html.count("\n", start, offset)


def render(text: str) -> Rendered:
    """The HTML of a Markdown text, with what is to be known of it.

    HTML in the text stays as it is: the author is trusted. Links of Markdown never run scripts (`javascript:`).
    """
    known, name = kept.find(text)
    if known is not None:
        return _from_json(known)
    parser, environment = _parser(), dict[str, Any]()
    tokens = parser.parse(text, environment)
    headings = _give_ids(tokens)
    if "<" in text or "![" in text:
        give_lines(tokens)
    html, images, marks = without_marks(parser.renderer.render(tokens, parser.options, environment))
    rendered = Rendered(html, headings, images, marks)
    kept.keep(name, rendered)
    return rendered


def _from_json(data: Sequence[Any]) -> Rendered:
    html, headings, images, marks = data
    return Rendered(
        html,
        [(depth, id, title) for depth, id, title in headings],
        [Image(*each) for each in images],
        [(offset, line) for offset, line in marks],
    )


_NORMAL_URL = re.compile(r"(?:https?://[a-z0-9.-]+)?[\w./#?=&-]*", re.ASCII)


class _Parser(MarkdownIt):
    """The parser, which takes an address of plain characters as it is: to take it apart makes the same of it, slowly."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the library's name
        return url if _NORMAL_URL.fullmatch(url) else super().normalizeLink(url)


@cache
def _parser() -> MarkdownIt:
    options = {"html": True, "typographer": True, "highlight": _highlight}
    parser = _Parser("commonmark", options, renderer_cls=PlacedHTML)
    parser.inline = PlainInline()
    parser.configure("commonmark", options)
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.core.ruler.at("normalize", _normalize)
    parser.block.ruler.before("table", "plain_paragraph", plain_paragraph)
    return parser.use(footnote_plugin).use(tasklists_plugin)


def _normalize(state: StateCore) -> None:
    """The library's rule, which replaces each newline by itself, for the texts that need it."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _highlight(code: str, language: str, attributes: str) -> str:
    return highlight(code, language) if language else ""


def _give_ids(tokens: Sequence[Token]) -> list[Heading]:
    """Give each heading an id that no other has, and list them."""
    headings: list[Heading] = []
    taken: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _plain(tokens[at + 1])
            id = _unique(slug(text), taken)
            token.attrSet("id", id)
            headings.append((int(token.tag[1:]), id, text))
    return headings


def _plain(inline: Token) -> str:
    """The text of a heading without its marks."""
    children = inline.children or ()
    return "".join(child.content for child in children if child.type in ("text", "code_inline"))


def slug(text: str) -> str:
    """An id as GitHub makes it of a heading: `What's new?` is `whats-new`."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def _unique(id: str, taken: set[str]) -> str:
    number, free = 0, id
    while free in taken:
        number += 1
        free = f"{id}-{number}"
    taken.add(free)
    return free
