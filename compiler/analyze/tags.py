"""What the component tags of a template mean, as far as its own file tells."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyastro.compiler.syntax_tree import walk

if TYPE_CHECKING:  # what is kept of tags is read where nothing is analyzed
    from pyastro.compiler.analyze.frontmatter import Frontmatter
    from pyastro.compiler.analyze.template import Template

RESERVED = frozenset({"render", "STYLE"})
"""Names that every compiled module has at its top."""


class ImportedTag(NamedTuple):
    """A tag of which the name is imported: `from <level dots><module> import <name>`, then `.<member>` of that."""

    tag: str
    module: str | None
    level: int
    name: str | None
    member: str


class Tags(NamedTuple):
    """The component tags of a template."""

    imported: tuple[ImportedTag, ...]
    """Those of which an import may tell what they are."""
    elements: frozenset[str]
    """Those that name elements, because their values are texts."""
    others: frozenset[str]
    """Those that may be anything when they render."""


def read_tags(frontmatter: Frontmatter, template: Template) -> Tags:
    """The tags of a template, sorted."""
    names = template.tags - {"Astro.self"}
    rebound = (
        frontmatter.bound | template.bound | {field.name for field in frontmatter.props or ()} | RESERVED
    )
    imports = {name: found for name, found in _imports(frontmatter) if name not in rebound}
    imported = []
    for tag in sorted(names):
        first, _, member = tag.partition(".")
        if first in imports:
            imported.append(ImportedTag(tag, *imports[first], member))
    elements = names & _texts(frontmatter) - template.bound
    others = names - elements - {each.tag for each in imported}
    return Tags(tuple(imported), frozenset(elements), frozenset(others))


def _imports(frontmatter: Frontmatter) -> Iterator[tuple[str, tuple[str | None, int, str | None]]]:
    """The names that hoisted imports bind to a module, or to something of one."""
    for statement in frontmatter.imports:
        match statement.node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    if alias.asname or "." not in alias.name:
                        yield alias.asname or alias.name, (alias.name, 0, None)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                for alias in aliases:
                    yield alias.asname or alias.name, (module, level, alias.name)


def _texts(frontmatter: Frontmatter) -> set[str]:
    """The names that are texts: props that are said to be, and what is set once, to a text."""
    texts = {f.name for f in frontmatter.props or () if _is_text_type(f.annotation)} - frontmatter.bound
    trees = [statement.node for statement in frontmatter.body]
    counts = Counter(
        node.id
        for tree in trees
        for node in walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    for tree in trees:
        match tree:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if counts[name] == 1:
                texts |= {name} if _is_text(value, texts) else set()
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if counts[name] == 1:
                texts |= {name} if _is_text_type(annotation) else set()
    return texts - frontmatter.imported


def _is_text(node: ast.expr, texts: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return name in texts
        case ast.IfExp(body=body, orelse=otherwise):
            return _is_text(body, texts) and _is_text(otherwise, texts)
        case ast.BoolOp(values=values):
            return all(_is_text(each, texts) for each in values)
    return False


def _is_text_type(annotation: ast.expr) -> bool:
    """Is this `str`, or `Literal["a", "b"]`?"""
    match annotation:
        case ast.Name(id="str"):
            return True
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=str())):
            return True
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=elements)):
            return all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in elements)
    return False
