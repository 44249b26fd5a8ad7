"""What is laid out without black is what black makes of it, line for line, and stands for the same lines of the source."""

import ast
import random
import warnings
from collections.abc import Iterator

import black
import pytest
from black.mode import Mode, TargetVersion

from pyastro.compiler.generate.layout import laid_out
from pyastro.compiler.generate.line_map import line_map
from pyastro.compiler.module import Line

MODE = Mode(line_length=110, target_versions={TargetVersion.PY311}, magic_trailing_comma=False)


def numbered(text: str) -> list[Line]:
    """The lines of a text, each of which stands for its own number."""
    return [Line(each, number) for number, each in enumerate(text.split("\n"), 1)]


def black_lines(text: str) -> list[Line]:
    """The same lines as black lays them out, with what the syntax trees tell of where they come from."""
    formatted = black.format_str(text, mode=MODE)
    count = len(text.split("\n"))
    mapped = line_map(ast.parse(text), ast.parse(formatted), range(1, count + 1))
    lines = []
    for number, each in enumerate(formatted.rstrip("\n").split("\n"), 1):
        columns = mapped.get(number, ())
        lines.append(Line(each, columns[0][1], columns[1:]) if columns else Line(each))
    return lines


def python(text: str) -> bool:
    """Does Python take it?"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True


DOCSTRING = '"""A module."""\n\n'

PLAIN = """\
x = 1
x: int = 1
x, y = y, x
x += 1
f(a, b=1, *c, **d)
f(a)(b)[0].c("d", 'e"f', f"{g}", b"h")
x = [a, *b]
x = {"a": 1, **b}
x = {a, b}
x = a[1:2]
x = a[b, c]
x = [a for a in b if not c]
x = -1
x = a if b else c
x = f"{a!r:>{b}}"
x = "\\n"
return_value = a is not b and c not in d  # a reason, and why
return a  # nothing else.
f((a, b), (c,))
f(())
await f(a)
if a := f(b):
    pass
for a, b in c, d:
    continue
with a as b:
    raise c from d
try:
    assert a, b
except (A):
    pass
def f(a, /, b: int, *, c: str = "d", **e: Any) -> None:
    return
async def f():
    await a
class A:
    a: int
class A(B):
    a: int = 1

    def f(self):
        return 1
@a
@b(c)
def f():
    global g
