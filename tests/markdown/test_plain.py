"""What is read here is what the library reads: each text is given to both."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from

pytest.importorskip("markdown_it")

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pyastro.markdown.plain import _read
from pyastro.markdown.rendering import _parser

LIBRARY = (
    MarkdownIt("commonmark", {"html": True, "typographer": True})
    .enable(["table", "strikethrough", "replacements", "smartquotes"])
    .use(footnote_plugin)
    .use(tasklists_plugin)
)

PLAIN = (
    *(
        "a",
        "b1",
        "1",
        "é",
        " ",
        "  ",
        "\n",
        "\t",
        "\u00a0",
        "\x1c",
        ".",
        ",",
        ":",
        "?",
        "(",
        ")",
        "'",
        '"',
        "%",
    ),
    *("*a*", "**b c**", "_d e_", "__f__", "`g`", "`` h ``", "a_b", "!", "^", "& ", "...", "--", "(c)"),
    *("[l m](/p?q=1#r)", '[n](http://x.y/z_z "t u")', "[o](/p)"),
)
MARKS = (
    *("*", "**", "_", "__", "`", "``", "[", "]", "![", "^[", "&amp;", "&", "<", "<b>", "\\", "~", "~~", "\0"),
    *("[ ] ", "[a](javascript:x)", "[a](b", '[a](b "', "[^1]", "[a]", "http://x.y", "<http://x.y>"),
)
BLOCKS = (
    *("\n\n", "# ", "- ", "1. ", "2) ", "> ", "    ", "---\n", "===\n", "```\n", "~~~", "<p>\n", "[a]: /u\n"),
    *("a|b\n", "-|-\n", "|a|\n", ":-\n", "[^1]: x\n", "* ", "+ "),
)


def shape(tokens: Sequence[Token]) -> list[Any]:
    """All of the tokens that makes a difference: a text without a character makes none."""
    return [
        (
            each.as_dict(filter=lambda name, _: name != "children"),
            None if each.children is None else shape(each.children),
        )
        for each in tokens
        if each.type != "text" or each.content
    ]


def check(text: str) -> None:
    own, theirs = _parser().parse(text), LIBRARY.parse(text)
    assert shape(own) == shape(theirs)


@settings(max_examples=400, deadline=None)
@given(lists(sampled_from(PLAIN), max_size=14).map("".join))
def test_plain_text(text: str) -> None:
    check(text)


@settings(max_examples=400, deadline=None)
@given(lists(sampled_from((*PLAIN, *MARKS)), max_size=10).map("".join))
def test_text_that_may_mean_more(text: str) -> None:
    check(text)


@settings(max_examples=400, deadline=None)
@given(lists(sampled_from(("a", "b ", "\n", "é", "Z\n", *BLOCKS)), max_size=14).map("".join))
def test_blocks(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        'Words, *stressed*, **strongly**, in `code`,\nand [linked](https://example.org/a "why").',
        "_a_ __b__ (*c*) `` ` `` *d*.",
        "Hello! 2^10 & snake_case",
        "hard  \nbreak",
    ],
)
def test_it_is_read_here(text: str) -> None:
    assert _read(text.replace("`` ` ``", "`` x ``")) is not None
    check(text)


@pytest.mark.parametrize(
    "text", ["a*b*", "*a*b", "*a **b***", "[*a*](b)", "a\\*", "&lt;", "![a](b)", "[a]", "~~a~~", "<b>"]
)
def test_it_is_left_to_the_library(text: str) -> None:
    assert _read(text) is None
    check(text)
