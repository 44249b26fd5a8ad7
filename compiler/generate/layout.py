"""Black's layout without black, for code that is so plain that there is no doubt about it.

black takes most of the time of a compilation, and most of what it is given is in its style already. So a module of which
every statement has one of the forms below is laid out here; any other goes to black, as a whole. The forms are few, and
the tests hold them to their promise: what is laid out here, black leaves as it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pyastro.compiler.generate.fstring import TEXT_BLOCK_BEGINNING, TEXT_BLOCK_END
from pyastro.compiler.generate.printer import INDENT, LINE_LENGTH
from pyastro.compiler.module import Line

Kind = Literal["text", "comment", "import", "decorator", "block", "header", "clause", "statement"]
"""`block` begins a function or a class, `header` any other compound statement, `clause` continues one. A `text` is a string that stands alone."""

# ---------------------------------------------------------------- the forms, from the inside to the outside

_KEYWORDS = (
    "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is"
    "|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield"
)
_NAME = rf"(?!(?:{_KEYWORDS})\b)[A-Za-z_]\w*"

_STRING = re.compile(
    r"""[fb]?"(?!"")(?:[^"\\]|\\[nrt\\])*"|'(?!'')(?:[^'\\"]|\\[nrt\\])*"(?:[^'\\]|\\[nrt\\])*'"""
)
"""What black does not spell otherwise; it becomes an empty string before anything else is looked at."""
_OPERAND = re.compile(
    rf'(?:(?<![\w.])|(?<= \.)|(?<=\.\.))(?:(?:{_NAME}|"")(?:\.{_NAME})*|[0-9]+(?:\.[0-9]+)?)(?![\w".])'
)
"""A name with its attributes, a string or a number; it becomes `$`."""
_ATTRIBUTE = re.compile(rf"\$(?:\.{_NAME})+(?![\w.])")
"""What stands behind a call or a display: all of it is an operand."""

_OPERATOR = r" (?:[-+*/%&|^<>]|//|[=!<>]=|<<|>>|and|or|in|not in|is|is not|if|else|for|async for) "
_EXPRESSION = re.compile(rf"(?:not |await |-)?\$(?:{_OPERATOR}(?:not |await |-)?\$)*")
"""Operands with operators between them, which become one."""

_ARGUMENT = r"(?:\*\*?\$|(?:\$=)?\$)"
_INNERMOST = re.compile(
    rf"\$(?:\((?:{_ARGUMENT}(?:, {_ARGUMENT})*)?\)|\[(?:\$(?:, \$)*|\$?:\$?)\])"
    r"|(?<![\w$\])}])(?:\[(?:\*?\$(?:, \*?\$)*)?\]|\{(?:(?:\*\*|\$: )\$(?:, (?:\*\*|\$: )\$)*|\$(?:, \$)*)?\})"
    r"|\(\$ := \$\)(?=\.)|(?:(?<=[(\[=])|(?<=, ))\(\$(?:,|(?:, \$)+)\)|(?<=[(\[= ])\(\)"
)
"""A call, a subscript or a display, which becomes an operand."""

_PARAMETER = r"(?:/|\*(?=,)|\$=\$|\*{0,2}\$(?:: \$(?: = \$)?)?)"
_IMPORTED = r"\$(?: as \$)?"
_FORMS: dict[str, Kind] = {
    r"\$(?:, \$)*(?:(?:: \$)?(?: = \$(?:, \$)*)?| [-+*/|&]= \$)|return(?: \$(?:, \$)*)?|raise(?: \$(?: from \$)?)?"
    r"|assert \$(?:, \$)?|pass|break|continue|(?:global|nonlocal) \$(?:, \$)*": "statement",
    r"(?:if|while) (?:\$ := )?\$:|try:|(?:async )?with \$(?: as \$)?:|(?:async )?for \$(?:, \$)*:": "header",
    r"elif (?:\$ := )?\$:|else:|finally:|except(?: \$(?: as \$)?)?:": "clause",
    rf"(?:async )?def \$(?:\({_PARAMETER}(?:, {_PARAMETER})*\))?(?: -> \$)?:|class \$:": "block",
    r"@\$": "decorator",
    rf"import {_IMPORTED}|from (?:\.*\$|\.+) import {_IMPORTED}(?:, {_IMPORTED})*": "import",
}
_FORM = re.compile("|".join(f"({pattern})" for pattern in _FORMS))
_KINDS = tuple(_FORMS.values())
_COMMENT = re.compile(r"# (?!fmt|type|yapf|pylint|isort)\S(?:.*\S)?")
_BEHIND = re.compile(
    r"""(?<=[^\s,(\[{:])  # (?!fmt|type|yapf|pylint|isort|noqa)\w[^"'()\[\]{}\\#$]*[\w.]\Z"""
)
"""A comment behind a statement, with nothing in it that could be taken for code."""
_TEXT = re.compile(r'"""[^\s"\\](?:[^"\\]*[^\s"\\])?"""', re.ASCII)


