"""Black's layout without black, for code that is so plain that there is no doubt about it.

black takes most of the time of a compilation, and most of what it is given is in its style already. So a module of which
every statement has one of the forms below is laid out here; any other goes to black, as a whole. The forms are few, and
the tests hold them to their promise: what is laid out here, black leaves as it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyastro.compiler.generate.printer import INDENT, LINE_LENGTH
from pyastro.compiler.module import Line

Kind = Literal["docstring", "comment", "import", "decorator", "block", "header", "clause", "statement"]
"""`block` begins a function or a class, `header` any other compound statement, `clause` continues one."""

# ---------------------------------------------------------------- the forms, from the inside to the outside

_KEYWORDS = (
    "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is"
    "|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield"
)
_NAME = rf"(?!(?:{_KEYWORDS})\b)[A-Za-z_]\w*"
_OPERAND = rf'(?:(?:{_NAME}|"")(?:\.{_NAME})*+|[0-9]+(?:\.[0-9]+)?)(?![\w".])'
_UNARY = r"(?:not |await |-)"
_OPERATOR = r" (?:[-+*/%&|^<>]|//|[=!<>]=|<<|>>|and|or|in|not in|is|is not|if|else|for|async for) "
_EXPRESSION = rf"{_UNARY}?{_OPERAND}(?:{_OPERATOR}{_UNARY}?{_OPERAND})*+"
_EXPRESSIONS = rf"{_EXPRESSION}(?:, {_EXPRESSION})*+"
_ARGUMENT = rf"(?:\*\*?{_OPERAND}|(?:{_NAME}=)?{_EXPRESSION})"
_PARAMETER = rf"(?:/|\*|{_NAME}={_EXPRESSION}|\*{{0,2}}{_NAME}(?:: {_EXPRESSION}(?: = {_EXPRESSION})?)?)"
_ITEM = rf"(?:\*\*{_OPERAND}|{_EXPRESSION}: {_EXPRESSION})"

_STRING = re.compile(r"""[fb]?"(?!"")[^"\\]*"|'(?!'')[^'\\"]*"[^'\\]*'""")
"""What black does not spell otherwise; it becomes an empty string before anything else is looked at."""

_INNERMOST = re.compile(
    rf"\b({_NAME})(?:\((?:{_ARGUMENT}(?:, {_ARGUMENT})*+)?\)|\[{_EXPRESSIONS}\])"
    rf'|(?<![\w"\])}}])(?:\[(?:{_EXPRESSIONS})?\]|\{{(?:{_ITEM}(?:, {_ITEM})*+|{_EXPRESSIONS})?\}})'
    rf"|(?<=[(\[=])\({_EXPRESSION}(?:,|(?:, {_EXPRESSION})++)\)"
)
"""A call or a subscript, which becomes what is called; or a display, which becomes an empty string."""

_FORMS: dict[str, Kind] = {
    rf"{_OPERAND}(?:, {_OPERAND})*+(?:(?:: {_EXPRESSION})?(?: = {_EXPRESSIONS})?| [-+*/|&]= {_EXPRESSION})"
    rf"|await {_EXPRESSION}|return(?: {_EXPRESSIONS})?|raise(?: {_EXPRESSION}(?: from {_OPERAND})?)?"
    rf"|assert {_EXPRESSION}(?:, {_EXPRESSION})?|pass|break|continue": "statement",
    rf"(?:if|while) (?:{_NAME} := )?{_EXPRESSION}:|try:|(?:async )?with {_EXPRESSION}(?: as {_NAME})?:"
    rf"|(?:async )?for {_OPERAND}(?:, {_OPERAND})*+ in {_EXPRESSIONS}:": "header",
    rf"elif (?:{_NAME} := )?{_EXPRESSION}:|else:|finally:|except(?: {_OPERAND}(?: as {_NAME})?)?:": "clause",
    rf"(?:async )?def {_NAME}(?:\({_PARAMETER}(?:, {_PARAMETER})*+\))?(?: -> {_EXPRESSION})?:|class {_NAME}:": "block",
    rf"@{_OPERAND}": "decorator",
    rf"import {_NAME}(?:\.{_NAME})*+(?: as {_NAME})?"
    rf"|from (?:\.*{_NAME}(?:\.{_NAME})*+|\.+) import {_NAME}(?: as {_NAME})?(?:, {_NAME}(?: as {_NAME})?)*+": "import",
}
_FORM = re.compile("|".join(f"({pattern})" for pattern in _FORMS))
_KINDS = tuple(_FORMS.values())
_COMMENT = re.compile(r"# (?!fmt|type|yapf|pylint|isort)\S(?:.*\S)?")
_DOCSTRING = re.compile(r'"""[\w./-]+, compiled by pyastro\."""', re.ASCII)


def _kind(text: str) -> Kind | None:
    """The form of a line; None for one that black may see otherwise."""
    if text.startswith("#"):
        return "comment" if _COMMENT.fullmatch(text) else None
    if not text.isascii() or (text.startswith("class ") and "()" in text):
        return None
    reduced = _STRING.sub('""', text)
    if reduced.startswith('""'):
        return None
    count = "(" in reduced or "[" in reduced or "{" in reduced
    while count:
        reduced, count = _INNERMOST.subn(_inner, reduced)
    found = _FORM.fullmatch(reduced)
    return _KINDS[found.lastindex - 1] if found and found.lastindex else None


