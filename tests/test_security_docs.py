"""`docs/security.md` names tests for each of its promises, and each of them is there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/security.md").read_text("utf-8")
PROMISES = re.findall(r"^(\d+)\. ((?s:.*?))(?=^\d+\. |^#|\Z)", TEXT, re.MULTILINE)
LEAST = 28


@cache
def names_in(file: str) -> set[str]:
    """The names of a file's tests."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_the_promises_are_numbered() -> None:
    assert [int(number) for number, _ in PROMISES] == list(range(1, len(PROMISES) + 1))
    assert len(PROMISES) >= LEAST


def test_each_promise_names_a_test() -> None:
    assert [number for number, text in PROMISES if "::test_" not in text] == []


def test_each_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) == TEXT.count("::"), "a test is written as `tests/file.py::test_name`"
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []
