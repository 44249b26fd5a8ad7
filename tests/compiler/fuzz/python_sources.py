"""Expressions of real Python: in braces, each of them means what it means in Python."""

import ast
import random
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyastro.compiler import Source, inspect
from tests.compiler.fuzz.properties import Violation

EXPECTED = frozenset({"set-display", "undefined-name", "javascript-name"})
"""What may be said of an expression that is Python: names come from nowhere here."""


def python_files() -> list[Path]:
    """The standard library's own sources."""
    root = Path(sysconfig.get_path("stdlib"))
    return sorted(
        p for p in root.rglob("*.py") if "site-packages" not in p.parts and "lib2to3" not in p.parts
    )


def expressions(path: Path) -> Iterator[str]:
    """The expressions of a file, each in full; not those that only a function or a frontmatter may hold."""
    try:
        text = path.read_text("utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    lines = text.split("\n")
    for statement in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
        for child in ast.iter_child_nodes(statement):
            is_whole = isinstance(child, ast.expr) and not isinstance(child, ast.Starred)
            if is_whole and (found := _segment(lines, child)) is not None:
                yield found


def _segment(lines: Sequence[str], node: ast.AST) -> str | None:
    """The text of an expression; None where it stands in braces for something else, as the language says."""
    assert isinstance(node, ast.expr)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    whole = [line.encode() for line in lines[first : last + 1]]
    whole[-1] = whole[-1][: node.end_col_offset]
    whole[0] = whole[0][node.col_offset :]
    text = b"\n".join(whole).decode()
    if any(isinstance(n, ast.Yield | ast.YieldFrom | ast.NamedExpr) for n in ast.walk(node)):
        return None
    is_other = (
        "{#" in text or "\r" in text or "\0" in text or "\x0c" in text or text.startswith(("**", "..."))
    )
    return None if is_other else text


def batches(seed: int, size: int = 100) -> Iterator[list[str]]:
    """The expressions of all files, in an order of the seed; then none."""
    files = python_files()
    random.Random(seed).shuffle(files)
    batch: list[str] = []
    for path in files:
        for text in expressions(path):
            batch.append(text)
            if len(batch) == size:
                yield batch
                batch = []
    yield batch


def differing(batch: Sequence[str]) -> tuple[str, Violation] | None:
    """An expression that means something else in braces, or is complained of."""
    found = _first(batch)
    if found is None or len(batch) == 1:
        return (batch[0], found) if found else None
    half = len(batch) // 2
    return differing(batch[:half]) or differing(batch[half:]) or (str(batch), found)


def _first(batch: Sequence[str]) -> Violation | None:
    text = "".join(f"<p>{{{each}}}</p>\n" for each in batch)
    inspection = inspect(Source("components/Lone.astro", text, text.encode()))
    said = [d for d in inspection.diagnostics if d.code not in EXPECTED]
    if said:
        return Violation(f"said of Python: {said[0].code}", str(said[0]))
    assert inspection.analysis is not None
    parsed = [each.tree for each in inspection.analysis.template.expressions.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meant = [ast.parse(f"({each}\n)", mode="eval").body for each in batch]
    if [ast.dump(tree) for tree in parsed] != [ast.dump(tree) for tree in meant]:
        return Violation("another meaning", "the trees differ")
    return None
