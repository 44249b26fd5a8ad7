"""The frontmatter as the first statements of the render, and as statements of the module."""

import ast
from collections.abc import Callable, Iterator, Mapping

from pyastro.compiler.analyze.frontmatter import Statement, own_returns
from pyastro.compiler.analyze.scope import outer_uses
from pyastro.compiler.module import Line, Verbatim
from pyastro.compiler.source import Source
from pyastro.compiler.syntax_tree import walk

INDENT = "    "


def verbatim(source: Source, statement: Statement, indent: str) -> Verbatim:
    """A statement of the author, with its comments, indented. The lines of a string that spans lines stay as they are."""
    text, offset = statement.text, statement.offset
    if not text.startswith(("\n", "\r")):
        offset += len(text) - len(text.lstrip(" \t"))
        text = text.lstrip(" \t")
    text = text.rstrip()
    if text.endswith(";"):
        text = text[:-1].rstrip()
    first = source.line_of(offset)
    kept = {line + _base_line(source, statement) for line in _string_lines(statement.node)}
    lines = []
    for i, each in enumerate(text.split("\n")):
        number = first + i
        stripped = each.rstrip("\r")
        lines.append(Line(stripped if number in kept or not stripped.strip() else indent + stripped, number))
    while lines and not lines[0].text.strip():
        lines.pop(0)
    return Verbatim(tuple(lines))


def respelt(statement: Statement, names: Mapping[str, str]) -> Statement:
    """A statement in which names that the module spells otherwise are spelt so."""
    if not names:
        return statement
    lead = statement.start - statement.offset
    place = first_line(statement), statement.node.col_offset
    text = respelt_text(statement.text[lead:], place, statement.node, names)
    return statement._replace(text=statement.text[:lead] + text)


def respelt_text(text: str, place: tuple[int, int], node: ast.AST, names: Mapping[str, str]) -> str:
    """The same for the text of a node, which Python counts to begin at `place`: line and column."""
    if not names:
        return text
    lines = text.split("\n")
    uses = sorted(outer_uses(node, frozenset(names)), key=lambda use: (use.lineno, use.col_offset))
    for use in reversed(uses):
        index = use.lineno - place[0]
        start = use.col_offset - (place[1] if index == 0 else 0)
        line = lines[index].encode()
        end = start + len(use.id.encode())
        lines[index] = (line[:start] + names[use.id].encode() + line[end:]).decode()
    return "\n".join(lines)


def checked_returns(statement: Statement, helper: Callable[[], str]) -> Statement:
    """A statement in which whatever may be no response is returned through a helper, which says so at this line.

    A bare `return` says `None`, as in any function that may give something else.
    """
    lead = statement.start - statement.offset
    lines = statement.text[lead:].split("\n")
    found = [n for n in own_returns(statement.node) if n.value is None or not _is_response(n.value)]
    for node in sorted(found, key=lambda each: (each.lineno, each.col_offset), reverse=True):
        value = node.value
        if value is None:
            _insert(lines, statement, (node.end_lineno or node.lineno, node.end_col_offset or 0), " None")
            continue
        line, column = value.lineno, value.col_offset
        _insert(lines, statement, (value.end_lineno or line, value.end_col_offset or 0), ")")
        _insert(lines, statement, (line, column), f"{helper()}(")
    return statement._replace(text=statement.text[:lead] + "\n".join(lines)) if found else statement


def _insert(lines: list[str], statement: Statement, place: tuple[int, int], text: str) -> None:
    """Put something in at a place, as Python counts it."""
    index = place[0] - first_line(statement)
    skipped = statement.node.col_offset if index == 0 and place[0] == statement.node.lineno else 0
    line = lines[index].encode()
    at = place[1] - skipped
    lines[index] = (line[:at] + text.encode() + line[at:]).decode()


def _is_response(node: ast.expr | None) -> bool:
    """Is this nothing, or certainly a response?"""
    match node:
        case None | ast.Constant(value=None):
            return True
        case ast.Call(func=ast.Name(id="Response")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Astro" | "Response"), attr=name)):
            return name in ("redirect", "rewrite", "json", "event_stream")
        case ast.IfExp(body=body, orelse=orelse):
            return _is_response(body) and _is_response(orelse)
    return False


def first_line(statement: Statement) -> int:
    """The line on which a statement begins, as Python counts it: that of its first decorator."""
    node = statement.node
    first: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    return first


def _base_line(source: Source, statement: Statement) -> int:
    """What to add to a line that Python counts to have the line of the file."""
    return source.line_of(statement.start) - first_line(statement)


def _string_lines(node: ast.AST) -> Iterator[int]:
    """The lines that begin inside a string, as Python counts them."""
    for each in walk(node):
        is_string = isinstance(each, ast.JoinedStr) or (
            isinstance(each, ast.Constant) and isinstance(each.value, str | bytes)
        )
        if is_string or type(each).__name__ == "TemplateStr":
            assert isinstance(each, ast.expr)
            yield from range(each.lineno + 1, (each.end_lineno or each.lineno) + 1)
