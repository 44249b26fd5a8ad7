"""Python's own parser, its errors told at the author's place, and the habits of other languages recognised."""

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyastro.compiler import messages
from pyastro.compiler.analyze.habits import habit
from pyastro.compiler.analyze.statements import statement_ranges
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.python_text import (
    TOKEN,
    Unterminated,
    fstring_expressions,
    spec_expressions,
    string_end,
)


def parse_statements(text: str, offset: int) -> ast.Module | list[Problem]:
    """The tree of a frontmatter that begins at `offset` of its file, or what is wrong with it.

    Python tells of one mistake. So that the others are told, too, each statement is then read by itself.
    """
    tree = _module(text, offset)
    return tree if isinstance(tree, ast.Module) else _problems(tree, text, offset)


def _problems(first: Problem, text: str, offset: int) -> list[Problem]:
    """What is wrong with each statement, where the whole has the problem `first`."""
    problems = [first]
    for start, end in statement_ranges(text):
        problem = _module(text[start:end], offset + start)
        if offset + start <= first.span[0] < offset + end:
            if not isinstance(problem, Problem) or first.span[0] == offset + start:
                problems = [first]  # what stands before it is not finished
        elif isinstance(problem, Problem):
            problems.append(problem)
        if isinstance(problem, Problem) and problem.code == "markup-in-frontmatter":
            break  # the lines behind it are no statements
    return sorted(problems, key=lambda problem: problem.span)


def _module(text: str, offset: int) -> ast.Module | Problem:
    try:
        return ast.parse(text, "<frontmatter>")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _frontmatter_problem(error, text, offset)


def parse_expression(code: str, offset: int) -> ast.expr | Problem:
    """The tree of an expression's code, which begins at `offset` with a bracket in the place of the brace."""
    try:
        return _expression(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return habit(code, offset) or _problem(error, code, offset)


def _expression(code: str) -> ast.expr:
    return ast.parse(code, "<expression>", mode="eval").body


@contextmanager
def without_warnings() -> Iterator[None]:
    """Inside of it Python's parser does not warn: it would for each piece of Python, and again when a module is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def spec_problem(text: str, start: int, stop: int) -> Problem | None:
    """What is wrong with an expression in the format spec between two offsets of a file."""
    return _first_problem(text, spec_expressions(text, start, stop), 0)


def _problem(error: Exception, code: str, offset: int) -> Problem:
    """Python's own error, at the author's place."""
    span = _span(error, code, offset, len(code))
    if isinstance(error, SyntaxError) and (inside := _fstring_problem(error, code, offset, span)):
        return inside
    if isinstance(error, SyntaxError) and (
        error.msg.endswith("was never closed") or _is_at_brace(error, code, "does not match")
    ):
        at = _unclosed_bracket(code)
        span = offset + at, offset + at + 1
        return messages.python_syntax(span, f"'{code[at]}' was never closed.")
    sentence, at = _sentence(error), span[0] - offset
    if sentence == "Invalid syntax." and re.match(r"else\b", code[at:]):
        sentence = "Expected 'if' before 'else'."
    return messages.python_syntax(span, sentence, re.search(_PLACEHOLDER, code) is not None)


_PLACEHOLDER = r"\(_+\s*_*\)"
"""What stands for markup in the code of an expression."""


def _is_at_brace(error: SyntaxError, code: str, message: str) -> bool:
    """Is this said of the bracket that stands for the closing brace of an expression?"""
    place = _position(code, error.lineno or 1, error.offset or 1)
    return message in error.msg and place == len(code) - 1


def _unclosed_bracket(code: str) -> int:
    """The innermost bracket that nothing closes: the first one of an expression stands for its brace."""
    is_braced = code.startswith("(") and code.endswith(")")
    text = code[1:-1] if is_braced else code
    brackets: list[int] = []
    at = 0
    while token := TOKEN.match(text, at):
        kind, at = token.lastgroup, token.end()
        if kind == "string":
            try:
                at = string_end(text, token)
            except Unterminated:  # all behind it is text
                break
        elif kind == "open":
            brackets.append(token.start())
        elif kind == "close" and brackets:
            brackets.pop()
    return (brackets[-1] + is_braced) if brackets else 0


# ---------------------------------------------------------------- f-strings


def _fstring_problem(error: SyntaxError, code: str, offset: int, span: tuple[int, int]) -> Problem | None:
    """What is wrong inside an f-string, at its own place: until 3.12 Python tells the place of the string."""
    quoted = re.search(_SAME_QUOTES, code) if sys.version_info < (3, 12) else None
    if quoted is not None and error.msg.startswith("f-string"):
        at = offset + quoted.start(3), offset + quoted.end(3)
        sentence = "Before Python 3.12 an f-string cannot hold its own quotes in its braces."
        return messages.python_syntax(at, sentence)
    try:
        problem = _first_problem(code, fstring_expressions(code), offset)
    except Unterminated:
        return None
    is_meant = error.msg.startswith("f-string") or (problem is not None and problem.span[0] <= span[0])
    return problem if is_meant else None


_SAME_QUOTES = r"""(?<!\w)[fF][rR]?(["'])(?!\1)[^"'\n]*\{([^"'{}\n]*)(\1[^"'\n]*\1)[^"'\n]*\}"""
"""An f-string that ends, as Python before 3.12 reads it, in the middle of a replacement field."""


def _first_problem(text: str, expressions: Iterable[tuple[int, int]], offset: int) -> Problem | None:
    """What is wrong with the first of some expressions that Python cannot read."""
    for start, end in expressions:
        code = f"({text[start:end]})"
        if not text[start:end].strip():
            at = offset + start - 1, offset + end + 1
            return messages.python_syntax(at, "An expression is expected in these braces.")
        try:
            _expression(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            begin = offset + start - 1
            return habit(code, begin) or _problem(error, code, begin)
    return None


def carriage_return_problem(text: str, offset: int) -> Problem | None:
    """Python takes a lone carriage return as the end of a line, and nobody else does."""
    found = re.search(r"\r(?!\n)", text)
    return messages.lone_carriage_return((offset + found.start(), offset + found.end())) if found else None


def _span(error: Exception, text: str, offset: int, limit: int) -> tuple[int, int]:
    """Where a Python error is, as offsets of the file; never outside of the text that was parsed."""
    if not isinstance(error, SyntaxError) or error.lineno is None:
        return offset, offset + 1
    start = _position(text, error.lineno, error.offset or 1)
    if start and re.match(_PLACEHOLDER, text[start - 1 :]):
        start -= 1  # Python's place of what stands in brackets is inside of them
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
    place = error.lineno if isinstance(error, SyntaxError) else None
    line = min(place or 1, text.count("\n") + 1)
    from pyastro.compiler.analyze.frontmatter_habits import (  # only now
        clause_hint,
        frontmatter_habit,
        line_hint,
    )

    known = frontmatter_habit(text, offset, line)
    if known is not None:
        return known
    problem = _problem(error, text, offset)
    hint = clause_hint(text[problem.span[0] - offset :]) or line_hint(text.split("\n")[line - 1])
    return problem._replace(hint=hint or problem.hint)
