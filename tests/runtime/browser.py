"""A browser's view of HTML: what its tokenizer and tree builder make of it."""

import warnings
from typing import Any, cast
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]  # it has no types
from hypothesis import strategies as st

AWKWARD = st.text(
    st.sampled_from("<>&\"'`=/!-;#x ab\t\n\u00a0\u2028é😀") | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=30,
) | st.sampled_from(
    [
        "</p>",
        "</script>",
        "<!--",
        "-->",
        "<script>",
        "&amp;",
        "&lt",
        "&#34;",
        '" x="',
        "' x='",
        "]]>",
        "&copy=1",
        "<![CDATA[",
    ]
)
"""Texts that HTML could take for something else. HTML has no control characters, and none are here."""


def body(html: str) -> Element:
    """The body element of a fragment."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # html5lib uses what newer Pythons deprecate
        document: Any = html5lib.parse(f"<!DOCTYPE html><body>{html}</body>", namespaceHTMLElements=False)
    return cast(Element, document.find("body"))


def only(html: str) -> Element:
    """The only element of a fragment, beside which there is nothing."""
    parent = body(html)
    (child,) = parent
    assert not parent.text and not child.tail
    return child
