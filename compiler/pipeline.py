"""One component, from its source to its Python module: parse, analyze, transform, generate."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pyastro.compiler.analyze import Interface
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.imports import ImportResolver
from pyastro.compiler.purpose import Purpose
from pyastro.compiler.source import Source

if TYPE_CHECKING:
    from pyastro.compiler.analyze import Analysis
    from pyastro.compiler.module import Module

RECURSION_LIMIT = 20_000
"""Enough for markup that is nested as deeply as the parser allows."""


class Inspection(NamedTuple):
    """What is known of a component when only its own file has been read."""

    source: Source
    analysis: "Analysis | None"
    """None where the file could not be read to its end."""
    diagnostics: tuple[Diagnostic, ...]

    @property
    def interface(self) -> Interface | None:
        """What other components may know of it."""
        return self.analysis.interface if self.analysis else None


class Emission(NamedTuple):
    """A compiled component; `code` is None where an error stopped it."""

    code: str | None
    diagnostics: tuple[Diagnostic, ...]


class Writable(NamedTuple):
    """What the text of a module is made from."""

    module: "Module"
    source: Source
    purpose: Purpose


Writing: TypeAlias = Callable[[Writable], str]


def inspect(source: Source, is_copy: bool = False) -> Inspection:
    """Parse and analyze a component, or the text of a leaf that is copied."""
    from pyastro.compiler.analyze import analyze
    from pyastro.compiler.parse import parse

    try:
        with _deep_recursion(), without_collector():
            parsed = parse(source)
            analysis = analyze(source, parsed.root, is_copy)
    except CompileError as error:
        return Inspection(source, None, tuple(error.diagnostics))
    return Inspection(source, analysis, parsed.diagnostics + analysis.diagnostics)


def written(each: Writable) -> str:
    """The text of a module. Raises `CompileError` where Python refuses what the author wrote."""
    from pyastro.compiler.generate import generate

    with _deep_recursion(), without_collector():
        return generate(*each).code


def emit(
    inspection: Inspection,
    resolver: ImportResolver,
    interfaces: Mapping[str, Interface],
    styles: tuple[str, ...] = (),
    is_page: bool = False,
    purpose: Purpose = Purpose.RUNNING,
    write: Writing = written,
) -> Emission:
    """Transform and generate a component. One that has an error already is only looked at for more of them.

    `write` gives the text of a module; it may do so elsewhere.
    """
    from pyastro.compiler.transform import transform

    assert inspection.analysis is not None
    if inspection.analysis.frontmatter.is_broken:
        return Emission(None, ())
    try:
        with _deep_recursion(), without_collector():
            leaves = _analyzed_leaf if purpose.writes_out else None
            module, diagnostics = transform(
                inspection.analysis, resolver, interfaces, styles, is_page, leaves
            )
            if any(d.is_error for d in (*inspection.diagnostics, *diagnostics)):
                return Emission(None, diagnostics)
            code = write(Writable(module, inspection.source, purpose))
    except CompileError as error:
        return Emission(None, tuple(error.diagnostics))
    return Emission(code, diagnostics)


def is_writing_loaded() -> bool:
    """Has this process loaded what `written` needs?"""
    return "pyastro.compiler.generate" in sys.modules


def load_writing(purpose: Purpose) -> None:
    """Load what `written` needs for a purpose."""
    from pyastro.compiler import generate

    generate.load(purpose)


@lru_cache(1024)
def _analyzed_leaf(leaf: Interface) -> "Analysis | None":
    """What is known of a leaf's text."""
    return inspect(Source(leaf.path, leaf.leaf), is_copy=True).analysis


@contextmanager
def without_collector() -> Iterator[None]:
    """Inside of it nobody looks for garbage in cycles: syntax trees are large, have none, and are needed to the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _deep_recursion() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
