"""Scoped styles: selectors that match only the component's own elements.

Nothing is printed anew: the scope attribute is inserted at the right offsets, values are replaced where they have a
shorter spelling, and all else stays as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from pyastro.compiler.analyze.declarations import shorter
from pyastro.compiler.analyze.selectors import Node, Selectors, stranger

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_DESCENDED = frozenset("media supports layer container scope starting-style document -moz-document".split())
"""At-rules that hold rules with selectors."""
_KEYFRAMES = frozenset({"keyframes", "-webkit-keyframes", "-moz-keyframes"})
_CLOSING = {"{} block": "}", "[] block": "]", "() block": ")", "function": ")", "comment": "*/"}
_END = "\n@end;"
"""Read after a style sheet: what is left open takes it in."""


class Import(NamedTuple):
    """An `@import` that CSS heeds: only `@charset` and `@layer` statements stand before it."""

    start: int
    end: int
    """The offset of its semicolon."""
    has_query: bool
    """Is it limited to a medium?"""


class ScopedStyle(NamedTuple):
    """A style sheet, scoped or not, and what could not be understood in it: an offset and a sentence each."""

    css: str
    closing: str
    """What was added at its end."""
    problems: tuple[tuple[int, str], ...]
    imports: tuple[Import, ...]
    """They are where they were written: nothing changes before their end."""


def scope_name(path: str) -> str:
    """The attribute by which a component's style sheet knows its elements: always the same for one source path."""
    number = int.from_bytes(sha256(path.encode("utf-8", "surrogateescape")).digest()[:5], "big")
    return "data-astro-cid-" + "".join(_ALPHABET[number >> 5 * i & 31] for i in range(8))


def global_styles(css: str) -> ScopedStyle:
    """A style sheet as it is written, but closed at its end: another sheet may follow."""
    result = scope_styles(css, "")
    return result._replace(css=css + result.closing)


def scope_styles(css: str, scope: str) -> ScopedStyle:
    """A style sheet whose selectors match only elements that have the attribute `scope` (Astro's scoped styles).

    `html`, `body` and `:root` stay as they are, and so does what stands in `:global(…)`, which is unwrapped. What is
    left open at the end is closed, as CSS does at the end of a file: another sheet may follow.
    """
    from tinycss2 import parse_component_value_list

    sheet = _Sheet(css, f"[{scope}]")
    tokens = parse_component_value_list(css + _END)
    if closing := sheet.missing(tokens):
        sheet.problem(tokens[-1], "this is never closed.")
        closing = "\n" + closing
    else:
        tokens = tokens[:-2]
    rest = sheet.rules(tokens)
    if rest:
        closing += "\n;" if rest[0].type == "at-keyword" else "\n{}"
    css = sheet.selectors.edited() + closing
    return ScopedStyle(css, closing, tuple(sorted(sheet.problems)), tuple(sheet.imports))


class _Rule(NamedTuple):
    """A rule: what stands before its braces, and they with what is in them."""

    prelude: list[Node]
    block: Node


