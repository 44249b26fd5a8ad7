"""The code of a compiled module as if it had been written in the `.astro` file itself."""

import ast
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, TypeAlias

from pyastro.runtime.line_map import LineMap
from pyastro.runtime.origins import know_component


def component_code(line_map: LineMap, source_file: Path, package: str | None = None) -> CodeType:
    """The code of a compiled module, with the file and the lines of its source.

    `package` is the package that the module is imported into, where that is not the build: what lies above it is then
    imported by absolute names.
    """
    text = line_map.module_file.read_text("utf-8")
    tree = ast.parse(text)
    _Placing(line_map, text, source_file.read_text("utf-8-sig", "replace")).place(tree)
    if package is not None:
        _Lifting(package).visit(tree)
    know_component(str(source_file), line_map.source)
    code: CodeType = compile(tree, str(source_file), "exec", dont_inherit=True)
    return code


_Placed: TypeAlias = ast.expr | ast.stmt | ast.excepthandler | ast.arg | ast.keyword | ast.alias | ast.pattern

_WITHOUT_PLACES = frozenset({"ctx", "op", "ops", "type_ignores"})
"""Fields of nodes that stand nowhere."""


@cache
def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node in which others may stand."""
    is_constant = issubclass(kind, ast.Constant)
    return () if is_constant else tuple(name for name in kind._fields if name not in _WITHOUT_PLACES)


class _Placing:
    """Gives the nodes of a module the places of its source."""

    def __init__(self, line_map: LineMap, module: str, source: str) -> None:
        self._map = line_map
        self._module = [line.encode() for line in module.split("\n")]
        self._source = [line.rstrip("\r").encode() for line in source.split("\n")]
        self._line = 1
        """The line of what comes before; it is also that of code which stands nowhere in the source."""

    def place(self, tree: ast.AST) -> None:
        """Move a node and all below it, in the order of the text. There are hundreds in a module."""
        pending = [tree]
        while pending:
            node: Any = pending.pop()
            if hasattr(node, "lineno"):
                self._move(node)
            below: list[ast.AST] = []
            for name in _fields(node.__class__):
                value = getattr(node, name, None)
                if value.__class__ is list:
                    below += [each for each in value if isinstance(each, ast.AST)]
                elif isinstance(value, ast.AST):
                    below.append(value)
            pending += reversed(below)

    def _move(self, node: _Placed) -> None:
        number, first = node.lineno, node.col_offset
        found = self._map.source_line(number, first)
        self._line = line = self._line if found is None else found
        # Columns are known where the code stands in the source's line as well, once. Others would mark something else.
        start, length = -1, 0
        if found is not None and node.end_lineno == number and node.end_col_offset is not None:
            code = self._module[number - 1][first : node.end_col_offset]
            text = self._source[line - 1] if line <= len(self._source) else b""
            at = text.find(code) if code else -1
            if at >= 0 and text.find(code, at + len(code)) < 0:
                start, length = at, len(code)
        node.lineno = node.end_lineno = line
        node.col_offset, node.end_col_offset = start, start + length


class _Lifting(ast.NodeTransformer):
    """Turns imports from above the first package into absolute ones: what a build has above is nobody's package here."""

    def __init__(self, package: str) -> None:
        self._depth = package.count(".") + 1 if package else 0

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        """`from ..lib import words`, where `..` is above."""
        if node.level <= self._depth:
            return node
        if node.module is not None:
            return ast.copy_location(ast.ImportFrom(node.module, node.names, 0), node)
        return ast.copy_location(ast.Import(node.names), node)

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """`styles=("..components.Card",)`, the modules of which a page carries the style sheets."""
        if node.arg == "styles" and isinstance(node.value, ast.Tuple):
            for name in node.value.elts:
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    name.value = self._lifted(name.value)
        return node

    def _lifted(self, name: str) -> str:
        module = name.lstrip(".")
        return module if len(name) - len(module) > self._depth else name
