"""HTML as a browser reads it: a tree of elements, in which selectors find what a test looks at."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from html import escape
from typing import Any

from pyastro.testing.selectors import find

__all__ = ["Document", "Element", "assert_html", "parse_html"]

_WHOLE = re.compile(r"(?>\s|<!--(?s:.)*?-->)*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_FIRST_TAG = re.compile(r"(?>\s|<!--(?s:.)*?-->)*<([a-z0-9]+)", re.IGNORECASE)
_CONTAINERS = {
    "caption": "table",
    "col": "colgroup",
    "colgroup": "table",
    "option": "select",
    "tbody": "table",
    "td": "tr",
    "tfoot": "table",
    "th": "tr",
    "thead": "table",
    "tr": "tbody",
}
"""Elements that a browser drops outside of these."""
_KEPT_AS_IT_IS = frozenset(["pre", "script", "style", "textarea"])


class Element:
    """One element: its tag, attributes, and what it holds, elements and text."""

    def __init__(self, tag: str, attributes: Mapping[str, str], parent: Element | None = None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.nodes: list[Element | str] = []

    @property
    def children(self) -> list[Element]:
        """The elements directly inside."""
        return [node for node in self.nodes if isinstance(node, Element)]

    @property
    def classes(self) -> list[str]:
        """The words of the `class` attribute."""
        return self.get("class", "").split()

    @property
    def text(self) -> str:
        """All text inside, with one space for any white space, as a reader sees it."""
        return " ".join(self.raw_text.split())

    @property
    def raw_text(self) -> str:
        """All text inside, as it is."""
        return "".join(node if isinstance(node, str) else node.raw_text for node in self.nodes)

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute, or `default`."""
        return self.attributes.get(name, default)

    def select(self, selector: str) -> list[Element]:
        """The elements inside that a CSS selector matches, in the order of the document.

        Raises ValueError for a selector that cannot be read.
        """
        return find(selector, self.descendants())

    def one(self, selector: str) -> Element:
        """The one element inside that a CSS selector matches. Raises AssertionError where there is not one."""
        found = self.select(selector)
        if len(found) != 1:
            count = "nothing" if not found else f"{len(found)} elements, and one was expected:"
            what = found or self.children
            beside = "; here is" if what and not found else ""
            raise AssertionError(
                f"{selector!r} matches {count}{beside}" + "".join(f"\n  {each}" for each in what)
            )
        return found[0]

    def descendants(self) -> Iterator[Element]:
        """All elements inside, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def __contains__(self, name: object) -> bool:
        return name in self.attributes

    def __getitem__(self, name: str) -> str:
        """The value of an attribute. Raises KeyError where there is none of this name."""
        return self.attributes[name]

    def __str__(self) -> str:
        """The start tag, with the beginning of the text."""
        text = self.text if len(self.text) <= 60 else f"{self.text[:60]}…"
        return f"{_start_tag(self)}{escape(text, quote=False)}"

    def __repr__(self) -> str:
        return f"<Element {_start_tag(self)}>"


class Document(Element):
    """A parsed page or fragment, with its source."""

    def __init__(self, html: str) -> None:
        super().__init__("", {})
        self.html = html

    def __str__(self) -> str:
        return self.html


def parse_html(html: str) -> Document:
    """The tree that a browser makes of a document, or of a fragment of one."""
    document = Document(html)
    _fill(document, _parse(html))
    return document


def assert_html(actual: str | Element, expected: str) -> None:
    """Raises AssertionError, with the lines that differ, unless both mean the same to a browser.

    The order of attributes and of classes, quotes, comments, and how much white space there is make no difference.
    """
    found = _lines(parse_html(actual) if isinstance(actual, str) else actual)
    wanted = _lines(parse_html(expected))
    if found != wanted:
        raise AssertionError("\n".join(unified_diff(wanted, found, "expected", "actual", lineterm="", n=2)))


def _parse(html: str) -> Any:
    """html5lib's tree: ElementTree's elements."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # html5lib uses what newer Pythons deprecate
            import html5lib

            if _WHOLE.match(html):
                return [html5lib.parse(html, namespaceHTMLElements=False)]
            first = _FIRST_TAG.match(html)
            container = _CONTAINERS.get(first[1].lower(), "body") if first else "body"
            return html5lib.parseFragment(html, container, namespaceHTMLElements=False)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "Reading HTML needs html5lib: pip install 'pyastro-web[testing]'", name=error.name
        ) from None


def _fill(element: Element, tree: Any) -> None:
    """Gives an element the nodes of an element of ElementTree's, without comments."""
    if text := getattr(tree, "text", None):
        element.nodes.append(text)
    for child in tree:
        if isinstance(child.tag, str):
            inner = Element(
                _local(child.tag), {_local(name): value for name, value in child.items()}, element
            )
            _fill(inner, child)
            element.nodes.append(inner)
        if child.tail:
            element.nodes.append(child.tail)


def _local(name: str) -> str:
    """A name without its namespace, which SVG and MathML have."""
    return str(name).rpartition("}")[2]


def _start_tag(element: Element) -> str:
    return (
        f"<{element.tag}{''.join(f' {name}={_quoted(value)}' for name, value in element.attributes.items())}>"
    )


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'


def _lines(element: Element, depth: int = 0, keeps: bool = False) -> list[str]:
    """What an element holds, in a form in which only differences that matter show."""
    lines: list[str] = []
    for node in element.nodes:
        if isinstance(node, str):
            text = node if keeps else " ".join(node.split())
            lines += [f"{'  ' * depth}{text!r}"] if text else []
        else:
            attributes = {name: _normal(name, value) for name, value in sorted(node.attributes.items())}
            lines.append("  " * depth + _start_tag(Element(node.tag, attributes)))
            lines += _lines(node, depth + 1, keeps or node.tag in _KEPT_AS_IT_IS)
    return lines


def _normal(name: str, value: str) -> str:
    return " ".join(sorted(value.split())) if name == "class" else value
