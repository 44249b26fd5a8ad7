"""Shorter spellings of values."""

from typing import Any

import pytest
import tinycss2
from hypothesis import example, given
from hypothesis import strategies as st
from tinycss2.color4 import parse_color

from pyastro.compiler.analyze.styles import scope_styles

SCOPE = "data-astro-cid-3ybyvkd5"


def shortened(declarations: str) -> str:
    """What becomes of declarations in a scoped style sheet."""
    return scope_styles(f":root{{{declarations}}}", SCOPE).css.removeprefix(":root{").removesuffix("}")


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("white", "#fff"),
        ("BLUE", "#00f"),
        ("#FF0000", "red"),
        ("#ff00FF80", "#ff00ff80"),
        ("#aabbccdd", "#abcd"),
        ("#f00f", "red"),
        ("grey", "gray"),
        ("rebeccapurple", "#639"),
        ("transparent", "#0000"),
        ("rgb(255, 255, 255)", "#fff"),
        ("rgba(0, 0, 0, .5)", "#00000080"),
        ("rgb(210 180 140 / 100%)", "tan"),
        ("hsl(0, 100%, 50%)", "red"),
        ("white !important", "#fff !important"),
    ],
)
def test_colors(written: str, short: str) -> None:
    assert shortened(f"color: {written}") == f"color: {short}"


@pytest.mark.parametrize(
    "written",
    [
        "red",
        "#abc",
        "currentColor",
        "ButtonText",
        "inherit",
        "var(--white, white)",
        "rgba(0, 0, 0, .175)",
        "rgb(1.5, 2, 3)",
        "rgb(300, 0, 0)",
        "rgb(none 1 1)",
        "hsl(0, 0%, 33%)",
        "color(srgb 1 1 1)",
        "lab(50% 1 1)",
        "color-mix(in srgb, white, black)",
        "rgb(var(--r), 0, 0)",
        "w\\68ite",
        "#ggg",
        "/* white */ red",
        "white(white)",
    ],
)
def test_what_is_no_color_of_bytes_stays(written: str) -> None:
    assert shortened(f"color: {written}") == f"color: {written}"


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("border: 0px solid black", "border: 0 solid #000"),
        ("box-shadow: 0 0px 1px white, inset 0 0 black", "box-shadow: 0 0 1px #fff, inset 0 0 #000"),
        (
            "background: url(white.png) white, linear-gradient(white, black 0px)",
            "background: url(white.png) #fff, linear-gradient(#fff, #000 0px)",
        ),
        ("filter: drop-shadow(0 0 1px white)", "filter: drop-shadow(0 0 1px #fff)"),
        ("margin: 0px auto", "margin: 0 auto"),
        ("margin: 0 0 1rem 0", "margin: 0 0 1rem"),
        ("margin: 0px 0em 0 0REM !important", "margin: 0 !important"),
        ("padding : 1px  2px 1PX 2px ; top: 0px", "padding : 1px  2px ; top: 0"),
        ("border-color: white black #fff #000", "border-color: #fff #000"),
        ("border-radius: 4px 4px", "border-radius: 4px"),
        ("gap: 1em 1em", "gap: 1em"),
    ],
)
def test_lengths_and_sides(written: str, short: str) -> None:
    assert shortened(written) == short


@pytest.mark.parametrize(
    "written",
    [
        "--fg: white; --m: 0px 0px",
        "animation-name: white; grid-area: black; font-family: white, Blue; will-change: red",
        "content: 'white'; quotes: white",
        "margin: 0 var(--a) 0 var(--a)",
        "margin: 1px /* and */ 1px",
        "margin: 1px 2px 3px 4px",
        "margin: 1px 1px 1px 1px 1px",
        "border-radius: 4px 4px / 4px 4px",
        "padding: calc(0px + 1px)",
        "width: 0%; flex: 1 1 0px; line-height: 0px; transition: 0s; transform: rotate(0deg)",
        "margin:; margin: ; color; : white; color: !important",
        "color /* : */ white",
        "margin: \\30px 0",
    ],
)
def test_all_else_stays(written: str) -> None:
    assert shortened(written) == written


@pytest.mark.parametrize(
    ("css", "short"),
    [
        ("@keyframes x { from { color: white } }", "@keyframes x { from { color: #fff } }"),
        (
            "@media (color: white) { @layer { :root { color: white; } } }",
            "@media (color: white) { @layer { :root { color: #fff; } } }",
        ),
        (":root { &:hover { color: white } margin: 0 0 }", ":root { &:hover { color: #fff } margin: 0 }"),
        ("@property --x { initial-value: white } @font-face { font-family: white }", None),
    ],
)
def test_wherever_declarations_stand(css: str, short: str | None) -> None:
    assert scope_styles(css, SCOPE).css == (short or css)


COLORS = st.sampled_from(
    "white Black red transparent currentcolor #fff #FFFF #123456 #12345678 #ab1 aqua".split()
) | st.builds(
    "{}({}, {}, {}, {})".format,
    st.sampled_from(["rgb", "rgba"]),
    st.integers(-1, 256),
    st.integers(0, 255),
    st.integers(0, 255),
    st.floats(0, 1).map(lambda x: round(x, 3)),
)


@given(COLORS)
def test_a_color_stays_the_same(color: str) -> None:
    before, after = (_meaning(text) for text in (color, shortened(f"color:{color}").removeprefix("color:")))
    assert before == after


def _meaning(color: str) -> Any:
    parsed = parse_color(color)
    if parsed == "currentcolor":
        return parsed
    # a byte of opacity stands for two decimals (CSS Color 4, 16.1)
    alpha = parsed.alpha if "." in color else round(parsed.alpha, 2)
    return [round(c, 6) for c in parsed.coordinates], alpha


SIDES = st.lists(st.sampled_from(["0", "0px", "1px", "auto", "2em"]), min_size=1, max_size=4)


@given(SIDES)
def test_sides_stay_the_same(sides: list[str]) -> None:
    def four(values: list[str]) -> list[str]:
        zeros = ["0" if v == "0px" else v for v in values]
        top, right, bottom, left = (*zeros, *[None] * (4 - len(zeros)))
        right = right or top
        return [str(each) for each in (top, right, bottom or top, left or right)]

    short = shortened(f"margin: {' '.join(sides)}").removeprefix("margin: ").split()
    assert four(short) == four(sides)
    assert len(short) <= len(sides)


VALUES = st.lists(
    COLORS
    | st.sampled_from(
        ["0px", "1px", "solid", "url(x)", "/", ",", "'s'", "linear-gradient(", ")", "!important", "/**/"]
    ),
    max_size=8,
).map(" ".join)


@example("margin", "0px 0px !important 0px")
@given(st.sampled_from(["color", "background", "margin", "border", "padding", "box-shadow", "x"]), VALUES)
def test_what_is_short_stays(name: str, value: str) -> None:
    short = shortened(f"{name}: {value}")
    assert shortened(short) == short
    before, after = (tinycss2.parse_blocks_contents(text) for text in (f"{name}: {value}", short))
    assert [n.type for n in before] == [n.type for n in after]
