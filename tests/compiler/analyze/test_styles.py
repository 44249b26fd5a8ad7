"""Scoped styles."""

import re
import subprocess
import sys
from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from pyastro.compiler.analyze.styles import scope_name, scope_styles

SCOPE = "data-astro-cid-3ybyvkd5"
MARK = f"[{SCOPE}]"


def scoped(css: str) -> str:
    """A sheet's scoped text, with `§` for the scope attribute. It has no problems."""
    result = scope_styles(css, SCOPE)
    assert result.problems == ()
    return result.css.replace(MARK, "§")


@pytest.mark.parametrize(
    "expected",
    [
        "h1§ {}",
        ".x§ {}",
        "#id§, p§.x > b§ {}",
        "h1§, h2§ , .c§,\n  p§ > a§ {}",
        "p§ + a§~b§ i§{}",
        ".x§:hover{}",
        "a§::before{}",
        "p§.x.y:hover::after{}",
        "*§{}",
        "*§.x{}",
        "§:hover{}",
        "§::selection{}",
        "a§[href]{}",
        "§[href]{}",
        "[href]§[title]{}",
        ".a§/* c */.b{}",
        "p§ /* , > */ b§{}",
        "svg|a§.x, *|*§, |b§{}",
        "html|div§{}",
        ".\\31 0§ p§{}",
        ".a\\:b§:hover, #\\#§{}",
        ".é😀§ 日§{}",
        ".a§[title='x, y > z'] b§{}",
    ],
)
def test_every_compound_is_scoped_after_its_type(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "html{}",
        "body.dark > p§{}",
        ":root{}",
        ":root[data-theme=dark] .x§{}",
        "HTML, Body{}",
        "*|html{}",
        "bodyguard§, .html§, .body§{}",
        ".x§:is(.a, .b > p) q§{}",
        "§:where(.a){}",
        "a§:not(.b):has(> img){}",
        "li§:nth-child(2n + 1 of .x){}",
    ],
)
def test_the_page_and_the_arguments_of_functions_are_not(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (":global(h1) {}", "h1 {}"),
        (".a :global(p) {}", ".a§ p {}"),
        (".a :global(p.x > b) i {}", ".a§ p.x > b i§ {}"),
        (":global(.dark) .a {}", ".dark .a§ {}"),
        (".a:global(.on) {}", ".a§.on {}"),
        (":global(.m, .n) {}", ".m, .n {}"),
        (":global(a):hover::before{}", "a:hover::before{}"),
        (":global(.a):global(.b){}", ".a.b{}"),
        (":global(.dark).a{}", ".dark.a{}"),
        (":global(h1).a[b] i{}", "h1.a[b] i§{}"),
        (".a:global(h1){}", ".a§:is(h1){}"),
        (".x:global(.m, n){}", ".x§:is(.m, n){}"),
        (".x > :global(.m, n::before) {}", ".x§ > .m, .x§ > n::before {}"),
        ("a, :global( .m .n , o ):hover b, c{}", "a§, .m .n:hover b§, o:hover b§, c§{}"),
        (".x { & :global(.m, .n) {} }", ".x§ { & .m, & .n {} }"),
        (":global(a, b) :global(c, d) i{}", ":is(a, b) :is(c, d) i§{}"),
        (".x :global(.m:not(:global(p, q)), n){}", ".x§ .m:not(p, q), .x§ n{}"),
        (".x:not(:global(.y)) b{}", ".x§:not(.y) b§{}"),
        (".x:has(> :global(.y, .z) :global(b)){}", ".x§:has(> :is(.y, .z) b){}"),
        (":GLOBAL( .x ){}", ".x{}"),
        (".a:global( .b ):global(/**/.c/**/):hover{}", ".a§.b.c:hover{}"),
        (":gl\\6f bal(.x){}", ".x{}"),
        (':global([title=")"] b) i{}', '[title=")"] b i§{}'),
        (":global(/*)*/ .a\\) :not(b)) i{}", ".a\\) :not(b) i§{}"),
        (".a:global(){}", ".a§{}"),
    ],
)
def test_global_is_unwrapped(css: str, expected: str) -> None:
    assert scoped(css) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ".card§ { color: red; &:hover { color: green } & .title§ {} > p§ { margin: 0 } .x§ & {} }",
        ".a§ { .b§ { c§ { color: red } } color: red; d§:hover { color: red } }",
        ".a§ { @media print { color: red; b§ { color: red } } }",
        ".a§ { &.x {} &b {} .x& {} & + & {} }",
        ".a§ { --x: { b: c }; --y: p {}; --z:a b; }",
        ".a§ { grid-area: a / b; background: url(a;b{}) }",
    ],
)
def test_nested_rules(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "@media (min-width: 1px) { a§:hover { color: red } @supports (display: grid) { .a§ > .b§ {} } }",
        "@layer a { p§ {} } @layer x, y; @LAYER { p§ {} }",
        "@container side (width > 1px) { p§ {} }",
        "@starting-style { p§ {} }",
        "@scope (.a§) to (.b§, .c§ > i§) { §:scope > p§ {} }",
        "@keyframes spin { from { a: b } 50% { a: b } to { a: b } }",
        "@-webkit-keyframes spin { from { a: b } }",
        "@font-face { font-family: x } @page :first { margin: 0 } @property --x { syntax: '*' }",
        '@charset "utf-8"; @import url(a.css) layer(x); @namespace svg url(http://x); p§ {}',
        "<!-- p§ {} -->",
    ],
)
def test_at_rules(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "a§\r\nb§\fc§\rd§ {}\r\n\r\ne§{}",
        "/* a\r\n b */ .x§ {}\f.y§{}",
        "a§{content: 'x\\\r\ny'}\r\nb§{}",
        ".a\x00b§ c§{}",
        "😀§ b§{/* 😀\n😀 */} c§{}",
        "\ufeffa§{}",
        "",
        " \n",
        "/* p {} */",
    ],
)
def test_new_lines_and_odd_characters(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


@pytest.mark.parametrize(
    ("css", "sentence", "offset"),
    [
        ("} .a {} b {}", "unmatched }.", 0),
        ("a {} ; b {} c {}", "`;` cannot stand in a selector.", 5),
        ("// x\na {} b {}", "`/` cannot stand in a selector.", 0),
        ("a 50% {}", "`50%` cannot stand in a selector.", 2),
        ("@media x { 50% {} }", "`50%` cannot stand in a selector.", 11),
        (".a\\\n {}", "`\\` cannot stand in a selector.", 2),
    ],
)
def test_broken_css_stays_and_is_reported(css: str, sentence: str, offset: int) -> None:
    found = scope_styles(css, SCOPE)
    assert found.css.replace(MARK, "") == css
    assert found.problems == ((offset, sentence),)


@pytest.mark.parametrize(
    ("css", "closed", "offsets"),
    [
        ("a {} b { color: red", "a§ {} b§ { color: red\n}", [7]),
        ("@media x { a { b: c", "@media x { a§ { b: c\n}}", [9]),
        ("a {} /* x", "a§ {} /* x\n*/", [5]),
        ("a {} .b", "a§ {} .b\n{}", [5]),
        ("@import 'x'", "@import 'x'\n;", []),
        ("a { b: url(c", "a§ { b: url(c\n)}", [2, 7]),
        ("a { b: ''url(c", "a§ { b: ''url(c\n)}", [2, 9]),
        ("a { b: 'c\\", "a§ { b: 'c\\\n'}", [2, 7]),
        ("a { b: c };", "a§ { b: c };\n{}", [10]),
    ],
)
def test_what_is_left_open_is_closed(css: str, closed: str, offsets: list[int]) -> None:
    """Another component's style sheet may follow."""
    found = scope_styles(css, SCOPE)
    assert found.css.replace(MARK, "§") == closed
    assert [at for at, _ in found.problems] == offsets


@pytest.mark.parametrize("css", ["a{", "@media x{", "a:is("])
def test_any_depth(css: str) -> None:
    depth = 3000
    end = ")" * depth + "{}" if css.endswith("(") else "}" * depth
    result = scope_styles(css * depth + end, SCOPE)
    assert result.css.replace(MARK, "") == css * depth + end


# ---------------------------------------------------------------- properties

PIECES = st.sampled_from(
    [
        *"""a .b #c * & > + ~ , : :: :hover ::before :not( :is( ( ) [x] [y="z"] { } ; ! @media @layer @keyframes @x " ' \\ /* */
    url( color:red --x: 1px 50% <!-- --> html :root | || 😀 \x00 // \\31 -- é""".split(),
        *[" ", "\n", "\r\n", "\r", "\f", "\t", "\\\n", "\\\r\n", "/* x */", "'s'", '"s"'],
    ]
)
CLOSING = r"(\n?[\])}'\"*/]+)?(\n;|\n\{\})?"
"""What may be added behind a sheet that does not close what it opens."""
SHEETS = st.lists(PIECES, max_size=25).map("".join)


@given(SHEETS)
def test_without_the_scope_it_is_what_was_written(css: str) -> None:
    result = scope_styles(css, SCOPE).css.replace(MARK, "")
    assert result.startswith(css)
    assert re.fullmatch(CLOSING, result[len(css) :])


@given(st.lists(PIECES | st.just(":global("), max_size=25).map("".join) | st.text(max_size=40))
def test_nothing_is_raised(css: str) -> None:
    result = scope_styles(css, SCOPE)
    assert all(0 <= at <= len(css) and sentence.endswith(".") for at, sentence in result.problems)


@given(SHEETS)
def test_the_scope_stands_nowhere_but_in_selectors(css: str) -> None:
    result = scope_styles(css, SCOPE).css
    assert sum(map(_count_scopes, tinycss2.parse_stylesheet(result))) == result.count(MARK)


@given(SHEETS)
def test_the_same_rules(css: str) -> None:
    result = scope_styles(css, SCOPE).css
    if result.replace(MARK, "") == css:
        assert _shape(tinycss2.parse_stylesheet(result)) == _shape(tinycss2.parse_stylesheet(css))
    followed = tinycss2.parse_stylesheet(f"{result}\nlast{{}}")[-1]
    assert _shape([followed]) == [("qualified-rule", "last")]


@given(st.text("abc {}();:'\"\\/*\r\n\f\x00😀", max_size=30).map(lambda t: re.sub("[{]", "", t)))
def test_without_rules_nothing_changes(css: str) -> None:
    assert scope_styles(css, SCOPE).css.startswith(css)


def _count_scopes(node: Any) -> int:
    """How often the scope attribute stands among the tokens of selectors."""
    if node.type == "[] block":
        return int(tinycss2.serialize(node.content) == SCOPE)
    children = [getattr(node, name, None) or [] for name in ("prelude", "content", "arguments")]
    return sum(_count_scopes(child) for every in children for child in every)


def _shape(nodes: list[Any]) -> list[Any]:
    return [(node.type, tinycss2.serialize(getattr(node, "prelude", [])).replace(MARK, "")) for node in nodes]


COMPOUNDS = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from(["p§", ".a§", "#i§", "*§", "x-y§", "§:hover", "html", "body", ":root"]),
    st.sampled_from(["", ".b", ":focus", "::after", "[z=',']", ":not(.c, d)", "/**/"]),
)
SELECTORS = st.lists(COMPOUNDS, min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([" ", ">", " + ", "~", ", ", "\r\n", " /* , */ "]).map(
        lambda by: by.join(parts)
    )
)
RULES = st.recursive(
    st.builds(lambda s: f"{s} {{ color: red; background: url('a;b') }}", SELECTORS),
    lambda rules: st.builds(
        lambda head, inside: f"{head} {{ {' '.join(inside)} }}",
        SELECTORS | st.sampled_from(["@media print", "@layer x", "@supports (a: b)"]),
        st.lists(rules, max_size=3),
    ),
    max_leaves=6,
)


@given(st.lists(RULES, max_size=4).map("\n".join))
def test_whole_sheets(expected: str) -> None:
    assert scoped(expected.replace("§", "")) == expected


# ---------------------------------------------------------------- names


def test_the_name_of_a_scope() -> None:
    names = {scope_name(f"components/C{i}.astro") for i in range(500)}
    assert len(names) == 500
    assert all(re.fullmatch("data-astro-cid-[a-z0-9]{8}", name) for name in names)
    assert scope_name("é\udcff.astro") == scope_name("é\udcff.astro")


def test_the_name_is_the_same_everywhere() -> None:
    code = "from pyastro.compiler.analyze.styles import scope_name; print(scope_name('pages/index.astro'))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {scope_name("pages/index.astro")}


def test_tinycss2_is_loaded_only_for_a_style_sheet() -> None:
    code = "import sys, pyastro.compiler.analyze.styles; print('tinycss2' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown == "False\n"
