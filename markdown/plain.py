"""Text that says plainly what it means is read here, by one pattern; all other by the library, rule by rule.

Most lines of a paragraph begin with a letter, with which nothing else begins. And most paragraphs hold words, code,
emphasis and links, none of them in another: there each piece tells by its first characters, and by those around it,
what it is. Where one does not, the library reads the whole paragraph.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

_ORDINARY = r"[^\n\\`~*_\[\]!^<&\0]"
"""A character with which nothing but text begins."""

_PIECE = re.compile(
    rf"""
    (?P<text> (?: {_ORDINARY}+ | !(?!\[) | \^(?!\[) | &(?=[ \n]) | (?<=[A-Za-z0-9])_(?=[A-Za-z0-9]) )+ )
  | (?P<newline> \n[ \t]* )
  | (?P<ticks> `+ )(?!`) (?P<code> [^`]+ ) (?P=ticks)(?!`)
  | (?<![^ \n(]) (?P<mark> \*\*? | __? ) (?=[A-Za-z0-9]) (?P<stressed> {_ORDINARY}+ )
    (?<=[A-Za-z0-9]) (?P=mark) (?= [ \n.,;:!?)] | \Z )
  | \[ (?P<label> {_ORDINARY}+ ) \]
    \( (?P<address> (?:https?://)?[A-Za-z0-9_./\#?=-]+ ) (?: [ ]"(?P<title> [^"\\&\n]* )" )? \)
    """,
    re.VERBOSE,
)


def plain_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for a paragraph of which each line begins with a letter: neither does another rule end it, nor is it anything else."""
    if state.is_code_block(start):
        return False
    line = start
    while line < state.lineMax and not state.isEmpty(line):
        first = state.src[state.bMarks[line] + state.tShift[line]]
        if not (first.isascii() and first.isalpha()):
            return False
        line += 1
    content = state.getLines(start, line, state.blkIndent, False).strip(" \t")
    if content[-1:].isspace():  # some of what Python strips stays
        return False
    if not silent:
        state.line = line
        state.push("paragraph_open", "p", 1).map = [start, line]
        inline = state.push("inline", "", 0)
        inline.content = content
        inline.map = [start, line]
        inline.children = []
        state.push("paragraph_close", "p", -1)
    return True


class PlainInline(ParserInline):
    """The library's parser of paragraphs, which is spared those that are plain."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """Add the tokens of a paragraph."""
        found = _read(src)
        if found is None:
            return super().parse(src, md, env, tokens)
        tokens += found
        return tokens


def _read(text: str) -> list[Token] | None:
    """The tokens of a plain text; None for another."""
    tokens: list[Token] = []
    pending, at, end = "", 0, len(text)
    while at < end:
        piece = _PIECE.match(text, at)
        if piece is None:
            return None
        at, kind = piece.end(), piece.lastgroup
        if kind == "text":
            pending += piece[0]
            continue
        rest = pending.rstrip(" ") if kind == "newline" else pending
        if rest:
            tokens.append(_text(rest))
        if kind == "newline":
            is_hard = len(pending) - len(rest) > 1
            tokens.append(Token("hardbreak" if is_hard else "softbreak", "br", 0))
        elif kind == "code":
            tokens.append(_code(piece["code"], piece["ticks"]))
        elif kind == "stressed":
            tokens += _stressed(piece["stressed"], piece["mark"])
        else:
            tokens += _link(piece["label"], piece["address"], piece["title"])
        pending = ""
    if pending:
        tokens.append(_text(pending))
    return tokens


def _text(content: str, level: int = 0) -> Token:
    token = Token("text", "", 0)
    token.content = content
    token.level = level
    return token


def _code(content: str, ticks: str) -> Token:
    """A code span (CommonMark, 6.1)."""
    content = content.replace("\n", " ")
    if content[0] == content[-1] == " " and content.strip(" "):
        content = content[1:-1]
    token = Token("code_inline", "code", 0)
    token.content = content
    token.markup = ticks
    return token


def _stressed(content: str, mark: str) -> list[Token]:
    """Emphasis, or strong emphasis (CommonMark, 6.2)."""
    tag = "em" if len(mark) == 1 else "strong"
    start, end = Token(f"{tag}_open", tag, 1), Token(f"{tag}_close", tag, -1)
    start.markup = end.markup = mark
    return [start, _text(content, 1), end]


def _link(label: str, address: str, title: str | None) -> list[Token]:
    """An inline link (CommonMark, 6.3)."""
    start = Token("link_open", "a", 1)
    start.attrs = {"href": address, "title": title} if title else {"href": address}
    return [start, _text(label, 1), Token("link_close", "a", -1)]
