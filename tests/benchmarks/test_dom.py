"""Documents are compared as browsers see them."""

import pytest

from benchmarks.dom import difference, dom


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>\n a\n  b </p>"),
        ("<p class='a b' id=x>", '<P id="x" class="b  a"></P>'),
        ("<p>a<p>b", "<p>a</p>\n<p>b</p>"),
        ("<i>&lt;&#39;</i>", "<i>&lt;'</i>"),
        ("<!-- x --><b>a</b>", "<b>a</b>"),
        ("<button disabled>", '<button disabled="disabled"></button>'),
    ],
)
def test_what_makes_no_difference(one: str, other: str) -> None:
    assert difference(dom(one), dom(other)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a</p>", "<p>a</p><p></p>"),
        ("<p>a</p><p></p>", "<p>a</p>"),
        ("<p id=a>", "<p id=b>"),
        ("<p class=a>", "<p class='a b'>"),
        ("<button disabled>", "<button>"),
        ("<b>a</b>", "&lt;b>a&lt;/b>"),
    ],
)
def test_what_makes_one(one: str, other: str) -> None:
    assert difference(dom(one), dom(other))


def test_the_difference_names_the_first_place() -> None:
    assert difference(["<p>", "a"], ["<p>", "b"]) == "line 1: expected 'a', found 'b'"
    assert difference(["<p>"], ["<p>", "b"]) == "line 1: expected '(end)', found 'b'"
