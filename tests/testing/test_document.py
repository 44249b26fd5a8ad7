"""HTML as tests look at it: a browser's tree, selectors, comparison."""

import pytest

from pyastro.testing import assert_html, parse_html

PAGE = """<!doctype html>
<html lang=en><head><title>A &amp; B</title></head>
<body>
<ul id="menu" class="a b"><li class=first>One<li>Two <b>bold</b><li data-x="y z" lang="en-GB">Three</ul>
<p>Text<!-- not seen --> here</p><p></p>
<svg viewBox="0 0 1 1"><use xlink:href="#a"/></svg>
<input type=checkbox checked>
</body></html>
"""
DOCUMENT = parse_html(PAGE)


def test_the_tree_is_a_browsers() -> None:
    assert [each.text for each in DOCUMENT.select("li")] == ["One", "Two bold", "Three"]
    assert DOCUMENT.one("title").text == "A & B"
    assert DOCUMENT.one("p:not(:empty)").text == "Text here"
    assert DOCUMENT.one("svg").get("viewBox") == "0 0 1 1"
    assert DOCUMENT.one("ul").classes == ["a", "b"]
    assert "checked" in DOCUMENT.one("input")
    assert DOCUMENT.one("html")["lang"] == "en"
    assert DOCUMENT.html == PAGE == str(DOCUMENT)


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("ul li.first", ["One"]),
        ("ul > li", ["One", "Two bold", "Three"]),
        ("body > li", []),
        ("#menu.a.b b, p:empty", ["bold", ""]),
        (".first + li", ["Two bold"]),
        (".first ~ li", ["Two bold", "Three"]),
        ("[data-x]", ["Three"]),
        ("[data-x~=z]", ["Three"]),
        ("[data-x^='y']", ["Three"]),
        ('[data-x$="z"]', ["Three"]),
        ('[data-x*=" "]', ["Three"]),
        ("li[lang|=en]", ["Three"]),
        ("li[data-x='y']", []),
        ("li:has(b)", ["Two bold"]),
        ("li:not(.first, :has(b))", ["Three"]),
        ("li:is(.first,[lang])", ["One", "Three"]),
        ("li:first-child", ["One"]),
        ("li:last-child", ["Three"]),
        ("li:nth-child(2)", ["Two bold"]),
        ("b:only-child", ["bold"]),
        ("  ul   >   li   b  ", ["bold"]),
        ("ul *", ["One", "Two bold", "bold", "Three"]),
        ("UL LI.first", ["One"]),
    ],
)
def test_selectors(selector: str, texts: list[str]) -> None:
    assert [each.text for each in DOCUMENT.select(selector)] == texts


@pytest.mark.parametrize(
    "selector",
    [
        "",
        " ",
        "a,",
        "> a",
        "a >",
        "a > > b",
        "a + ~ b",
        "a::before",
        "a:hover",
        "a:nth-child(2n)",
        ".",
        "[",
        "[a=]",
        "a!",
        "a:not()",
    ],
)
def test_a_selector_that_is_not_understood_is_an_error(selector: str) -> None:
    with pytest.raises(ValueError, match="cannot be read as a selector"):
        DOCUMENT.select(selector)


def test_one_says_what_there_is() -> None:
    with pytest.raises(AssertionError, match=r"(?s)'li' matches 3 elements.*<li class=\"first\">One"):
        DOCUMENT.one("li")
    with pytest.raises(
        AssertionError, match=r"(?s)'a' matches nothing; here is\n  <li class=\"first\">One\n"
    ):
        DOCUMENT.one("ul").one("a")


@pytest.mark.parametrize("html", ["<tr><td>1</td></tr>", "<td>1</td>", "<!-- c --> <thead><tr><td>1</thead>"])
def test_a_fragment_is_read_where_it_may_stand(html: str) -> None:
    assert parse_html(html).one("td").text == "1"


def test_what_means_the_same_is_equal() -> None:
    assert_html(
        "<p  class='b a' id=x>Hi   <b>you</b><!-- c --></p>\n<br/>",
        '<p id="x" class="a b">Hi <b>you</b></p><br>',
    )
    assert_html(parse_html("<ul><li>1<li>2</ul>").one("ul"), "<li>1</li><li>2</li>")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p a=1></p>", "<p a=2></p>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ("<p><b>a</b></p>", "<p>a</p>"),
        ("&lt;b&gt;", "<b></b>"),
    ],
)
def test_what_differs_is_shown(actual: str, expected: str) -> None:
    with pytest.raises(AssertionError, match=r"(?s)--- expected\n.*\n-.*\n\+"):
        assert_html(actual, expected)