def _inner(found: "re.Match[str]") -> str:
    return found[1] or '""'


# ---------------------------------------------------------------- a module


@dataclass(slots=True)
class _Layout:
    """The lines that are laid out, and what the next one depends on."""

    lines: list[Line] = field(default_factory=list)
    kind: Kind | None = None
    depth: int = 0
    blocks: list[int] = field(default_factory=list)
    """How deep the functions and classes are that have not ended."""

    def blanks(self, kind: Kind, depth: int, given: int) -> int | None:
        """How many blank lines black has before a line that has so many; None where that is uncertain."""
        has_ended = False
        while self.blocks and self.blocks[-1] >= depth:
            self.blocks.pop()
            has_ended = True
        apart = 1 if depth else 2
        opens = self.kind in ("block", "header", "clause")
        is_block = kind in ("block", "decorator")
        if depth > self.depth + opens or (opens and (given or depth != self.depth + 1)):
            return None
        if self.kind is None or self.kind == "docstring":
            return 0 if self.kind is None else 1
        if self.kind == "decorator":
            return 0 if is_block and not given else None
        if self.kind == "comment" and depth != self.depth or (self.kind == "comment" and is_block and not given):
            return None
        if self.kind == "block" or (opens and not is_block):
            return 0
        if is_block or has_ended:
            return apart if depth or kind != "clause" else None
        if self.kind == "import" and kind != "import" and depth == self.depth:
            return max(min(given, 1), 1)
        return min(given, apart)


def laid_out(lines: Iterable[Line]) -> list[Line] | None:
    """The lines of a module as black lays them out; None where black must be asked."""
    layout = _Layout()
    given = 0
    for line in lines:
        text = line.text.lstrip(" ")
        if not text:
            given += 1
            continue
        depth, rest = divmod(len(line.text) - len(text), len(INDENT))
        kind = _kind(text) if layout.kind else ("docstring" if _DOCSTRING.fullmatch(text) else None)
        blanks = None if kind is None or rest else layout.blanks(kind, depth, given)
        fitting = None if blanks is None or kind is None else _fitting(line, kind, INDENT * depth)
        if fitting is None:
            return None
        layout.lines += [Line("")] * (blanks or 0)
        layout.lines += fitting
        layout.kind, layout.depth = kind, depth
        if kind == "block":
            layout.blocks.append(depth)
        given = 0
    return layout.lines


# ---------------------------------------------------------------- lines that are too long

_HEAD = re.compile(r"(?:async )?def \w+\(|(?:await )?[\w.]+\(")
_IMPORT_HEAD = re.compile(r"from [\w.]+ import ")
_STRINGS_AND_BRACKETS = re.compile(rf"{_STRING.pattern}|[()\[\]{{}},]")


def _fitting(line: Line, kind: Kind, indent: str) -> Sequence[Line] | None:
    """A line, or those that black makes of a long one; None where that is uncertain.

    Each stands for the same line of the source, if a part of the syntax begins on it.
    """
    if len(line.text) <= LINE_LENGTH:
        return (Line(line.text) if kind == "comment" or line.text.endswith(("else:", "finally:")) else line,)
    text = line.text.removeprefix(indent)
    if kind == "import" and (found := _IMPORT_HEAD.match(text)):
        return _exploded(line.source, indent, f"{found.group()}(", text[found.end() :].split(", "), ")")
    head = _HEAD.match(text)
    if head is None or (kind == "block" and line.source):
        return None
    return _split(line.source, indent, head.group(), text[head.end() :])


def _split(source: int | None, indent: str, head: str, rest: str) -> Sequence[Line] | None:
    """A call or the head of a function: what is in its brackets on a line of its own, or on one for each part."""
    parts, start, depth = [], 0, 0
    for found in _STRINGS_AND_BRACKETS.finditer(rest):
        token = found.group()
        if token == "," and not depth:
            parts.append(rest[start : found.start()])
            start = found.end() + 1
        elif token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        if depth < 0:
            break
    if depth == 0:
        return None
    end = found.start()
    tail = rest[end:]
    if tail != ")" and not tail.startswith((") -> ", "):")):
        return None
    inside = f"{indent}{INDENT}{rest[:end]}"
    if len(inside) <= LINE_LENGTH:
        return Line(indent + head, source), Line(inside, source), Line(indent + tail)
    return _exploded(source, indent, head, [*parts, rest[start:end]], tail)


def _exploded(
    source: int | None, indent: str, head: str, parts: Sequence[str], tail: str
) -> Sequence[Line] | None:
    inside = [f"{indent}{INDENT}{part}," for part in parts]
    if len(parts) < 2 or len(max(inside, key=len)) > LINE_LENGTH:
        return None
    return Line(indent + head, source), *(Line(each, source) for each in inside), Line(indent + tail)
