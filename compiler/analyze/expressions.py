"""An expression of the template as Python's tree, with the markup in it."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.scope import free_names
from pyastro.compiler.analyze.syntax import carriage_return_problem, parse_expression
from pyastro.compiler.analyze.waiting import own_await
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.nodes import Expression, Markup, Python
from pyastro.compiler.python_text import TOKEN
from pyastro.compiler.source import Source
from pyastro.compiler.syntax_tree import walk


class ParsedExpression(NamedTuple):
    """An expression that Python's parser has read.

    `code` begins at the opening brace, which stands there as `(`, and has each markup replaced by a name of the same
    length, so that every place in it is a place of the file.
    """

    expression: Expression
    code: str
    offset: int
    tree: ast.expr
    markup: Mapping[int, Markup] = {}
    """By `id()` of the Name that stands for it."""

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node stands in `code`."""
        line, end_line = node.lineno, node.end_lineno  # type: ignore[attr-defined]  # expressions have places
        start = self._position(line, node.col_offset)  # type: ignore[attr-defined]
        return start, self._position(end_line, node.end_col_offset)  # type: ignore[attr-defined]

    def source_span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node stands in the file."""
        start, end = self.span(node)
        return self.offset + start, self.offset + end

    def _position(self, line: int, column: int) -> int:
        if line == 1 and self.code.isascii():
            return column
        start = 0
        for _ in range(line - 1):
            start = self.code.index("\n", start) + 1
        stop = self.code.find("\n", start)
        text = self.code[start : stop if stop >= 0 else len(self.code)]
        return start + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))

    def free_names(self) -> set[str]:
        """The names that the Python of the expression looks up outside of itself; markup in it is not asked."""
        names = free_names(self.tree)
        if not self.markup:
            return names
        return names - {n.id for n in walk(self.tree) if id(n) in self.markup and isinstance(n, ast.Name)}


def read_expression(
    source: Source, expression: Expression, start: int | None = None
) -> ParsedExpression | Problem | None:
    """An expression's tree; what is wrong with it; or None if nothing stands in it.

    `start` is where its Python begins, if that is not right after the opening brace.
    """
    if expression.is_unreadable or is_empty(expression):
        return None
    begin = expression.span.start if start is None else start - 1
    code, places = _code(source, expression, begin)
    tree = carriage_return_problem(code, begin) or parse_expression(code, begin)
    if isinstance(tree, Problem):
        return tree
    found: dict[int, Markup] = {}
    parsed = ParsedExpression(expression, code, begin, tree, found)
    for node in walk(tree):
        if isinstance(node, ast.Name) and not node.id.strip("_"):
            markup = places.get(parsed.span(node)[0])
            if markup is not None:
                found[id(node)] = markup
        elif isinstance(node, ast.Yield | ast.YieldFrom):
            return messages.yield_in_component(parsed.source_span(node))
    return _operand_problem(parsed) or _wait_problem(parsed) or parsed


def _operand_problem(parsed: ParsedExpression) -> Problem | None:
    """Markup beside an operator that makes a value of two."""
    for node in walk(parsed.tree) if parsed.markup else ():
        if isinstance(node, ast.BinOp) and {id(node.left), id(node.right)} & parsed.markup.keys():
            at = parsed.source_span(node)[0], parsed.source_span(node)[1]
            return messages.markup_operand(at, _OPERATORS.get(type(node.op), "this operator"))
    return None


_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Mod: "%", ast.Mult: "*", ast.BitOr: "|"}


def _wait_problem(parsed: ParsedExpression) -> Problem | None:
    """`await` in a lambda: only in the markup there it may stand, which is no Python any more here."""
    for node in walk(parsed.tree):
        waiting = own_await(node.body) if isinstance(node, ast.Lambda) else None
        if waiting is not None:
            return messages.python_syntax(parsed.source_span(waiting), "'await' outside async function.")
    return None


def is_empty(expression: Expression) -> bool:
    """Does nothing stand in the braces?"""
    return not expression.is_unreadable and all(
        isinstance(part, Python) and is_blank(part.text) for part in expression.parts
    )


def is_blank(python: str) -> bool:
    """Is there nothing but white space and comments?"""
    return all(token.lastgroup in ("space", "comment") for token in TOKEN.finditer(python))


def _code(source: Source, expression: Expression, begin: int) -> tuple[str, dict[int, Markup]]:
    """The code of an expression and, by their place in it, the markup that it stands for."""
    pieces, at, places = ["("], begin + 1, {}
    for part in expression.parts:
        start, end = part.span
        pieces.append(_blank(source.text[at:start]))
        if isinstance(part, Python):
            pieces.append(part.text)
        else:
            places[start - begin + 1] = part
            pieces.append(_placeholder(source.text[start:end]))
        at = end
    if isinstance(expression.parts[-1], Python) and "#" in expression.parts[-1].text:
        return "".join(pieces) + "\n)", places  # the last line may end in a comment
    return "".join(pieces) + ")", places


def _placeholder(markup: str) -> str:
    """A name in brackets that takes exactly the place of some markup: the brackets part it from a word beside it."""
    first, *rest = markup.split("\n")
    if not rest:
        return "(" + "_" * (len(first) - 2) + ")"
    between = "".join("\n" + " " * len(line) for line in rest[:-1])
    return "(" + "_" * (len(first) - 1) + between + "\n" + " " * (len(rest[-1]) - 1) + ")"


def _blank(text: str) -> str:
    return "".join(c if c == "\n" else " " for c in text)
