"""Finding the tags in rendered Markdown that stand for components."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from pyastro.markdown.places import Image
from pyastro.markdown.rendering import Rendered

_TAG = re.compile(
    r"""<(?P<close>/)?(?P<name>[A-Za-z][\w.-]*)(?P<rest>(?:\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(?P<void>/)?>"""
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass(frozen=True, slots=True)
class Html:
    """HTML that stays as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Open:
    """A start tag; `is_closed`: `<Note />`."""

    name: str
    attributes: Mapping[str, str | bool]
    is_closed: bool
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Close:
    """An end tag."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that is named by a path from the text's own file, and its element."""

    image: Image
    html: str
    line: int


Piece = Html | Open | Close | Picture


def split_tags(rendered: Rendered, names: Collection[str]) -> Iterator[Piece]:
    """The HTML in pieces: the tags of these names, images of the site, and what lies between them.

    Code holds no tags: it is escaped there.
    """
    at = 0
    for image in rendered.images:
        yield from _tags(rendered, at, image.start, names)
        yield Picture(image, rendered.html[image.start : image.end], rendered.line_at(image.start))
        at = image.end
    yield from _tags(rendered, at, len(rendered.html), names)


def _tags(rendered: Rendered, start: int, end: int, names: Collection[str]) -> Iterator[Piece]:
    html = rendered.html
    for found in _TAG.finditer(html, start, end) if names else ():
        name = found["name"]
        if name not in names:
            continue
        if found.start() > start:
            yield Html(html[start : found.start()])
        start, line = found.end(), rendered.line_at(found.start())
        if found["close"]:
            yield Close(name, line)
        else:
            yield Open(name, _attributes(found["rest"]), bool(found["void"]), found[0], line)
    if start < end:
        yield Html(html[start:end])


def _attributes(text: str) -> dict[str, str | bool]:
    """Attributes with the values that HTML gives them; True for one without."""
    found = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        has_value = re.search(rf"(?<!\S){re.escape(name)}\s*=", text) is not None
        found[name] = unescape(double or single or bare) if has_value else True
    return found
