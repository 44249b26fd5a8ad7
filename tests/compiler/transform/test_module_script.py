"""The text of module scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.compiler.transform.module_script import module_script


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("import 'a'; f('b', \"c\")", 'import "a"; f("b", "c")'),
        ("f('')", 'f("")'),
        ("f('<p>') // it's\n+ 'x' /* 'y' */", 'f("<p>") // it\'s\n+ "x" /* \'y\' */'),
        ("f(`it's ${'`, 'a')", "f(`it's ${'`, 'a')"),
        ("f(`it's $ 5`, 'a')", 'f(`it\'s $ 5`, "a")'),
        ("f(\"it's\", 'https://x')", 'f("it\'s", "https://x")'),
        ("f('say \"a\"', 'it\\'s', 'a\\n')", "f('say \"a\"', 'it\\'s', 'a\\n')"),
        ("f('\\\\', 'a')", "f('\\\\', \"a\")"),
    ],
)
def test_strings_are_in_double_quotes(written: str, shown: str) -> None:
    assert module_script(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "x = /'/; f('a')",
        "x = 'a'.length / 2",
        "f(`${'a'}`)",
        "f('a)",
        "f('a\n')",
        "f(`a)",
        "f('a') /* b",
    ],
)
def test_what_cannot_be_told_stays(written: str) -> None:
    assert module_script(written) == written


SCRIPTS = st.lists(
    st.sampled_from(
        ["'", '"', "`", "\\", "\n", "\r\n", "\u2028", "/", "//", "/*", "*/", "$", "{", "}", "a", " ", "'a'"]
    ),
    max_size=20,
).map("".join)


@given(SCRIPTS)
def test_only_quotes_change(written: str) -> None:
    shown = module_script(written)
    assert shown.replace('"', "'") == written.replace('"', "'")
    assert module_script(shown) == shown
