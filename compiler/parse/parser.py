"""From a source to its tree: scanner, Lark's LALR parser, and the pairing of tags."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from lark import Lark
from lark.exceptions import UnexpectedToken

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import CompileError, Diagnostic, Problem
from pyastro.compiler.nodes import Root
from pyastro.compiler.parse.reader import TreeReader
from pyastro.compiler.parse.scanner import ScanError, Scanner
from pyastro.compiler.source import Source


class Parsed(NamedTuple):
    """What parsing gives: the tree, and what is wrong with it but could be read past."""

    root: Root
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parsed:
    """The tree of a component; raises `CompileError` at the first place that cannot be read on from."""
    nul = source.text.find("\0")
    if nul >= 0:
        raise CompileError([source.diagnose(messages.null_character((nul, nul + 1)))])
    try:
        reader = TreeReader(source.text)
        root = reader.read(_lark().parse(source.text))
    except ScanError as error:
        raise CompileError([source.diagnose(error.problem)]) from None
    except UnexpectedToken as error:
        raise CompileError([source.diagnose(_unexpected(error))]) from None
    return Parsed(root, tuple(source.diagnose(problem) for problem in reader.problems))


@cache
def _lark() -> Lark:
    grammar = files("pyastro.grammar").joinpath("astro.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=Scanner)


def _unexpected(error: UnexpectedToken) -> Problem:
    start = error.token.start_pos or 0
    return messages.unexpected_text((start, error.token.end_pos or start), str(error.token))
