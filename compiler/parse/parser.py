"""From a source to its tree: scanner, Lark's LALR parser, and the pairing of tags."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark
from lark.lexer import Lexer

import pyastro.grammar
from pyastro.compiler import messages
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.nodes import Root
from pyastro.compiler.parse.modes import ScanError
from pyastro.compiler.parse.reader import TreeReader
from pyastro.compiler.parse.scanner import scan
from pyastro.compiler.parse.token import Run, Token, runs
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
        root = reader.read(_lark().parse(scanned.tokens))  # type: ignore[arg-type]  # Lark knows no other tokens
    except ScanError as error:
        raise CompileError([source.diagnose(p) for p in [*reader.problems, error.problem]]) from None
    return Parsed(root, tuple(source.diagnose(problem) for problem in reader.problems))


class _Tokens(Lexer):
    """Lark's view of the scanner, which has read the text already."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, tokens: list[Token]) -> Iterator[Token | Run]:  # type: ignore[override]  # what `parse` is given
        return runs(tokens)


@cache
def _lark() -> Lark:
    file = Path(str(pyastro.grammar.__file__)).with_name("astro.lark")
    lark = Lark(file.read_text("utf-8"), parser="lalr", lexer=_Tokens, cache=_tables(file))
    _with_plain_names(lark.parser.parser._parse_table.states)
    return lark


def _tables(grammar: Path) -> str | bool:
    """Where Lark keeps what it made of the grammar: beside the bytecode, and for as long as neither has changed."""
    tables = Path(cache_from_source(str(grammar))).with_suffix(".tables")
    if not tables.exists():
        if sys.dont_write_bytecode:
            return False
        try:
            tables.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
    return str(tables)


def _with_plain_names(states: dict[Any, dict[str, Any]]) -> None:
    """Have strings in the place of Lark's, which Python compares by a function of theirs: at each step of the parser."""
    for number, actions in states.items():
        states[number] = {str.__str__(name): action for name, action in actions.items()}


@cache
def _patterns() -> dict[str, "re.Pattern[str]"]:
    return {t.name: re.compile(t.pattern.to_regexp()) for t in _lark().terminals}
