"""JavaScript and TypeScript as tokens (ECMA-262, 12): enough to tell code from strings, comments and regular expressions."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<newline> [\n\r\u2028\u2029] )
    | (?P<space> [^\S\n\r\u2028\u2029]+ | \ufeff )
    | (?P<comment> //[^\n\r\u2028\u2029]* | /\*(?s:.)*?\*/ )
    | (?P<string> "(?:[^"\\\n\r]|\\(?:\r\n|(?s:.)))*" | '(?:[^'\\\n\r]|\\(?:\r\n|(?s:.)))*' )
    | (?P<number> \.?[0-9](?:[\w.]|(?<=[eE])[+-])* )
    | (?P<name> [\#]?[^\W\d][\w$]* | [\#]?\$[\w$]* )
    | (?P<template> ` )
    | (?P<punctuator> => | \?\?=? | \?\.(?![0-9]) | \.\.\. | \+\+ | -- | && | \|\| | [!=]==? | <<=? | (?s:.) )
    """,
    re.VERBOSE,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\(?s:.)|\$(?!\{))*(?P<end>`|\$\{)")
_REGEX = re.compile(r"/(?:[^/\\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+/\w*")
OPERATORS = frozenset(
    "await case default delete do else extends in instanceof new of return throw typeof void yield".split()
)
"""The words behind which an operand is expected."""
_HEADS = frozenset({"for", "if", "while", "with"})
"""The words whose brackets are followed by a statement."""


class Token(NamedTuple):
    """`kind` is `name`, `string`, `number`, `regex`, `template` or `punctuator`. Of a template literal, each piece of text
    is a token, and so are `${` and `}`.
    """

    kind: str
    text: str
    start: int
    begins_line: bool
    """Is there a line break before it?"""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a script, as far as it can be read: a string or a comment without an end is the last."""
    opened: list[str] = []
    """What stands before each bracket that is open; a backtick for `${`."""
    before, at, begins_line = Token("punctuator", ";", 0, True), 0, True
    while found := _TOKEN.match(text, at):
        kind, at = found.lastgroup or "", found.end()
        begins_line = begins_line or kind == "newline" or (kind == "comment" and "\n" in found.group())
        if kind in ("newline", "space", "comment"):
            continue
        token = Token(kind, found.group(), found.start(), begins_line)
        if token.text == "/" and expects_operand(before):
            regex = _REGEX.match(text, found.start())
            if regex is None:
                return
            token, at = Token("regex", regex.group(), found.start(), begins_line), regex.end()
        elif token.kind == "punctuator":
            if token.text in "'\"":
                return
            if token.text in "([{":
                opened.append(before.text)
            elif token.text in ")]}" and opened:
                word = opened.pop()
                if word == "`":
                    yield token
                    kind = "template"
                elif token.text == ")" and word in _HEADS:
                    yield token
                    before, begins_line = Token("punctuator", ";", token.start, False), False
                    continue
        if kind == "template":
            piece = _TEMPLATE.match(text, at)
            if piece is None:
                return
            start, at = at, piece.end()
            yield Token("template", text[start : piece.start("end")], start, False)
            before = Token("string", "", at, False)
            if piece["end"] == "${":
                opened.append("`")
                before = Token("punctuator", "${", piece.start("end"), False)
                yield before
        else:
            yield token
            before = token
        begins_line = False


def expects_operand(before: Token) -> bool:
    """Does an operand follow, so that `/` begins a regular expression, or an operator?"""
    if before.kind == "name":
        return before.text in OPERATORS
    return before.kind == "punctuator" and before.text not in (")", "]", "++", "--")