def _kind(text: str) -> Kind | None:
    """The form of a line; None for one that black may see otherwise."""
    if text.startswith("#"):
        return "comment" if _COMMENT.fullmatch(text) else None
    if not text.isascii() or "$" in text or (text.startswith("class ") and "()" in text):
        return None
    if text.startswith('"'):
        return "text" if _TEXT.fullmatch(text) else None
    code = _BEHIND.sub("", text)
    reduced = _OPERAND.sub("$", _STRING.sub('""', code))
    count = int("(" in reduced or "[" in reduced or "{" in reduced)
    while count:
        reduced, count = _INNERMOST.subn("$", _EXPRESSION.sub("$", reduced))
        reduced = _ATTRIBUTE.sub("$", reduced)
    reduced = _EXPRESSION.sub("$", reduced)
    found = _FORM.fullmatch(reduced)
    kind = _KINDS[found.lastindex - 1] if found and found.lastindex else None
    return kind if code == text or kind == "statement" else None


# ---------------------------------------------------------------- a module

STYLE_BEGINNING = f"STYLE = {TEXT_BLOCK_BEGINNING}"


@dataclass(slots=True)
class _Layout:
    """The lines that are laid out, and what the next one depends on."""

    lines: list[Line] = field(default_factory=list)
    kind: Kind | None = None
    depth: int = 0
    blocks: list[int] = field(default_factory=list)
    """How deep the functions and classes are that have not ended."""
    in_class: bool = False
    """Does the last block begin a class?"""
    is_docstring: bool = False
    """Is the last line the docstring of the module or of a class?"""

    def blanks(self, kind: Kind, depth: int, given: int) -> int | None:
        """How many blank lines black has before a line that has so many; None where that is uncertain."""
        has_ended = False
        while self.blocks and self.blocks[-1] >= depth:
            self.blocks.pop()
            has_ended = True
        opens = self.kind in ("block", "header", "clause")
        begins = kind in ("block", "decorator")
        if depth > self.depth + opens or (opens and (given or depth != self.depth + 1)):
            return None
        if self.kind in (None, "block") or (opens and not begins):
            return 0
        if self.is_docstring and not self.depth:
            return 2 if kind == "block" else 1
        if self.kind == "decorator":
            return 0 if begins and not given else None
        if self.kind == "comment" and (depth != self.depth or (begins and not given)):
            return None
        least = (
            1
            if self.is_docstring or (self.kind == "import" and kind != "import" and depth == self.depth)
            else 0
        )
        most = 1 if depth else 2
        if begins or has_ended:
            return None if kind == "clause" and not depth else most
        return least if self.kind == "import" and least and not depth else max(least, min(given, most))

    def add(self, lines: Iterable[Line], kind: Kind, depth: int, blanks: int) -> None:
        """Append a statement."""
        self.is_docstring = kind == "text" and (self.kind is None or (self.kind == "block" and self.in_class))
        self.lines += [*([Line("")] * blanks), *lines]
        self.kind, self.depth = kind, depth
        if kind == "block":
            self.blocks.append(depth)
            self.in_class = self.lines[-1].text.startswith("class", depth * len(INDENT))


def laid_out(lines: Iterable[Line]) -> list[Line] | None:
    """The lines of a module as black lays them out; None where black must be asked."""
    layout = _Layout()
    pending = iter(lines)
    given = 0
    for line in pending:
        text = line.text.lstrip(" ")
        if not text:
            given += 1
            continue
        depth, rest = divmod(len(line.text) - len(text), len(INDENT))
        statement = _read(text, line.source, pending)
        kind = "statement" if text == STYLE_BEGINNING else _kind(statement.text)
        blanks = None if kind is None or rest else layout.blanks(kind, depth, given)
        if kind is None or blanks is None:
            return None
        fitting = _fitting(statement, kind, INDENT * depth)
        if fitting is None:
            return None
        layout.add(fitting, kind, depth, blanks)
        if text == STYLE_BEGINNING:
            layout.lines += _rest_of_block(pending)
        given = 0
    return layout.lines