import a.b as c
from . import a, b as c
from .a.b import c
# a comment
""".replace("except (A)", "except A").splitlines()


@pytest.mark.parametrize("text", ["\n".join(PLAIN)])
def test_every_form_is_known(text: str) -> None:
    rough = DOCSTRING + text
    assert python(rough)
    assert laid_out(numbered(rough)) == black_lines(rough)


@pytest.mark.parametrize(
    "text",
    [
        "x = (1)",
        "x = 'a'",
        "x = 0XFF",
        "x = 1E5",
        "x = a**b",
        "x = a[b + 1 :]",
        'x = "\\""',
        "x = lambda: 1",
        "x=1",
        "x = f(a,)",
        "x = f( a)",
        "x = [1,2]",
        "x = not(a)",
        "x = 1 # why",
        "x = 1  # it's why",
        "x = 1  # noqa: F",
        "if a:  # why\n    pass",
        "#comment",
        "# fmt: off",
        "x = 1; y = 2",
        "if x: y",
        "class A(): pass",
        "del (x)",
        "for (a, b) in c:\n    pass",
        "def f(): ...",
        "def f():\n    ...",
        "def f(a: int=1):\n    pass",
        'def f():\n    """ A text. """',
        "x = \\\n    1",
        'x = """a\nb"""',
        "x = a if b else \\\n    c",
        "é = 1",
        "\tx = 1",
        " x = 1",
    ],
)
def test_of_what_is_not_plain_nothing_is_said(text: str) -> None:
    assert laid_out(numbered(DOCSTRING + text)) is None


@pytest.mark.parametrize("width", range(60, 130, 3))
@pytest.mark.parametrize(
    "form",
    [
        "def f(write: Write, /, *, {}: str = DEFAULT, b: int = 2, **c: Any) -> None:\n    pass",
        'f.into(write, {{"a": b}}, {}=1, c="d, e")',
        "await f.into(write, {{}}, {}=1)",
        "f(\nwrite, {{}},\n{}=1,\nb=2,\n**undeclared({{\n'a-b': 1,\n}}),\n)".replace("'", '"'),
        "f(\nwrite,\n{{\n{}: 1,\n**b,\n}},\n{{}}, scope=c,\n)",
        "from a import b, {}, d",
        "x = [\n    {},\n    b,\n]",
        "x = f({}, b)",
        '@page(styles=("{}", "..b", "..c"))\ndef f(a):\n    pass',
        '@page(slots=("a",), styles=("{}", "..b", "..c"), returns=True)\ndef f(a):\n    pass',
        '@page(styles=("..a", "..b", "{}", "..c", "..components.Footer", "..d", "..e", "..components.Header"))\ndef f(a):\n    pass',
        "write(context.once(!a!, '\\n<p class=\"{}\">\\n'))".replace("!", '"'),
        "write(context.once('{}', 'a \"long\" text: {{}} is longer than a line may be, if the other one stands before it.'))".replace(
            "'{}'", '"{}"'
        ),
    ],
)
def test_long_lines_break_as_black_breaks_them(form: str, width: int) -> None:
    rough = DOCSTRING + form.format("a" * width)
    expected = black_lines(rough)
    if form.startswith("def") and len(expected) > 4:  # its source lines are not known well enough
        assert laid_out(numbered(rough)) is None
        expected = [Line(each.text) for each in expected]
        rough_lines = [Line(each) for each in rough.split("\n")]
    else:
        rough_lines = numbered(rough)
    found = laid_out(rough_lines)
    assert found == expected or (found is None and width > 90)


# ---------------------------------------------------------------- any code at all

TOKENS = (
    "a b c f x 1 2.5 True None self".split() * 3
    + list("()[]{},.:=+-*/<@;") * 2
    + "== ** := -> != += not in is and or if else for lambda await return ... * **".split()
    + ['"s"', "'t'", '"it\'s"', "'q\"'", 'f"{a}"', 'r"x"', '"\\n"', '""', '"""d"""', "# c", "\\\n"]
)
HEADERS = "if a:|for a in b:|while a:|else:|try:|finally:|with a as b:|def f(a):|class A:|class A(B):|async def f():|elif a:|except A:".split(
    "|"
)
MORE = "return a, (b, c)|x = a, (b, c)|for a in b, (c, d):|f(a, (b,), c=(d, e))|x: A[(a, b)] = 1|del a|yield a|x = y = z".split(
    "|"
)
LINES = (
    [line.strip() for line in PLAIN if line and not line.endswith(":")]
    + MORE
    + [
        '"""A text."""',
        "# a comment",
        "pass",
    ]
)


def code(chance: random.Random) -> str:
    """A few statements: most are plain, some have anything in them."""
    return DOCSTRING + "\n".join(_suite(chance, 0))


def _suite(chance: random.Random, depth: int) -> Iterator[str]:
    for _ in range(chance.randint(1, 4)):
        yield from [""] * chance.choice([0, 0, 0, 1, 2, 3])
        if depth < 3 and chance.random() < 0.4:
            yield "    " * depth + chance.choice(HEADERS)
            yield from _suite(chance, depth + 1)
        else:
            yield "    " * depth + (chance.choice(LINES) if chance.random() < 0.7 else _anything(chance))


def _anything(chance: random.Random) -> str:
    tokens = [chance.choice(TOKENS) for _ in range(chance.randint(1, 9))]
    return "".join(token + chance.choice(["", " ", " ", " "]) for token in tokens).rstrip()


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_laid_out_black_leaves_as_it_is(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        rough = code(chance)
        found = laid_out(numbered(rough)) if python(rough) else None
        if found is not None:
            assert found == black_lines(rough), rough
