"""The map from the lines of a generated module to those of its source.

black keeps the syntax tree, so the trees before and after it are walked in step: a line of the formatted text stands
for what the line stood for on which the same node was before.
"""

import ast
from collections.abc import Iterator, Sequence

from pyastro.compiler.module import Copy, Line
from pyastro.compiler.source import Source

Columns = tuple[tuple[int, int], ...]
"""For one line: from which column on it stands for which source line."""


def line_map(rough: ast.Module, formatted: ast.Module, sources: Sequence[int | None]) -> dict[int, Columns]:
    """For each line of the formatted text that stands for source lines: which, by column."""
    found: dict[int, dict[int, int]] = {}
    stack: list[tuple[ast.AST, ast.AST]] = [(rough, formatted)]
    while stack:
        before, after = stack.pop()
        line: int | None = getattr(before, "lineno", None)
        source = sources[line - 1] if line is not None else None
        if source is not None:
            found.setdefault(after.lineno, {})[after.col_offset] = source  # type: ignore[attr-defined]  # as its twin
        if isinstance(before, ast.JoinedStr):
            _map_lines(before, after, sources, found)
        else:
            stack.extend(zip(ast.iter_child_nodes(before), ast.iter_child_nodes(after), strict=True))
    return {line: _changes(columns) for line, columns in found.items()}


def _map_lines(
    before: ast.JoinedStr, after: ast.AST, sources: Sequence[int | None], found: dict[int, dict[int, int]]
) -> None:
    """The lines of an f-string, one by one: Python before 3.12 does not tell where its pieces stand."""
    for number in range(1, (before.end_lineno or before.lineno) - before.lineno + 1):
        source = sources[before.lineno - 1 + number]
        if source is not None:
            found.setdefault(after.lineno + number, {})[0] = source  # type: ignore[attr-defined]  # as its twin


def _changes(columns: dict[int, int]) -> Columns:
    """The columns at which the source line changes."""
    changes: list[tuple[int, int]] = []
    for column, source in sorted(columns.items()):
        if not changes or changes[-1][1] != source:
            changes.append((column, source))
    return tuple(changes)


def map_comment(source: Source, lines: Sequence[Line], copies: Sequence[Copy] = ()) -> str:
    """The comment at the end of a module: the source, the beginning of its hash, and what its lines stand for.

    `12:7` is one line, `12+30:7` are thirty, `12.8:7` is a line from its column 8 on. Before it, a comment for each
    component that is written where it is used: its source, the number of its first line in this map, and the line that
    uses it.
    """
    own = f"# pyastro: {source.path} {source.digest} {' '.join(_entries(lines))}".rstrip()
    others = [f"# copied: {each.path} {each.hash} {each.first}:{each.used_at}" for each in copies]
    return "\n\n" + "\n".join([*others, own]) + "\n"


def _entries(lines: Sequence[Line]) -> Iterator[str]:
    run: tuple[int, int, int] | None = None
    for number, line in enumerate(lines, 1):
        if line.source is None:
            continue
        if run and (number, line.source) == (run[0] + run[2], run[1] + run[2]) and not line.columns:
            run = run[0], run[1], run[2] + 1
            continue
        if run:
            yield _run(*run)
        run = number, line.source, 1
        if line.columns:
            yield _run(*run)
            yield from (f"{number}.{column}:{source}" for column, source in line.columns)
            run = None
    if run:
        yield _run(*run)


def _run(line: int, source: int, count: int) -> str:
    return f"{line}+{count}:{source}" if count > 1 else f"{line}:{source}"
