"""The map from the lines of a generated module to those of its source.

black keeps the syntax tree, so the trees before and after it are walked in step: a line of the formatted text stands
for what the line stood for on which the same node was before.
"""

import ast
from collections.abc import Sequence
from hashlib import sha256

from pyastro.compiler.source import Source


def line_map(rough: ast.Module, formatted: ast.Module, sources: Sequence[int | None]) -> dict[int, int]:
    """For each line of the formatted text that has one, its source line."""
    mapped: dict[int, int] = {}
    stack: list[tuple[ast.AST, ast.AST]] = [(rough, formatted)]
    while stack:
        before, after = stack.pop()
        line: int | None = getattr(before, "lineno", None)
        if line is not None:
            _note(mapped, after, sources[line - 1])
        stack.extend(zip(_children(before), _children(after), strict=True))
    return dict(sorted(mapped.items()))


def _note(mapped: dict[int, int], after: ast.AST, source: int | None) -> None:
    """The first source line of all that stands on a line is the one that it stands for."""
    line: int = after.lineno  # type: ignore[attr-defined]  # its twin has one
    if source is not None and source < mapped.get(line, source + 1):
        mapped[line] = source


def _children(node: ast.AST) -> list[ast.AST]:
    return list(ast.iter_child_nodes(node))


def map_comment(source: Source, lines: dict[int, int]) -> str:
    """The comment at the end of a module: the source, the beginning of its hash, and the runs of mapped lines."""
    digest = sha256(source.data or source.text.encode()).hexdigest()[:12]
    runs: list[list[int]] = []
    for line, at in lines.items():
        if runs and line == runs[-1][0] + runs[-1][2] and at == runs[-1][1] + runs[-1][2]:
            runs[-1][2] += 1
        else:
            runs.append([line, at, 1])
    parts = [f"{line}+{count}:{at}" if count > 1 else f"{line}:{at}" for line, at, count in runs]
    return f"\n\n# pyastro: {source.path} {digest} {' '.join(parts)}".rstrip() + "\n"
