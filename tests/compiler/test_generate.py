"""The text of modules: as black writes it, and mapped to its source line by line."""

import ast
from pathlib import Path

import black
import pytest
from black.mode import Mode, TargetVersion

from tests.compiler.lone import compile_text

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
MODULES = sorted(FIXTURES.rglob("module.py"))
MODE = Mode(line_length=110, target_versions={TargetVersion.PY311}, magic_trailing_comma=False)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.parent.name)
def test_modules_are_as_black_writes_them(path: Path) -> None:
    """Except where black would change the author's docstrings."""
    text = path.read_text()
    formatted = black.format_str(text, mode=MODE)
    assert formatted == text or ast.dump(ast.parse(formatted)) != ast.dump(ast.parse(text))


def test_the_same_source_gives_the_same_text() -> None:
    source = "---\nxs = {3, 1, 2}\n---\n<p {**{'a': 1}}>{<b>{x}</b> for x in xs}</p>\n"
    assert compile_text(source) == compile_text(source)


def mapped_lines(code: str) -> dict[int, int]:
    """The line map of a module's last line."""
    lines: dict[int, int] = {}
    for item in code.rstrip().rpartition("\n")[2].split()[4:]:
        where, _, source = item.partition(":")
        first, _, count = where.partition("+")
        lines |= {int(first) + i: int(source) + i for i in range(int(count or 1))}
    return lines


def test_each_expression_is_on_a_line_that_leads_to_it() -> None:
    names = [f"name_{n}" for n in range(1, 40)]
    source = "".join(f"<p>{{{name}}}</p>\n" for name in names)
    code = compile_text(source)
    mapped = mapped_lines(code)
    for number, line in enumerate(code.splitlines(), 1):
        for name in names:
            if f"escape({name})" in line:
                assert mapped[number] == int(name.removeprefix("name_"))


def test_frontmatter_keeps_its_lines() -> None:
    source = (
        '---\n# one\na = 1\n\n\ndef f(x):\n    # inside\n    return """\n  text"""\n\n\nb = f(a)\n---\n{b}\n'
    )
    code = compile_text(source)
    mapped = mapped_lines(code)
    original = source.splitlines()
    for number, line in enumerate(code.splitlines(), 1):
        if number in mapped and mapped[number] < 13:
            assert line.strip() == original[mapped[number] - 1].strip()
    assert "# one" in code
    assert "# inside" in code
