"""Scoped selectors: where the scope attribute goes in each compound, and what becomes of `:global(…)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import Any, NamedTuple, TypeAlias

Node: TypeAlias = Any
"""A token of tinycss2, which tells no types."""

_NEWLINE = re.compile(r"\r\n|[\n\r\f]")
_IDENTIFIER = re.compile(
    r"(?:[^\x01-,./:-@\[-^`{-\x7f]|\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-fA-F]))+|\*"
)
_TO_BRACKET = re.compile(
    r"/\*(?s:.)*?\*/|\"(?:\\(?s:.)|[^\"\\\n\r\f])*\"|'(?:\\(?s:.)|[^'\\\n\r\f])*'|\\(?s:.)|[()]"
)
_COMBINATORS = frozenset({">", "+", "~", "||"})
_LITERALS = _COMBINATORS | {",", ".", ":", "|", "*", "&"}
_TOKENS = frozenset({"ident", "hash", "[] block", "function", "whitespace", "comment"})
_UNSCOPED_TYPES = frozenset({"html", "body"})
_UNSCOPED_PSEUDO = frozenset({"root", "active-view-transition"})


class Edit(NamedTuple):
    """Replace the text from `start` to `end`."""

    start: int
    end: int
    text: str


class Selectors:
    """The selectors of one style sheet, and the edits that scope them. `attribute` stands in brackets."""

    def __init__(self, css: str, attribute: str) -> None:
        self.css = css
        self.attribute = attribute
        self.edits: list[Edit] = []
        self._pending: list[tuple[Sequence[Node], bool]] = []
        self._closings: dict[int, int] = {}

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _NEWLINE.finditer(self.css))]

    def offset(self, node: Node) -> int:
        """Where a token begins; tinycss2 counts lines and columns, from 1."""
        return int(self._line_starts[node.source_line - 1] + node.source_column - 1)

    def replace(self, first: Node, last: Node, text: str) -> None:
        """Write `text` for some tokens, unless they are spelt with escapes."""
        end = self._end(last)
        if end is not None and self.css[self.offset(first) : end] != text:
            self.edits.append(Edit(self.offset(first), end, text))

    def _end(self, node: Node) -> int | None:
        """Where a token of a value ends; None where it is not written as it is read."""
        at = self.offset(node)
        if node.type == "function":
            return self._closing(at + len(node.name) + 1) + 1
        written = (
            "#" + node.value if node.type == "hash" else getattr(node, "representation", None) or node.value
        )
        written += {"dimension": getattr(node, "unit", ""), "percentage": "%"}.get(node.type, "")
        return at + len(written) if self.css.startswith(written, at) else None

    def edited(self) -> str:
        """The style sheet with all edits made."""
        return self._text(0, len(self.css))

    def _text(self, start: int, end: int) -> str:
        pieces = []
        for edit in sorted(self.edits):
            pieces += [self.css[start : edit.start], edit.text]
            start = edit.end
        return "".join([*pieces, self.css[start:end]])

    def scope(self, tokens: Sequence[Node], end: int) -> None:
        """Scope a list of selectors, up to `end`. The arguments of `:is`, `:not` … only lose their `:global`."""
        ends = [*(self.offset(token) for token in tokens if token == ","), end]
        for selector, stop in zip(split(tokens), ends, strict=True):
            lists = [i for i, token in enumerate(selector) if _is_list(selector, i)]
            if len(lists) == 1:
                self._one_by_one(selector, lists[0], stop)
            else:
                self._selector(selector)

    def _one_by_one(self, selector: list[Node], index: int, end: int) -> None:
        """`.a :global(b, c)` is `.a b, .a c`: with `:is` it could mean other elements, and weigh more."""
        from tinycss2.ast import FunctionBlock, WhitespaceToken

        edits, function = self.edits, selector[index]
        start = self.offset(next(t for t in selector if t.type not in ("whitespace", "comment")))
        end = start + len(self.css[start:end].rstrip())
        commas = [WhitespaceToken(t.source_line, t.source_column, "") for t in function.arguments if t == ","]
        texts = []
        for choice, stop in zip_longest(
            split(function.arguments), commas
        ):  # where a choice ends, for `_unwrap`
            arguments = choice if stop is None else [*choice, stop]
            one = FunctionBlock(function.source_line, function.source_column, function.name, arguments)
            self.edits = []
            self._selector([*selector[:index], one, *selector[index + 1 :]])
            texts.append(self._text(start, end))
        self.edits = [*edits, Edit(start, end, ", ".join(texts))]

    def _selector(self, selector: Sequence[Node]) -> None:
        self._pending.append((selector, True))
        while self._pending:  # not by recursion: brackets nest as deeply as an author likes
            selectors, is_scoped = self._pending.pop()
            for each in split(selectors):
                compounds = list(_compounds(each))
                for compound in compounds:
                    self._compound(compound, is_scoped, len(compounds) == 1)

    def _compound(self, tokens: list[Node], is_scoped: bool, is_alone: bool) -> None:
        unwrapped: set[int] = set()
        for index, function in enumerate(tokens):
            if function.type != "function":
                continue
            self._pending.append((function.arguments, False))
            if index and tokens[index - 1] == ":" and function.lower_name == "global":
                self._unwrap(tokens, index, is_alone)
                unwrapped |= {index - 1, index}
        own = [token for index, token in enumerate(tokens) if index not in unwrapped] if unwrapped else tokens
        begins_global = 0 in unwrapped  # `:global(a):hover`, `:global(.a).b`: it is global as a whole
        if is_scoped and not begins_global and not _is_unscoped(own):
            at = self._place(tokens, own)
            self.edits.append(Edit(at, at, self.attribute))

    def _place(self, tokens: list[Node], own: list[Node]) -> int:
        """Where the attribute goes: after the type, else after the first class, id or attribute."""
        first, at = own[0], self.offset(own[0])
        if (named := _type(own)) is not None:
            return self._identifier_end(self.offset(named))
        if first == "." or first.type == "hash":
            return self._identifier_end(at + 1)
        if first.type == "[] block" and first is not tokens[-1]:
            following = next(b for a, b in pairwise(tokens) if a is first)
            return self.offset(following)
        return at

    def _identifier_end(self, at: int) -> int:
        found = _IDENTIFIER.match(self.css, at)
        return found.end() if found else at

    def _unwrap(self, tokens: list[Node], index: int, is_alone: bool) -> None:
        """Take `:global(` and `)` away; where what is inside would not stay together without them, make it `:is(`."""
        start, name = self.offset(tokens[index - 1]), self.offset(tokens[index])
        inside = self._identifier_end(name) + 1
        arguments = tokens[index].arguments
        shown = [i for i, t in enumerate(arguments) if t.type not in ("whitespace", "comment")]
        is_list = "," in arguments and not (is_alone and len(tokens) == 2)
        is_type = bool(shown) and (arguments[shown[0]].type == "ident" or arguments[shown[0]] in ("*", "|"))
        if is_list or (is_type and index > 1):
            self.edits.append(Edit(name, inside, "is("))
            return
        end = self._closing(inside)
        # white space at either edge would be a combinator now
        first = self.offset(arguments[shown[0]]) if shown else end
        last = self.offset(arguments[shown[-1] + 1]) if shown and shown[-1] + 1 < len(arguments) else end
        self.edits += [Edit(start, first, ""), Edit(last, end + 1, "")]

    def closing(self, node: Node) -> int:
        """The offset of the bracket that closes a block of round ones."""
        return self._closing(self.offset(node) + 1)

    def _closing(self, at: int) -> int:
        """The offset of the bracket that closes the one before `at`."""
        if at not in self._closings:
            self._match_brackets(at)
        return self._closings[at]

    def _match_brackets(self, at: int) -> None:
        """Learn where the bracket before `at` is closed, and all that are opened on the way."""
        opened = [at]
        for found in _TO_BRACKET.finditer(self.css, at):
            if found.group() == "(":
                opened.append(found.end())
            elif found.group() == ")":
                self._closings[opened.pop()] = found.start()
            if not opened:
                return
        self._closings.update(dict.fromkeys(opened, len(self.css)))


def stranger(tokens: Iterable[Node]) -> Node | None:
    """The first token that can stand in no selector, for which browsers ignore the whole rule."""
    for token in tokens:
        if (
            token.type == "error"
            or (token.type == "literal" and token.value in _LITERALS)
            or token.type in _TOKENS
        ):
            continue
        return token
    return None


def split(tokens: Iterable[Node]) -> Iterator[list[Node]]:
    """The selectors of a list, at its commas."""
    selector: list[Node] = []
    for token in tokens:
        if token == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _compounds(selector: Iterable[Node]) -> Iterator[list[Node]]:
    """The compounds of a selector, without white space, comments and combinators."""
    compound: list[Node] = []
    for token in selector:
        if token.type == "comment":
            continue
        if token.type == "whitespace" or (token.type == "literal" and token.value in _COMBINATORS):
            if compound:
                yield compound
            compound = []
        else:
            compound.append(token)
    if compound:
        yield compound


def _is_list(selector: Sequence[Node], index: int) -> bool:
    """Is this a `:global(a, b)` that begins a compound of a longer selector?"""
    function = selector[index]
    if function.type != "function" or function.lower_name != "global" or "," not in function.arguments:
        return False
    before, after = selector[: index - 1], selector[index + 1 :]
    begins = not before or before[-1].type == "whitespace" or before[-1] in _COMBINATORS
    return begins and any(t.type not in ("whitespace", "comment") for t in (*before, *after))


def _type(compound: list[Node]) -> Node | None:
    """The type selector of a compound, without its namespace."""
    if compound[0] == "|":
        return compound[1] if len(compound) > 1 else None
    if compound[0].type != "ident" and compound[0] != "*":
        return None
    return compound[2] if len(compound) > 2 and compound[1] == "|" else compound[0]


def _is_unscoped(tokens: list[Node]) -> bool:
    """Does a compound mean the page, or the parent of a nested rule, or something that is no selector?"""
    first = tokens[0]
    if first.type not in ("ident", "hash", "[] block") and first not in (".", ":", "*", "|"):
        return True
    if "&" in tokens or getattr(_type(tokens), "lower_value", "") in _UNSCOPED_TYPES:
        return True
    return any(_is_page(pseudo) for colon, pseudo in pairwise(tokens) if colon == ":")


def _is_page(pseudo: Node) -> bool:
    name = str(getattr(pseudo, "lower_value", "") or getattr(pseudo, "lower_name", ""))
    return name in _UNSCOPED_PSEUDO or name.startswith("view-transition")
