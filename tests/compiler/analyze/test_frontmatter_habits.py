"""What only an older Python refuses is told as what it is."""

import sys

import pytest

from pyastro.compiler.pipeline import inspect
from pyastro.compiler.source import Source


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python reads it")
@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("type A = int", "`A = int`"),
        ("type A = dict[str, int | None]", "`A = dict[str, int | None]`"),
        ("type A = { b: string }", "class Props:"),
        ('type A = "x" | "y"', "class Props:"),
    ],
)
def test_an_alias_before_python_3_12(statement: str, hint: str) -> None:
    (problem,) = inspect(Source("pages/index.astro", f"---\n{statement}\n---\n")).diagnostics
    assert hint in (problem.hint or "")
