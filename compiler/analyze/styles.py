"""Scoped styles: selectors that match only the component's own elements.

Nothing is printed anew: the scope attribute is inserted at the right offsets, and all else stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

Node: TypeAlias = Any
"""A node or a token of tinycss2, which tells no types."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_NEWLINE = re.compile(r"\r\n|[\n\r\f]")
_IDENTIFIER = re.compile(
    r"(?:[^\x00-,./:-@\[-^`{-\x7f]|\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-fA-F]))+|\*"
)
_TO_BRACKET = re.compile(r"/\*(?s:.)*?\*/|\"(?:\\(?s:.)|[^\"\\])*\"|'(?:\\(?s:.)|[^'\\])*'|\\(?s:.)|[()]")
_DESCENDED = frozenset("media supports layer container scope starting-style document".split())
"""At-rules that hold rules with selectors."""
_UNSCOPED_TYPES = frozenset({"html", "body", "&"})
_UNSCOPED_PSEUDO = frozenset({"root", "host", "host-context", "scope"})


class ScopedStyle(NamedTuple):
    """A scoped style sheet, and what could not be understood in it: an offset and a sentence each."""

    css: str
    problems: tuple[tuple[int, str], ...]


def scope_name(path: str) -> str:
    """The attribute by which a component's style sheet knows its elements: always the same for one source path."""
    number = int.from_bytes(sha256(path.encode()).digest()[:5], "big")
    return "data-astro-cid-" + "".join(_ALPHABET[number >> 5 * i & 31] for i in range(8))


def scope_styles(css: str, scope: str) -> ScopedStyle:
    """A style sheet whose selectors match only elements that have the attribute `scope` (Astro's scoped styles).

    `html`, `body` and `:root` stay as they are, and so does what stands in `:global(…)`, which is unwrapped.
    """
    from tinycss2 import parse_stylesheet

    sheet = _Sheet(css, f"[{scope}]")
    sheet.rules(parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    return ScopedStyle(sheet.edited(), tuple(sheet.problems))


@dataclass(frozen=True, slots=True)
class _Edit:
    """Replace the text from `start` to `end`."""

    start: int
    end: int
    text: str


class _Sheet:
    """One style sheet, and the edits that scope it."""

    def __init__(self, css: str, attribute: str) -> None:
        self.css = css
        self.attribute = attribute
        self.edits: list[_Edit] = []
        self.problems: list[tuple[int, str]] = []

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _NEWLINE.finditer(self.css))]

    def offset(self, node: Node) -> int:
        """Where a token begins; tinycss2 counts lines and columns, from 1."""
        line: int = node.source_line
        column: int = node.source_column
        return self.line_starts[line - 1] + column - 1

    def edited(self) -> str:
        pieces, at = [], 0
        for edit in sorted(self.edits, key=lambda each: (each.start, each.end)):
            pieces += [self.css[at : edit.start], edit.text]
            at = edit.end
        return "".join([*pieces, self.css[at:]])

    # ------------------------------------------------------------ rules

    def rules(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if node.type == "qualified-rule":
                self.rule(node)
            elif node.type == "at-rule":
                self.at_rule(node)
            elif node.type == "error":
                self.problems.append((self.offset(node), f"{node.message.rstrip('.')}."))

    def rule(self, node: Node) -> None:
        self.selectors(node.prelude)
        self.contents(node.content)

    def at_rule(self, node: Node) -> None:
        if node.content is None or node.lower_at_keyword not in _DESCENDED:
            return
        if node.lower_at_keyword == "scope":
            for token in node.prelude:
                if token.type == "() block":
                    self.selectors(token.content)
        self.contents(node.content)

    def contents(self, tokens: Sequence[Node]) -> None:
        """What stands in the braces of a rule: declarations, and nested rules."""
        from tinycss2 import parse_blocks_contents

        nested = parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True)
        self.rules([node for node in nested if node.type in ("qualified-rule", "at-rule")])

    # ------------------------------------------------------------ selectors

    def selectors(self, tokens: Sequence[Node]) -> None:
        for compound in _compounds(tokens):
            self.compound(compound)

    def compound(self, tokens: list[Node]) -> None:
        """Scope one compound selector: after its type, or after its first class, id or attribute."""
        is_global = self.unwrap_global(tokens)
        if (is_global and len(tokens) == 2) or _is_unscoped(tokens):
            return
        at = self.offset(tokens[0])
        if tokens[0].type == "ident" or tokens[0] == "*":
            at = self.type_end(at)
            if len(tokens) > 2 and tokens[1] == "|":
                at = self.type_end(self.offset(tokens[2]))
        elif tokens[0] == "." or tokens[0].type == "hash":
            at = self.type_end(at + 1)
        elif tokens[0].type == "[] block" and len(tokens) > 1:
            at = self.offset(tokens[1])
        self.edits.append(_Edit(at, at, self.attribute))

    def type_end(self, at: int) -> int:
        """The end of the identifier that begins at an offset."""
        found = _IDENTIFIER.match(self.css, at)
        return found.end() if found else at

    def unwrap_global(self, tokens: list[Node]) -> bool:
        """Take `:global(` and `)` away; True if the compound has them."""
        found = False
        for colon, function in pairwise(tokens):
            if colon == ":" and function.type == "function" and function.lower_name == "global":
                start = self.offset(colon)
                inside = self.offset(function) + len("global(")
                end = self.closing(inside)
                self.edits += [_Edit(start, inside, ""), _Edit(end, end + 1, "")]
                found = True
        return found

    def closing(self, at: int) -> int:
        """The offset of the bracket that closes the one before `at`."""
        depth = 1
        for found in _TO_BRACKET.finditer(self.css, at):
            depth += {"(": 1, ")": -1}.get(found.group(), 0)
            if depth == 0:
                return found.start()
        return len(self.css)


def _compounds(tokens: Sequence[Node]) -> Iterator[list[Node]]:
    """The compound selectors of a selector list, without white space, comments and combinators."""
    compound: list[Node] = []
    for token in tokens:
        if token.type in ("whitespace", "comment") or (
            token.type == "literal" and token.value in (">", "+", "~", ",", "||")
        ):
            if compound and token.type != "comment":
                yield compound
                compound = []
        else:
            compound.append(token)
    if compound:
        yield compound


def _is_unscoped(tokens: list[Node]) -> bool:
    """Does a compound mean the page, or the parent of a nested rule, or something that is no selector?"""
    first = tokens[0]
    if first.type in ("percentage", "number", "dimension", "error", "{} block"):
        return True
    for token in tokens:
        if token == "&":
            return True
        if token.type == "ident" and token is first and token.lower_value in _UNSCOPED_TYPES:
            return True
    pseudo = [b for a, b in pairwise(tokens) if a == ":"]
    return any(getattr(p, "lower_value", getattr(p, "lower_name", "")) in _UNSCOPED_PSEUDO for p in pseudo)
