"""Plain HTML renders back to itself, byte for byte."""

import sysconfig
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.html_corpus import difference, documents
from tests.compiler.lone import render_text

TAGS = st.sampled_from(
    ["p", "div", "b", "i", "ul", "li", "table", "tr", "td", "a", "span", "my-el", "h1", "P", "BR", "img"]
)
NAMES = st.sampled_from(
    ["id", "class", "data-x", "@click", ":a", "x-on:y.z", "hidden", "ALT", "xlink:href", "_"]
)
WORDS = st.text(
    st.characters(exclude_characters="{}<>\"'&`=/\0\r\x0c", exclude_categories=["Cs"]), max_size=8
)
VALUES = st.one_of(
    WORDS.map(lambda w: f'="{w}"'),
    WORDS.map(lambda w: f" = '{w}'"),
    st.sampled_from(["", "=x", "=/a/b?c=1&d", "=''"]),
)
ATTRIBUTES = st.lists(st.tuples(NAMES, VALUES), max_size=3, unique_by=lambda pair: pair[0].lower())
SPACE = st.sampled_from([" ", "\n", "  ", "\t"])


@st.composite
def tags(draw: st.DrawFn) -> str:
    name = draw(TAGS)
    attributes = "".join(f"{draw(SPACE)}{n}{v}" for n, v in draw(ATTRIBUTES))
    closing = draw(st.sampled_from(["", f"</{name}>", f"</{name} >"]))
    return f"<{name}{attributes}>{draw(WORDS)}{closing}"


PIECES = st.one_of(
    WORDS,
    tags(),
    st.sampled_from(
        [
            "&amp;",
            "&copy;",
            "a < b",
            "<!-- <p> -->",
            "<!DOCTYPE html>",
            "<?php x ?>",
            "< p>",
            "</>"[:2] + " x>",
        ]
    ),
    st.sampled_from(
        [
            '<script src=x>if (a<b) {"</p>"}</script>',
            "<textarea> &lt;b></textarea>",
            "<style is:inline>a{b:c}</style>",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_documents(html: str) -> None:
    expected = html.strip()
    if expected.startswith("---"):
        return
    rendered = render_text(html)
    assert rendered.strip() == expected.replace(" is:inline", "")


@pytest.mark.parametrize(
    "html",
    [
        "<p>one<p>two<ul><li>a<li>b</ul>",
        "<p><b>one<i>two</b>three</i></p>",
        "<TABLE BORDER=0><TR><TD>x</TABLE>",
        "<input value=a/ disabled><a href=/x/>y</a>",
        "text only",
        "a < b && c > d",
        "<svg viewBox='0 0 1 1'><path d='M0'></path></svg>",
        "<!--><!---><!-- a --!><p>",
        "<p\n  a\n  =\n  'b'\n>",
        "\N{GRINNING FACE} é \u202e",
    ],
)
def test_oddities(html: str) -> None:
    assert render_text(html) == html


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_newlines_stay(newline: str) -> None:
    html = newline.join(["<pre>", " a", "b</pre>", "<p class='x'", ">c</p>"])
    assert render_text(f"---{newline}x = 1{newline}---{newline}{html}{newline}") == html


def test_documents_of_this_python() -> None:
    """What the standard library and the installed packages bring; `html_corpus` takes any folder."""
    folders = [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))]
    found = list(islice(documents(folders), 40))
    assert [f"{each.name}: {wrong}" for each in found if (wrong := difference(each))] == []


def test_inputs_of_html5lib() -> None:
    """Some of what the tests of HTML parsers are made of; `html_corpus` takes them all."""
    every = list(documents([Path(__file__).parent.parent.parent / "fixtures/html5lib/inputs.json"]))
    assert len(every) > 3000
    assert [f"{each.text!r}: {wrong}" for each in every[::23] if (wrong := difference(each))] == []
