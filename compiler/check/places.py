"""Where the code of a compiled module stands in its source.

Lines are known from the module's map. Columns are found by comparing trees: the author's expressions are in the module
as they are in the source, so that a node of the module is the node of the source that starts on its line and has its
shape. What the author wrote twice on a line is told apart by its order.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from pyastro.compiler.analyze import Analysis
from pyastro.compiler.analyze.free import child_nodes, own_expressions
from pyastro.compiler.nodes import Component, Markup, NamedAttribute, Node, SpreadAttribute
from pyastro.compiler.source import Source, Span
from pyastro.compiler.transform.attributes import plain_name

Range = tuple[tuple[int, int], tuple[int, int]]
"""Line and column of the beginning and the end of some code, as `ast` counts them."""

_ENTRY = re.compile(r"(\d+)(?:\+(\d+)|\.(\d+))?:(\d+)")
_QUOTED = re.compile(r'"([^"]+)"')


class Place(NamedTuple):
    """A place in a source. `tag` names the component whose call is meant."""

    span: Span
    tag: str | None = None
    is_exact: bool = True
    """Is this the code itself, and not just the line or the condition that it was made of?"""


class _Piece(NamedTuple):
    """A node of the author's Python, and where it stands in the source."""

    span: Span
    shape: object


class Places:
    """The places of one module."""

    def __init__(self, analysis: Analysis, code: str) -> None:
        self.source = analysis.source
        self.analysis = analysis
        self.tree = ast.parse(code)
        self.lines = _source_lines(code)
        self.components = list(_components(analysis.root.children))

    def find(self, range: Range, message: str = "") -> Place | None:
        """Where some code of the module stands in the source; None where it is none of the author's."""
        line = self.lines.get(range[0][0])
        if line is None:
            return None
        path = self._path(range)
        for node in reversed(path):
            span = self._author_node(node, line, message)
            if span is not None:
                return Place(span, _tag_of_argument(path, node), not _is_escaped(path, node))
            call = self._call(path, node, line)
            if call is not None:
                return call
        return self._inside(path[-1], line) or Place(_whole_line(self.source, line), is_exact=False)

    def _path(self, range: Range) -> list[ast.AST]:
        """The nodes around a range, from the outermost to the one that is the range, or the smallest that holds it."""
        path: list[ast.AST] = [self.tree]
        while True:
            holders = [n for n in _positioned(path[-1]) if _start(n) <= range[0] and range[1] <= _end(n)]
            if not holders:
                return path
            path.append(holders[0])

    def _author_node(self, node: ast.AST, line: int, message: str) -> Span | None:
        """The place of a node that the source has as well."""
        if isinstance(node, ast.Import | ast.ImportFrom | ast.alias):
            return self._import(line, message)
        if not hasattr(node, "lineno"):
            return None
        pieces = [piece for piece in self._pieces(line) if piece.shape == _shape(node, _is_markup_value)]
        if not pieces:
            return None
        if len(pieces) == 1:
            return pieces[0].span
        twins = sorted(_start(n) for n in ast.walk(self.tree) if self._is_twin(n, node, line))
        lines = sorted({number for number, _ in twins})
        if len(lines) == len(pieces):  # each expression of the output has a line of its own
            return pieces[lines.index(node.lineno)].span
        return pieces[twins.index(_start(node)) * len(pieces) // len(twins)].span

    def _is_twin(self, other: ast.AST, node: ast.AST, line: int) -> bool:
        return (
            type(other) is type(node)
            and hasattr(other, "lineno")
            and self.lines.get(other.lineno) == line
            and _shape(other, _is_markup_value) == _shape(node, _is_markup_value)
        )

    def _pieces(self, line: int) -> list[_Piece]:
        """The nodes of the author's Python that start on a line of the source, in order."""
        return self._by_line.get(line, [])

    @cached_property
    def _by_line(self) -> dict[int, list[_Piece]]:
        found: dict[int, list[_Piece]] = {}
        for piece in sorted(self._all_pieces(), key=lambda piece: (piece.span.start, -piece.span.end)):
            found.setdefault(self.source.line_of(piece.span.start), []).append(piece)
        return found

    def _all_pieces(self) -> Iterator[_Piece]:
        for parsed in self.analysis.template.expressions.values():
            is_markup = partial(_is_one_of, parsed.markup)
            for node in ast.walk(parsed.tree):
                if hasattr(node, "lineno") and not is_markup(node):
                    yield _Piece(Span(*parsed.source_span(node)), _shape(node, is_markup))
        frontmatter = self.analysis.root.frontmatter
        parts = self.analysis.frontmatter
        for statement in (*parts.imports, *parts.hoisted, *parts.body):
            for node in ast.walk(statement.node):
                if hasattr(node, "lineno") and frontmatter is not None:
                    base = self.source.line_of(frontmatter.span.start) - 1
                    first = frontmatter.span.start - self.source.line_starts[base]
                    yield _Piece(self._span(node, base, first), _shape(node, _is_markup_value))

    def _span(self, node: ast.AST, base: int, first: int) -> Span:
        """The span of a node of the frontmatter, whose first line begins in the column `first` of the file."""
        ends = []
        for line, column in (_start(node), _end(node)):
            start = self.source.line_starts[base + line - 1] + (first if line == 1 else 0)
            text = self.source.text[start:].split("\n", 1)[0]
            ends.append(start + len(text.encode()[:column].decode(errors="ignore")))
        return Span(*ends)

    def _import(self, line: int, message: str) -> Span | None:
        """What a message about an import names, in the statement that stands on a line."""
        for statement in self.analysis.frontmatter.imports:
            if self.source.line_of(statement.start) != line:
                continue
            end = statement.offset + len(statement.text)
            for quoted in reversed(_QUOTED.findall(message)):
                for name in (quoted, quoted.rpartition(".")[2]):
                    found = re.compile(rf"\b{re.escape(name)}\b").search(
                        self.source.text, statement.start, end
                    )
                    if found is not None:
                        return Span(*found.span())
            return Span(statement.start, end)
        return None

    # ------------------------------------------------------------ calls of components

    def _call(self, path: list[ast.AST], node: ast.AST, line: int) -> Place | None:
        """The attribute of a tag, or the tag, of which a node is made."""
        if isinstance(node, ast.keyword) and node.arg is not None:
            return self._attribute(node.arg, self._tag_around(path), line)
        if isinstance(node, ast.Dict) and path[-1] in node.values:
            key = node.keys[node.values.index(path[-1])]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                return self._attribute(key.value, self._tag_around(path), line)
        tag = _called(node)
        return self._tag(tag, line) if tag is not None else None

    def _tag_around(self, path: list[ast.AST]) -> str | None:
        return next((tag for node in reversed(path) if (tag := _called(node)) is not None), None)

    def _attribute(self, name: str, tag: str | None, line: int) -> Place | None:
        wanted = name.removesuffix("_").replace("-", "_")
        for node in self.components:
            for attribute in node.attributes:
                if (
                    node.name == tag
                    and not isinstance(attribute, SpreadAttribute)
                    and plain_name(attribute).removesuffix("_").replace("-", "_") == wanted
                    and line in self._attribute_lines(attribute)
                ):
                    return Place(attribute.span, tag)
        return None

    def _attribute_lines(self, attribute: NamedAttribute) -> range:
        first, last = map(self.source.line_of, attribute.span)
        return range(first, last + 1)

    def _tag(self, tag: str, line: int) -> Place | None:
        for node in self.components:
            start = node.start_tag.start + 1
            if node.name == tag and self.source.line_of(start) == line:
                return Place(Span(start, start + len(tag)), tag)
        return None

    def _inside(self, node: ast.AST, line: int) -> Place | None:
        """The first piece of the author's inside code that is not: the condition of an `if` that we made."""
        for each in ast.walk(node):
            if each is not node and hasattr(each, "lineno") and self.lines.get(each.lineno) == line:
                span = self._author_node(each, line, "")
                if span is not None:
                    return Place(span, is_exact=False)
        return None


def _tag_of_argument(path: list[ast.AST], node: ast.AST) -> str | None:
    """The tag whose prop a node is the value of."""
    before = path[: path.index(node)]
    return _called(before[-2]) if len(before) > 1 and isinstance(before[-1], ast.keyword) else None


def _is_escaped(path: list[ast.AST], node: ast.AST) -> bool:
    """Is a node what we hand to `escape`, after a test that it is a `str`? Not every checker understands that one."""
    match path[: path.index(node)]:
        case [*_, ast.Call(func=ast.Name(id=name))]:
            return name.strip("_") == "escape"
    return False


def _called(node: ast.AST) -> str | None:
    """The tag whose call a node is."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr="render") as callee, attr="into" | "around")
        ):
            return ast.unparse(callee.value)
        case ast.Call(args=[_, _, ast.Constant(value=str(tag)), _, *_]):
            return tag
    return None


def _components(nodes: Iterable[Node]) -> Iterator[Component]:
    """All component tags, in order, those in expressions included."""
    for node in nodes:
        if isinstance(node, Component):
            yield node
        for expression in own_expressions(node):
            for part in expression.parts:
                if isinstance(part, Markup):
                    yield from _components(part.children)
        yield from _components(child_nodes(node))


def _whole_line(source: Source, line: int) -> Span:
    """A line without the white space around it."""
    start = source.line_starts[line - 1]
    text = source.text[start:].split("\n", 1)[0]
    lead = len(text) - len(text.lstrip())
    return Span(start + lead, start + max(len(text.rstrip()), lead + 1))


def _source_lines(code: str) -> dict[int, int]:
    """The source line of each line of a module, as the comment at its end says."""
    comment = code.rstrip().rpartition("\n")[2]
    lines: dict[int, int] = {}
    for first, count, column, source in _ENTRY.findall(comment.rpartition(".astro ")[2]):
        if not column:
            lines |= {int(first) + i: int(source) + i for i in range(int(count or 1))}
    return lines


# ---------------------------------------------------------------- trees


def _positioned(node: ast.AST) -> Iterator[ast.AST]:
    """The nearest nodes below one that have a place."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _positioned(child)


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]  # only nodes with places are asked


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def _is_one_of(ids: Mapping[int, object], node: ast.AST) -> bool:
    return id(node) in ids


def _is_markup_value(node: ast.AST) -> bool:
    """Is this what stands in a module for markup that is used as a value?"""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name.strip("_") == "MarkupValue"
    return False


def _shape(node: object, is_markup: Callable[[ast.AST], bool]) -> object:
    """A value that is equal for nodes that say the same, wherever they stand; markup is as good as any other."""
    if isinstance(node, ast.AST):
        if is_markup(node):
            return "markup"
        fields = (name for name in node._fields if name not in ("ctx", "kind", "type_comment"))
        return (type(node).__name__, *(_shape(getattr(node, name, None), is_markup) for name in fields))
    if isinstance(node, list):
        return tuple(_shape(each, is_markup) for each in node)
    return type(node).__name__, node
