"""The import statements of a Python text: where they stand, what they mean, and how they are spelt in the build.

Inside the build everything local is imported relatively, so that the folder works wherever it is put. Only what has to
change is changed; all other text stays as it is, byte for byte.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyastro.compiler.imports import ImportResolver, Resolution, relative_spelling
from pyastro.compiler.syntax_tree import walk

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_FROM = rf"from({_GAP})([.\w](?:[.\w]|{_GAP})*?)({_GAP})\bimport\b"
"""The head of an import: the gaps around its target may hold continued lines, but no comments."""

LOCAL = frozenset({"component", "python", "package"})
"""The kinds of what belongs to the source root."""


class ImportedName(NamedTuple):
    """One name that a text imports: `from <level dots><module> import <name>`, or `import <module>` without a name."""

    module: str | None
    level: int
    name: str | None
    line: int = 1
    column: int = 1
    is_guarded: bool = False
    """May it fail, because the text catches ImportError?"""

    @property
    def owner(self) -> str:
        """What stands between `from` and `import`."""
        return "." * self.level + (self.module or "")

    def resolve(self, importer: str, resolver: ImportResolver) -> Resolution:
        """What the name means in the source `importer`."""
        if self.name is None:
            return resolver.module(importer, self.module, self.level)
        return resolver.member(importer, self.module, self.level, self.name)


# ---------------------------------------------------------------- what is imported


def find_imports(nodes: Iterable[ast.AST]) -> tuple[ImportedName, ...]:
    """Every name that some statements import, in the order of the text; those inside functions and conditions too."""
    trees = list(nodes)
    guarded = {id(node) for tree in trees for node in _guarded(tree)}
    found: list[ImportedName] = []
    for node in _import_nodes(trees):
        place = node.lineno, node.col_offset + 1, id(node) in guarded
        if isinstance(node, ast.Import):
            found += [ImportedName(alias.name, 0, None, *place) for alias in node.names]
        else:
            found += [ImportedName(node.module, node.level, alias.name, *place) for alias in node.names]
    return tuple(found)


def _import_nodes(trees: Iterable[ast.AST]) -> list[ast.Import | ast.ImportFrom]:
    nodes = [node for tree in trees for node in walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def _guarded(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes inside `try:` with a handler that a failed import reaches."""
    for node in walk(tree):
        if isinstance(node, ast.Try) and any(_catches_import_error(handler) for handler in node.handlers):
            for statement in node.body:
                yield from walk(statement)


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


# ---------------------------------------------------------------- how it is spelt in the build


class _Edit(NamedTuple):
    """A range of bytes, and what is put in its place."""

    start: int
    end: int
    text: str


def rewrite_tree(tree: ast.AST, text: str, importer: str, resolver: ImportResolver) -> str:
    """A text with its local imports spelt as the build needs them. `tree` is its syntax tree."""
    data = text.encode("utf-8", "surrogatepass")
    starts = [0, *(match.end() for match in _NEWLINE.finditer(data))]
    edits = []
    for node in _import_nodes([tree]):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        spelling = _spelling(node, data[start:end].decode(), importer, resolver)
        if spelling is not None:
            edits.append(_Edit(start, end, spelling))
    return _apply(data, edits).decode("utf-8", "surrogatepass")


def _apply(data: bytes, edits: Iterable[_Edit]) -> bytes:
    pieces, at = [], 0
    for start, end, text in sorted(edits):
        pieces += [data[at:start], text.encode()]
        at = end
    return b"".join([*pieces, data[at:]])


def _spelling(
    node: ast.Import | ast.ImportFrom, statement: str, importer: str, resolver: ImportResolver
) -> str | None:
    """How a statement is spelt in the build; None where it may stay as it is."""
    if isinstance(node, ast.Import):
        is_local = any(resolver.module(importer, alias.name, 0).kind in LOCAL for alias in node.names)
        return _import_statements(node.names, importer, resolver) if is_local else None
    target = _from_target(node, importer, resolver)
    head = re.match(_FROM, statement)
    if target is None or head is None:
        return None
    before = head[1] or ("" if target.startswith(".") else " ")
    after = head[3] or ("" if target.endswith(".") else " ")
    return f"from{before}{target}{after}import{statement[head.end() :]}"


def _from_target(node: ast.ImportFrom, importer: str, resolver: ImportResolver) -> str | None:
    """What has to stand between `from` and `import`; None where it may stay as it is."""
    found = resolver.module(importer, node.module, node.level)
    if found.kind == "external":
        return found.module if node.level else None
    if found.module is None:
        return None
    members = [resolver.member(importer, node.module, node.level, alias.name) for alias in node.names]
    if all(member.kind == "external" for member in members):
        return found.module if node.level else None
    target = relative_spelling(resolver.module_name(importer), found.module)
    return None if target == "." * node.level + (node.module or "") else target


def _import_statements(aliases: Sequence[ast.alias], importer: str, resolver: ImportResolver) -> str:
    """`import a, b.c` as statements on one line that bind the same names."""
    statements: list[str] = []
    for alias in aliases:
        found = resolver.module(importer, alias.name, 0)
        if found.kind in LOCAL and found.module:
            statements += _local_import(alias, found.module, importer, resolver)
        else:
            statements.append(f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else ""))
    return "; ".join(statements)


def _local_import(alias: ast.alias, module: str, importer: str, resolver: ImportResolver) -> list[str]:
    """The relative spelling of `import a.b`, which loads `a.b` and binds `a`, or of `import a.b as c`."""
    package, _, name = module.rpartition(".")
    here = resolver.module_name(importer)
    owner, root = relative_spelling(here, package), relative_spelling(here, "")
    if alias.asname or not package:
        return [_from(owner, name, alias.asname or alias.name)]
    first = alias.name.partition(".")[0]
    return [_from(owner, name, first), _from(root, first, first)]


def _from(owner: str, name: str, bound: str) -> str:
    return f"from {owner} import {name}" + ("" if bound == name else f" as {bound}")
