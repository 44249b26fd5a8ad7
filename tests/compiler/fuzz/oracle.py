"""Components made by a grammar, each with the Python that tells what it must render.

Every piece has two spellings: what stands in the component, and plain Python that gives the same value, in which markup
is a call of `H`. Names are scoped by Python itself in both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from markupsafe import escape

FRONTMATTER = """\
n = 3
s = "a<b&'\\""
ok = True
no = False
nothing = None
xs = [1, 2, 3]
ys = []
d = {"k": "v", "<": ">"}
async def later(value):
    return value
async def rows(values):
    for value in values:
        yield value
def twice(value):
    return [value, value]
"""

ORACLE_FRONTMATTER = FRONTMATTER.replace("async def", "def")
BOOLEAN = frozenset({"disabled", "checked"})


class H:
    """A markup value."""

    def __init__(self, *pieces: str) -> None:
        self.text = "".join(pieces)


def show(value: Any) -> str:
    """What a value renders as, by the contract of the language."""
    match value:
        case None | True | False:
            return ""
        case H():
            return value.text
        case str() | Mapping():
            return str(escape(str(value)))
    if callable(value):
        return show(value())
    if isinstance(value, Iterable):
        return "".join(map(show, value))
    return str(escape(str(value)))


def attribute(name: str, value: Any) -> str:
    """What an attribute renders as."""
    if name in BOOLEAN:
        return f" {name}" if value else ""
    if name.startswith("data-") and isinstance(value, bool):
        value = str(value).lower()
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def formatted(value: Any, spec: str, conversion: str = "") -> str:
    """What a value with a format renders as."""
    converted = {"r": repr, "s": str, "a": ascii, "": lambda each: each}[conversion](value)
    return str(escape(format(converted, spec)))


@dataclass(frozen=True)
class Piece:
    """What stands in the component, and the Python that gives the same."""

    source: str
    python: str


def expected(component: Piece) -> str:
    """What a component must render, as plain Python finds it."""
    names: dict[str, Any] = {"H": H, "show": show, "attribute": attribute, "formatted": formatted}
    exec(ORACLE_FRONTMATTER, names)
    exec(f"_out = {component.python}", names)
    return "".join(names["_out"]).strip()


# ---------------------------------------------------------------- Python without markup

Names = tuple[str, ...]
NAMES: Names = ("n", "s", "ok", "no", "nothing", "xs", "ys", "d")
LITERALS = [
    "0",
    "7",
    "1.5",
    "''",
    '"<i>"',
    "'}'",
    '"{"',
    'f"{n!r:>3}|{s!r}"',
    "None",
    "True",
    "b'x'.hex()",
    "'a' '>' \"b\"",
]
ITERABLES = ["xs", "ys", "[1, 2]", "range(2)", "'ab'", "d", "(s, n)"]


def _both(template: str, *parts: Piece) -> Piece:
    return Piece(
        template.format(*(p.source for p in parts)),
        template.format(*(p.python for p in parts)).replace("async for", "for").replace("await ", ""),
    )


def _same(text: str) -> Piece:
    return Piece(text, text)


@st.composite
def plain(draw: st.DrawFn, names: Names = NAMES, depth: int = 2) -> Piece:
    """An expression without markup, in which nothing can fail."""
    if depth == 0 or draw(st.booleans()):
        return _same(draw(st.sampled_from([*names, *LITERALS])))
    inner = plain(names, depth - 1)
    template, count = draw(
        st.sampled_from(
            [
                ("({0} and {1})", 2),
                ("({0} or {1})", 2),
                ("(not {0})", 1),
                ("({0} if {1} else {2})", 3),
                ("str({0})", 1),
                ("[{0}, {1}]", 2),
                ("({0},)", 1),
                ("len([{0}]) < 2", 1),
                ("(lambda q: q)({0})", 1),
                ("{{'k': {0}}}['k']", 1),
                ("await later({0})", 1),
                ("({0} == {1})", 2),
                ("[x for x in [{0}] if x]", 1),
            ]
        )
    )
    return _both(template, *(draw(inner) for _ in range(count)))


# ---------------------------------------------------------------- Python with markup


@st.composite
def value(draw: st.DrawFn, names: Names = NAMES, depth: int = 3) -> Piece:
    """An expression of which markup may be a part. It can stand in any expression."""
    if depth == 0:
        return draw(plain(names))
    kind = draw(st.integers(0, 11))
    inner, condition = value(names, depth - 1), plain(names, 1)
    match kind:
        case 0 | 1 | 2:
            return draw(markup(names, depth - 1))
        case 3:
            return _both("({0} and {1})", draw(condition), draw(inner))
        case 4:
            return _both("({0} or {1})", draw(condition), draw(inner))
        case 5:
            return _both("({0} if {1} else {2})", draw(inner), draw(condition), draw(inner))
        case 6 | 7:
            return draw(comprehension(names, depth))
        case 8:
            return _both(draw(st.sampled_from(["[{0}, {1}]", "({0}, {1})"])), draw(inner), draw(inner))
        case 9:
            name = draw(st.sampled_from(["q", "s", "n"]))
            body = draw(value((*names, name), depth - 1).filter(_is_sync))
            return _both(f"(lambda {name}: {{0}})({{1}})", body, draw(condition))
        case 10:
            return _both(
                draw(st.sampled_from(["await later({0})", "twice({0})", "{{'a': {0}}}['a']"])), draw(inner)
            )
        case _:
            return draw(plain(names))


def _is_sync(piece: Piece) -> bool:
    """May this stand in a lambda, in which Python allows no `await` of its own?"""
    return "await" not in piece.source and "async" not in piece.source


@st.composite
def comprehension(draw: st.DrawFn, names: Names, depth: int, brackets: str = "[]") -> Piece:
    """A loop over some items, with or without a condition, an inner loop, or an asynchronous one."""
    name = draw(st.sampled_from(["x", "y", "s", "n"]))
    items = draw(st.sampled_from(ITERABLES))
    inner_names = (*names, name)
    body = draw(value(inner_names, depth - 1))
    loop = f"async for {name} in rows({items})" if draw(st.booleans()) else f"for {name} in {items}"
    condition = _both(" if {0}", draw(plain(inner_names, 1))) if draw(st.booleans()) else _same("")
    second = f" for z in {draw(st.sampled_from(ITERABLES))}" if draw(st.integers(0, 3)) == 0 else ""
    return _both(brackets[:1] + "{0} " + loop + "{1}" + second + brackets[1:], body, condition)


# ---------------------------------------------------------------- markup

TAGS = ["b", "i", "span", "li", "my-tag"]
ATTRIBUTES = ["title", "lang", "data-x", "disabled", "checked", "aria"]
TEXTS = ["", "text", " ", "a &amp; b", "1 > 0", "é\n ", "'\"", "\\n {'{'}"]


@st.composite
def markup(draw: st.DrawFn, names: Names, depth: int) -> Piece:
    """One or several adjacent elements, which together are one operand."""
    elements = draw(st.lists(element(names, depth), min_size=1, max_size=2))
    return Piece("".join(e.source for e in elements), f"H({', '.join(e.python for e in elements)})")


@st.composite
def element(draw: st.DrawFn, names: Names, depth: int) -> Piece:
    """An element, or a fragment; its Python is a list of arguments of `H`."""
    inside = draw(content(names, depth))
    if draw(st.integers(0, 6)) == 0:
        return Piece(f"<>{inside.source}</>", inside.python)
    tag = draw(st.sampled_from(TAGS))
    given = [
        draw(_attribute(name, names))
        for name in draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=2, unique=True))
    ]
    source = f"<{tag}{''.join(a.source for a in given)}>{inside.source}</{tag}>"
    return Piece(
        source, ", ".join([f"'<{tag}'", *(a.python for a in given), "'>'", inside.python, f"'</{tag}>'"])
    )


@st.composite
def _attribute(draw: st.DrawFn, name: str, names: Names) -> Piece:
    match draw(st.integers(0, 4)):
        case 0 if name not in BOOLEAN:
            return Piece(f' {name}="a &lt; {{}}"', f"' {name}=\"a &lt; {{}}\"'")
        case 1:
            shown = draw(plain(names, 1))
            return Piece(
                f" {{**{{{name!r}: {shown.source}}}}}", f"attribute({name!r}, {_both('{0}', shown).python})"
            )
        case _:
            shown = draw(plain(names, 1))
            return Piece(f" {name}={{{shown.source}}}", f"attribute({name!r}, {shown.python})")


@st.composite
def content(draw: st.DrawFn, names: Names, depth: int) -> Piece:
    """Text, expressions, elements and comments; its Python is a list of arguments of `H`."""
    pieces = draw(st.lists(_node(names, depth), max_size=3))
    return Piece("".join(p.source for p in pieces), ", ".join(["''", *(p.python for p in pieces)]))


@st.composite
def _node(draw: st.DrawFn, names: Names, depth: int) -> Piece:
    match draw(st.integers(0, 7 if depth else 1)):
        case 0:
            return Piece("{# no > {one} #}", "''")
        case 1 | 2:
            text = draw(st.sampled_from(TEXTS))
            return Piece(text, repr(text.replace("{'{'}", "{")))
        case 3:
            shown = draw(st.sampled_from(["3", "1.5", "len(xs) + 1"]))
            spec = draw(st.sampled_from([">5", "", ".2f", "<4"]))
            return Piece(f"{{{shown}:{spec}}}", f"formatted({shown}, {spec!r})")
        case 4:
            shown = draw(plain(names, 0))
            return Piece(f"{{{shown.source}!r}}", f"formatted({shown.python}, '', 'r')")
        case 5:
            return draw(element(names, depth - 1))
        case 6:
            loop = draw(comprehension(names, depth, ""))
            return Piece(f"{{{loop.source}}}", f"show([{loop.python}])")
        case _:
            shown = draw(value(names, depth - 1))
            return Piece(f"{{{shown.source} }}", f"show({shown.python})")


@st.composite
def components(draw: st.DrawFn) -> Piece:
    """A whole component. Some of its expressions bind names that those after them use."""
    names, pieces = NAMES, []
    for number in range(draw(st.integers(1, 4))):
        if draw(st.integers(0, 3)) == 0:
            shown = draw(plain(names))
            pieces.append(
                Piece(f"{{(w{number} := {shown.source})}}\n", f"show((w{number} := {shown.python})), '\\n'")
            )
            names = (*names, f"w{number}")
        pieces.append(draw(_node(names, 3)))
    body = "".join(p.source for p in pieces)
    return Piece(
        f"---\n{FRONTMATTER}---\n{body}", f"[{', '.join(['', *(p.python for p in pieces)]).lstrip(', ')}]"
    )