def _rest_of_block(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines of a text block after its first."""
    for line in lines:
        yield line
        if line.text == TEXT_BLOCK_END:
            return


# ---------------------------------------------------------------- a statement


class _Statement(NamedTuple):
    """A statement on one line, as it is if it fits."""

    text: str
    sources: tuple[tuple[int, int], ...]
    """From which offset on it stands for which line of the source."""

    def line(self, indent: str, start: int, end: int, tail: str = "") -> Line:
        """A part of it on a line of its own."""
        columns: list[tuple[int, int]] = []
        for offset, source in self.sources:
            if offset < end and (not columns or source != columns[-1][1]):
                place = len(indent) + max(offset - start, 0)
                columns[-1 if columns and columns[-1][0] == place else len(columns) :] = [(place, source)]
        text = indent + self.text[start:end] + tail
        return Line(text, columns[0][1], tuple(columns[1:])) if columns else Line(text)


def _read(text: str, source: int | None, following: Iterator[Line]) -> _Statement:
    """A statement that begins with a line, and goes on where that one leaves a bracket open."""
    sources = [] if source is None else [(0, source)]
    last = text[-1]
    if last not in "([{," or text.startswith("#"):
        return _Statement(text, tuple(sources))
    open_brackets = _brackets(text)
    while open_brackets and (line := next(following, None)) is not None:
        part = line.text.strip(" ")
        if text[-1] in "([{" or part[:1] in ("", ")", "]", "}"):
            text = text.removesuffix(",") if part[:1] else text
        else:
            text += " "
        if line.source is not None and part[:1] not in ("", ")", "]", "}"):
            is_spread = open_brackets[-1] == "{" and part.startswith("**")  # it has no place of its own
            sources.append((len(text) + 2 * is_spread, line.source))
        text += part
        open_brackets = _brackets(part, open_brackets)
    return _Statement(text, tuple(sources))


def _brackets(text: str, before: str = "") -> str:
    """The brackets that are open after some text."""
    for found in _STRINGS_AND_BRACKETS.finditer(text):
        token = found.group()
        if token in ("(", "[", "{"):
            before += token
        elif token in (")", "]", "}"):
            before = before[:-1]
    return before


_HEAD = re.compile(r"(?:async )?def \w+\(|(?:await |@)?[\w.]+\(")
_PART_HEAD = re.compile(r"\w+=\((?=\")|[\w.]+\((?=[^)])")
"""How a part begins that is split once more: a tuple of texts as a keyword argument, or a call."""
_IMPORT_HEAD = re.compile(r"from [\w.]+ import ")
_STRINGS_AND_BRACKETS = re.compile(rf"{_STRING.pattern}|[()\[\]{{}},]")


def _fitting(statement: _Statement, kind: Kind, indent: str) -> Sequence[Line] | None:
    """The lines that black makes of a statement; None where that is uncertain.

    Each stands for a line of the source, if a part of the syntax begins on it.
    """
    text = statement.text
    if len(indent) + len(text) <= LINE_LENGTH:
        is_bare = kind == "comment" or text in ("else:", "finally:")
        return (Line(indent + text) if is_bare else statement.line(indent, 0, len(text)),)
    if _BEHIND.search(text):
        return None
    if kind == "import" and (found := _IMPORT_HEAD.match(text)):
        starts = [found.end(), *(comma.end() for comma in re.finditer(", ", text))]
        return _exploded(statement, indent, found.end(), starts, len(text), "(", ")")
    head = _HEAD.match(text)
    if head is None or (kind == "block" and statement.sources):
        return None
    return _split(statement, indent, head.end())


def _split(statement: _Statement, indent: str, start: int) -> Sequence[Line] | None:
    """A call or the head of a function: what is in its brackets on a line of its own, or on one for each part."""
    starts, end = _parts(statement.text, start)
    tail = statement.text[end:]
    if tail != ")" and not tail.startswith((") -> ", "):")):
        return None
    if len(indent) + len(INDENT) + end - start <= LINE_LENGTH:
        return (
            statement.line(indent, 0, start),
            statement.line(indent + INDENT, start, end),
            Line(indent + tail),
        )
    return _exploded(statement, indent, start, starts, end, "", tail)


def _parts(text: str, start: int) -> tuple[list[int], int]:
    """Where the parts of what is in brackets begin, and where the brackets close."""
    starts, depth, end = [start], 0, start
    for found in _STRINGS_AND_BRACKETS.finditer(text, start):
        token, end = found.group(), found.start()
        if token == "," and not depth:
            starts.append(end + 2)
        elif token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        if depth < 0:
            return starts, end
    return starts, len(text)


def _exploded(
    statement: _Statement, indent: str, head: int, starts: Sequence[int], end: int, opening: str, tail: str
) -> Sequence[Line] | None:
    """A line for each part, or several for one that is too long."""
    comma = "," if len(starts) > 1 else ""
    lines: list[Line] = []
    for start, stop in zip(starts, [*(start - 2 for start in starts[1:]), end], strict=True):
        part = _part(statement, indent + INDENT, start, stop, comma)
        if part is None:
            return None
        lines += part
    return statement.line(indent, 0, head, opening), *lines, Line(indent + tail)


def _part(statement: _Statement, indent: str, start: int, stop: int, comma: str) -> Sequence[Line] | None:
    text = statement.text
    line = statement.line(indent, start, stop, comma)
    if comma and (len(line.text) <= LINE_LENGTH or _STRING.fullmatch(text, start, stop)):
        return (line,)
    head = _PART_HEAD.match(text, start, stop)
    starts, end = _parts(text, head.end()) if head is not None else ([], 0)
    if head is None or end != stop - 1 or statement.sources[1:]:
        return None
    is_tuple = text[head.end() - 2] == "="
    if not is_tuple and len(indent) + len(INDENT) + end - head.end() <= LINE_LENGTH:
        parts: Sequence[Line] | None = [statement.line(indent + INDENT, head.end(), end)]
    elif len(starts) < 2:
        return None
    else:
        inside = _exploded(statement, indent, head.end(), starts, end, "", "")
        parts = None if inside is None else inside[1:-1]
    if parts is None:
        return None
    return statement.line(indent, start, head.end()), *parts, Line(f"{indent}){comma}")
