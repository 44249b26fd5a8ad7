"""Finding the tags in rendered Markdown that stand for components."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

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


@dataclass(frozen=True, slots=True)
class Close:
    """An end tag."""

    name: str


Piece = Html | Open | Close


def split_tags(html: str, names: Collection[str]) -> Iterator[Piece]:
    """The HTML in pieces: the tags of these names, and what lies between them. Code holds no tags: it is escaped there."""
    at = 0
    for found in _TAG.finditer(html):
        name = found["name"]
        if name not in names:
            continue
        if found.start() > at:
            yield Html(html[at : found.start()])
        at = found.end()
        if found["close"]:
            yield Close(name)
        else:
            yield Open(name, _attributes(found["rest"]), bool(found["void"]), found[0])
    if at < len(html):
        yield Html(html[at:])


def _attributes(text: str) -> dict[str, str | bool]:
    """Attributes with the values that HTML gives them; True for one without."""
    found = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        has_value = re.search(rf"(?<!\S){re.escape(name)}\s*=", text) is not None
        found[name] = unescape(double or single or bare) if has_value else True
    return found
