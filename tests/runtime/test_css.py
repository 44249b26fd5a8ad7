"""Style attributes, and the variables of a style sheet."""

from decimal import Decimal
from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.css import join_styles, style_text, style_variables


def test_declarations() -> None:
    assert style_text({"color": "red", "margin-top": None, "opacity": 0, "x": False}) == "color:red;opacity:0"
    assert style_text({"--x": Decimal("1.5"), "--Camel": "a", "z-index": 3}) == "--x:1.5;--Camel:a;z-index:3"
    assert style_text({}) == style_text({"a": None}) == ""
    assert (
        style_text({"a": "", "--b": " \n", "c": True, "d": False})
        == style_variables({"a": "", "b": True})
        == ""
    )


def test_names_in_camel_case() -> None:
    assert style_text({"marginTop": 1, "WebkitMaskImage": "none", "color": 1, "-webkit-X": 1}) == (
        "margin-top:1;-webkit-mask-image:none;color:1;-webkit-X:1"
    )


def test_text_stays_as_it_is() -> None:
    assert style_text("a; } b") == "a; } b"
    assert style_text("") == ""


@pytest.mark.parametrize("value", [True, 1, ["a"], b"", object()])
def test_anything_else_is_no_style(value: Any) -> None:
    with pytest.raises(TypeError, match="takes text or a dict, not"):
        style_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "calc(1px + (2px * 3))",
        "'a;b}' \"c'\"",
        "url(https://x.org/a;b?c=d#e)",
        "url( data:image/png;base64,AA== )",
        'url("a)b;c")',
        "red !important",
        "[a] 1fr [b]",
        "#fff",
        "a\\:b",
        "'\\'\\\\'",
        "é 😀",
        "a\nb",
    ],
)
def test_values_that_are_one(value: str) -> None:
    assert style_text({"a": value}) == f"a:{value}"


@pytest.mark.parametrize(
    "value",
    [
        "red;color:blue",
        "red}",
        "{",
        "a{b}",
        "'",
        "'a\nb'",
        '"a',
        "calc(1px",
        "1px)",
        "(]",
        "[(])",
        "/*",
        "a/* b */",
        "*/",
        "a\\",
        "a\\\nb",
        "'a\\",
        "a !important;b:c",
        "a !important b",
        "a!x",
        "<!--",
        "-->",
        "\x00",
        'url(a ")" )',
        "url(a(b);c:d)",
        "url(a b)",
        "URL(a'b)",
        "\\75 rl(a';)",
        "u\\72l(a);b",
        "u\\72 l(x'a);color:red;b'c)",
        "\\75\r\nrl(x'a);color:red;b'c)",
        "ur\\6c (x'a);color:red;b'c)",
        "url(x'a);color:red;b'c)",
        "ur\\6c(x)",
        "#url({)",
        "@url(;)",
        "-url(})",
        "1url({)",
    ],
)
def test_values_that_are_not_one_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not one CSS value, so it cannot be given to a"):
        style_text({"a": value})
    with pytest.raises(ValueError, match="cannot be given to --a"):
        style_variables({"a": value})


@pytest.mark.parametrize("name", ["", "a:b", "a b", "a;b", "1a", "--", "a}", "a/**/", "a\n", "'", "a\\3a", 1])
def test_what_is_no_name(name: Any) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a CSS property"):
        style_text({name: "x"})


@pytest.mark.parametrize("value", [len, b"x", lambda: 1])
def test_values_that_have_no_text(value: Any) -> None:
    with pytest.raises(TypeError, match="the style color cannot hold a value of the type"):
        style_text({"color": value})


def test_variables() -> None:
    assert (
        style_variables({"fg": "red", "--bg": "#000", "none": None, "off": False}) == "--fg: red; --bg: #000;"
    )
    assert style_variables({"fontSize": 0}) == "--fontSize: 0;"
    assert style_variables({}) == ""
    with pytest.raises(ValueError):
        style_variables({"a:b": 1})
    with pytest.raises(TypeError, match="define:vars takes a dict, not list"):
        style_variables([("a", 1)])  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("own", "joined"),
    [
        (None, "--a: b;"),
        (False, "--a: b;"),
        (True, "--a: b;"),
        ("", "--a: b;"),
        ("color: red", "color: red; --a: b;"),
        ("color: red; ", "color: red; --a: b;"),
        ({"color": "red"}, "color:red; --a: b;"),
        ({}, "--a: b;"),
    ],
)
def test_variables_follow_an_elements_own_style(own: Any, joined: str) -> None:
    assert join_styles(own, "--a: b;") == joined


PIECES = st.sampled_from(
    [
        *"""url( URL( \\75rl( #url( @url( -url( 1url( u\\72 l( ) ( [ ] { } ; : ! !important , / /* */ <!-- --> " ' \\ \\) \\;
    \\" a b-c 1px # @ \x00 \x7f é 😀 calc( var(--x) "s" 's;' url(x;y) url("z")""".split(),
        *[" ", "\n", "\r\n", "\f", "\\\n", "\t"],
    ]
)


@given((st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20)).filter(str.strip))
def test_a_value_stays_one_declaration(value: str) -> None:
    """What stands before it and behind it is what it was."""
    try:
        written = style_text({"a": 1, "--x": value, "color": "red"})
    except ValueError:
        return
    first, _, last = tinycss2.parse_declaration_list(written, skip_comments=True, skip_whitespace=True)
    assert (first.name, last.name) == ("a", "color")
    assert tinycss2.serialize(last.value) == "red"


def test_time_is_linear() -> None:
    for piece in ("a", "\\a", "url(", "'", "\\", "(", "#"):
        with pytest.raises(ValueError):
            style_text({"a": piece * 200_000 + ";"})


def test_letters_of_every_kind_take_linear_time() -> None:
    for value in ("é" * 10**5, "\\72" * 10**5, "(" * 10**5, "url(" + "a" * 10**5, "'" * (10**5 + 1)):
        try:
            style_text({"a": value})
        except ValueError:
            continue
