"""The files that a component names by `asset("…")`."""

import ast
from collections.abc import Iterable
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.undefined import Reader
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.syntax_tree import read_names, walk

NAME = "asset"


class AssetCall(NamedTuple):
    """A path as it is written, and where."""

    path: str
    span: tuple[int, int]


def asset_calls(readers: Iterable[Reader]) -> tuple[list[AssetCall], list[Problem]]:
    """The paths that `asset` is called with, and each use of the name that is no such call."""
    calls: list[AssetCall] = []
    problems: list[Problem] = []
    for reader in readers:
        if NAME not in read_names(reader.tree):
            continue
        called: set[int] = set()
        for node in walk(reader.tree):
            match node:
                case ast.Call(ast.Name(id="asset") as name, [ast.Constant(str(path)) as argument], []):
                    called.add(id(name))
                    calls.append(AssetCall(path, reader.span(argument)))
                case ast.Name(id=name_read) if name_read == NAME and id(node) not in called:
                    problems.append(messages.asset_path(reader.span(node)))
    return calls, problems
