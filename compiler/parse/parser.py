"""From a source to its tree: scanner, Lark's LALR parser, and the pairing of tags."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from lark import Lark, Token
from lark.lexer import Lexer

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.nodes import Root
from pyastro.compiler.parse.modes import ScanError
from pyastro.compiler.parse.reader import TreeReader
from pyastro.compiler.parse.scanner import scan
from pyastro.compiler.source import Source


class Parsed(NamedTuple):
    """What parsing gives: the tree, and what is wrong with it but could be read past."""

    root: Root
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parsed:
    """The tree of a component; raises `CompileError` where no tree can be made of it."""
    nul = source.text.find("\0")
    if nul >= 0:
        raise CompileError([source.diagnose(messages.null_character((nul, nul + 1)))])
    scanned = scan(source.text, _patterns())
    reader = TreeReader(source.text, scanned.problems)
    try:
        root = reader.read(_lark().parse(scanned.tokens))
    except ScanError as error:
        raise CompileError([source.diagnose(p) for p in [*reader.problems, error.problem]]) from None
    return Parsed(root, tuple(source.diagnose(problem) for problem in reader.problems))


class _Tokens(Lexer):
    """Lark's view of the scanner, which has read the text already."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, tokens: list[Token]) -> Iterator[Token]:  # type: ignore[override]  # what `parse` is given
        return iter(tokens)


@cache
def _lark() -> Lark:
    grammar = files("pyastro.grammar").joinpath("astro.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_Tokens)


@cache
def _patterns() -> dict[str, "re.Pattern[str]"]:
    return {t.name: re.compile(t.pattern.to_regexp()) for t in _lark().terminals}
