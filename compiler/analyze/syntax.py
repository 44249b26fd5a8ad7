"""Python's own parser, its errors told at the author's place, and the habits of other languages recognised."""

import ast
import re
import warnings

from pyastro.compiler import messages
from pyastro.compiler.analyze.habits import habit, without_strings
from pyastro.compiler.diagnostics import Problem


def parse_statements(text: str, offset: int) -> ast.Module | Problem:
    """The tree of a frontmatter that begins at `offset` of its file, or what is wrong with it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, "<frontmatter>")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _frontmatter_problem(error, text, offset)


def parse_expression(code: str, offset: int) -> ast.expr | Problem:
    """The tree of an expression's code, which begins at `offset` with a bracket in the place of the brace."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code, "<expression>", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        span = _span(error, code, offset, len(code))
        return habit(code, offset) or messages.python_syntax(span, _sentence(error))


def carriage_return_problem(text: str, offset: int) -> Problem | None:
    """Python takes a lone carriage return as the end of a line, and nobody else does."""
    found = re.search(r"\r(?!\n)", text)
    return messages.lone_carriage_return((offset + found.start(), offset + found.end())) if found else None


def _span(error: Exception, text: str, offset: int, limit: int) -> tuple[int, int]:
    """Where a Python error is, as offsets of the file; never outside of the text that was parsed."""
    if not isinstance(error, SyntaxError) or error.lineno is None:
        return offset, offset + 1
    start = _position(text, error.lineno, error.offset or 1)
    if start >= len(text.rstrip("\n) ")):
        start = max(0, len(text.rstrip("\n) ")) - 1)
    end = start + 1
    if error.end_lineno and error.end_offset and error.end_lineno == error.lineno:
        end = max(end, _position(text, error.end_lineno, error.end_offset))
    return offset + min(start, limit), offset + min(end, limit)


def _position(text: str, line: int, column: int) -> int:
    """The offset of a line and a column, both counted from 1."""
    lines = text.split("\n")
    line = min(line, len(lines))
    before = sum(len(each) + 1 for each in lines[: line - 1])
    return before + min(max(column, 1) - 1, len(lines[line - 1]))


def _sentence(error: Exception) -> str:
    """Python's message as a sentence."""
    if isinstance(error, RecursionError | MemoryError):
        return "This Python is nested too deeply."
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    message = re.sub(r"\(<\w+>, line \d+\)|on line \d+|\(detected at line \d+\)", "", message).strip()
    end = "" if message.endswith(("?", ".")) else "."
    return f"{message[:1].upper()}{message[1:]}{end}" if message else "Invalid syntax."


def _frontmatter_problem(error: Exception, text: str, offset: int) -> Problem:
    span = _span(error, text, offset, len(text))
    start = text.rfind("\n", 0, span[0] - offset) + 1
    line = without_strings(text[start:].partition("\n")[0]).strip()
    if _JAVASCRIPT.search(line):
        return messages.javascript_in_frontmatter(span, _sentence(error))
    if re.search(r"(?:=|\(|return)\s*<[A-Za-z>]", line):
        return messages.markup_in_frontmatter(span)
    return messages.python_syntax(span, _sentence(error))


_JAVASCRIPT = re.compile(
    r"^(?:const|let|var|interface|export|function)\b|^import\b.*\bfrom\s*\"|^//|^/\*|=>|&&|\|\||===|\?\?|\?\."
)
"""What a line of JavaScript has, and a line of Python with an error hardly."""
