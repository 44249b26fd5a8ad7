"""Comparing what contestants wrote as a browser would: by the tree that HTML's own parsing rules make of it."""

import re
from typing import Any

import html5lib

_SPACE = re.compile(r"\s+")
BOOLEAN = frozenset({"disabled"})
"""The boolean attributes that the pages use."""

_TREE = html5lib.getTreeBuilder("etree")


def dom(html: str) -> list[str]:
    """A document as lines, one for each start tag, end tag and text, with what makes no difference removed.

    Attributes are sorted, and so are the names in `class`; a boolean attribute is there or not, whatever its value;
    white space is one space, and none beside a tag.
    """
    parser = html5lib.HTMLParser(_TREE, namespaceHTMLElements=False)
    lines: list[str] = []
    _walk(parser.parse(html), lines)
    return lines


def difference(expected: list[str], found: list[str]) -> str | None:
    """Where two documents first differ, or None."""
    for number, (one, other) in enumerate(zip([*expected, "(end)"], [*found, "(end)"], strict=False)):
        if one != other:
            return f"line {number}: expected {one!r}, found {other!r}"
    return None


def _walk(element: Any, lines: list[str]) -> None:
    if not isinstance(element.tag, str):  # a comment
        return
    attributes = "".join(f" {name}={_value(name, element.attrib[name])!r}" for name in sorted(element.attrib))
    lines.append(f"<{element.tag}{attributes}>")
    _text(element.text, lines)
    for child in element:
        _walk(child, lines)
        _text(child.tail, lines)
    lines.append(f"</{element.tag}>")


def _value(name: str, value: str) -> str:
    if name in BOOLEAN:
        return ""
    return " ".join(sorted(value.split())) if name == "class" else value


def _text(text: str | None, lines: list[str]) -> None:
    if text and (text := _SPACE.sub(" ", text).strip()):
        lines.append(text)