class _Sheet:
    """One style sheet: its rules, whatever they are nested in."""

    def __init__(self, css: str, attribute: str) -> None:
        self.selectors = Selectors(css, attribute)
        self.problems: list[tuple[int, str]] = []
        self.imports: list[Import] = []
        self.may_import = True

    def problem(self, node: Node, sentence: str) -> None:
        self.problems.append((self.selectors.offset(node), sentence))

    def missing(self, tokens: Sequence[Node]) -> str:
        """What closes all that the style sheet leaves open."""
        closing = ""
        while tokens and not (len(tokens) > 1 and tokens[-2].type == "at-keyword" and tokens[-1] == ";"):
            last = tokens[-1]
            if last.type == "error":
                quote = self.selectors.css[self.selectors.offset(last)]
                return (quote if last.kind == "eof-in-string" else ")") + closing  # else it is a URL
            closing = _CLOSING.get(last.type, "") + closing
            tokens = getattr(last, "content", None) or getattr(last, "arguments", None) or ()
        return closing

    def rules(self, tokens: Sequence[Node]) -> list[Node]:
        """Scope all rules; gives the beginning of one that has no braces, at the end."""
        rest: list[Node] = []
        pending = [(tokens, True)]
        while pending:  # not by recursion: rules nest as deeply as an author likes
            block, has_selectors = pending.pop()
            is_nested = block is not tokens
            for item in self.items(block, is_nested):
                if isinstance(item, _Rule):
                    if has_selectors and self.rule(item):
                        pending.append((item.block.content, True))
                    elif not has_selectors or _is_at(item, _KEYFRAMES):
                        pending.append((item.block.content, False))
                elif not is_nested:
                    rest = item
                elif item:
                    self.declaration(item)
        if rest and rest[0].type != "at-keyword":
            self.problem(rest[0], "the braces of this rule are missing.")
        return rest

    def items(self, tokens: Sequence[Node], is_nested: bool) -> Iterator[_Rule | list[Node]]:
        """The rules and declarations in a block's contents, and what is left after them (CSS Syntax 3, 5.5.4)."""
        prelude: list[Node] = []
        for token in tokens:
            if token.type == "error":
                self.problem(token, f"{token.message.rstrip('.')}.".replace("Unmatched", "unmatched"))
            if token == ";" and (is_nested or (prelude and prelude[0].type == "at-keyword")):
                if is_nested:
                    yield prelude
                else:
                    self.statement(prelude, token)
                prelude = []
            elif token.type == "{} block" and not _is_custom_property(prelude):
                self.may_import = self.may_import and is_nested
                yield _Rule(prelude, token)
                prelude = []
            elif prelude or not (token.type in ("whitespace", "comment") or token in ("<!--", "-->")):
                prelude.append(token)
        yield prelude

    def statement(self, tokens: list[Node], semicolon: Node) -> None:
        """An at-rule without braces, outside of all rules (CSS Cascade 5, 2)."""
        name = tokens[0].lower_value
        if name == "import" and self.may_import:
            start, end = self.selectors.offset(tokens[0]), self.selectors.offset(semicolon)
            self.imports.append(Import(start, end, _has_query(tokens[1:])))
        elif name not in ("charset", "layer"):
            self.may_import = False

    def rule(self, rule: _Rule) -> bool:
        """Scope a rule's selectors. May there be rules in its braces?"""
        first = rule.prelude[0] if rule.prelude else None
        if first is None or first.type != "at-keyword":
            if ":" not in rule.prelude[-1:]:  # `a: {…}` is a declaration, though a wrong one
                if (strange := stranger(rule.prelude)) is not None:
                    self.problem(strange, f"`{strange.serialize()}` cannot stand in a selector.")
                self.selectors.scope(rule.prelude, self.selectors.offset(rule.block))
            return True
        if first.lower_value == "scope":
            for token in rule.prelude:
                if token.type == "() block":
                    self.selectors.scope(token.content, self.selectors.closing(token))
        return first.lower_value in _DESCENDED

    def declaration(self, tokens: list[Node]) -> None:
        """Write the values of a declaration as short as they can be."""
        for each in shorter(tokens):
            self.selectors.replace(each.first, each.last, each.text)


def _is_at(rule: _Rule, names: frozenset[str]) -> bool:
    first = rule.prelude[0] if rule.prelude else None
    return first is not None and first.type == "at-keyword" and first.lower_value in names


def _has_query(tokens: Sequence[Node]) -> bool:
    """Does a media query follow the URL of an `@import`, its layer and its conditions?"""
    rest = [t for t in tokens if t.type not in ("whitespace", "comment")][1:]
    while rest and (rest[0] == "layer" or getattr(rest[0], "lower_name", "") in ("layer", "supports")):
        rest = rest[1:]
    return bool(rest)


def _is_custom_property(prelude: list[Node]) -> bool:
    """Is this the beginning of `--name: …`, in which braces may stand?"""
    if not prelude or prelude[0].type != "ident" or not prelude[0].value.startswith("--"):
        return False
    following = (t for t in prelude[1:] if t.type not in ("whitespace", "comment"))
    return next(following, None) == ":"
