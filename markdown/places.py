"""Where in a text its images and tags stand: the renderer leaves marks in the HTML, which are taken out again."""

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

Mark = tuple[int, int]
"""A place in the HTML, and the line of the text."""

_MARK = re.compile(r"\0(\d+)(?: (\[.*?\]))?\0")
"""No text has such a mark: U+0000 is replaced in all of them (CommonMark, 2.3)."""
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]", re.IGNORECASE)


class Image(NamedTuple):
    """An image that is named by a path from the text's own file, and the place of its element in the HTML."""

    start: int
    end: int
    path: str
    alt: str
    title: str


class PlacedHTML(RendererHTML):
    """HTML with a mark before each image and each tag that the author wrote."""

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Tags between paragraphs."""
        return _mark(tokens[idx]) + super().html_block(tokens, idx, options, env)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A tag in a paragraph."""
        return _mark(tokens[idx]) + super().html_inline(tokens, idx, options, env)

    @staticmethod
    def renderAttrs(token: Token) -> str:  # noqa: N802  # the library's name
        """Attributes, which most tokens have none of."""
        return RendererHTML.renderAttrs(token) if token.attrs else ""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """An image, perhaps one of the site's own."""
        html, token = super().image(tokens, idx, options, env), tokens[idx]
        path = relative_path(str(token.attrs.get("src", "")))
        own = path and [len(html), path, token.attrs["alt"], token.attrs.get("title", "")]
        return _mark(token, own) + html


def _mark(token: Token, own: object = None) -> str:
    told = f" {json.dumps(own)}" if own else ""
    return f"\0{token.meta.get('line', 1)}{told}\0"


def relative_path(source: str) -> str:
    """The path that an address is, if it leads from its own file to another one, and nowhere in it; else ""."""
    if not source or _ELSEWHERE.match(source) or "?" in source or "#" in source:
        return ""
    return unquote(source)


def give_lines(tokens: Sequence[Token]) -> None:
    """Let images and the author's tags know their lines."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        token.meta["line"] = line
        row = line
        for child in token.children or ():
            child.meta["line"] = row
            is_break = child.type in ("softbreak", "hardbreak")
            row += 1 if is_break else child.content.count("\n") if child.type == "html_inline" else 0


def without_marks(marked: str) -> tuple[str, list[Image], list[Mark]]:
    """The HTML itself, and what the marks told."""
    parts: list[str] = []
    images: list[Image] = []
    marks: list[Mark] = []
    done, length = 0, 0
    for mark in _MARK.finditer(marked):
        parts.append(marked[done : mark.start()])
        length += len(parts[-1])
        done = mark.end()
        marks.append((length, int(mark[1])))
        if mark[2]:
            size, path, alt, title = json.loads(mark[2])
            images.append(Image(length, length + size, path, alt, title))
    parts.append(marked[done:])
    return "".join(parts), images, marks
