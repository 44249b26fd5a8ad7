"""Markdown to HTML: CommonMark with tables, strikethrough, footnotes and task lists, headings with ids, code in colours."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pyastro.markdown import cache as kept
from pyastro.markdown.highlight import highlight

Heading = tuple[int, str, str]
"""Its depth, its id, its text."""


class Rendered(NamedTuple):
    """What a text gives."""

    html: str
    headings: Sequence[Heading]


def render(text: str) -> Rendered:
    """The HTML of a Markdown text, and its headings.

    HTML in the text stays as it is: the author is trusted. Links of Markdown never run scripts (`javascript:`).
    """
    known = kept.find(text)
    if known is not None:
        return Rendered(known[0], [(depth, id, title) for depth, id, title in known[1]])
    tokens = _parser().parse(text)
    headings = _give_ids(tokens)
    html: str = _parser().renderer.render(tokens, _parser().options, {})
    kept.keep(text, html, headings)
    return Rendered(html, headings)


@cache
def _parser() -> MarkdownIt:
    options = {"html": True, "typographer": True, "highlight": _highlight}
    parser = MarkdownIt("commonmark", options).enable(
        ["table", "strikethrough", "replacements", "smartquotes"]
    )
    return parser.use(footnote_plugin).use(tasklists_plugin)


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
