"""The compiler: one `.astro` source becomes one Python module; a tree of them becomes a build."""

from pyastro.compiler.analyze import Interface
from pyastro.compiler.diagnostics import CompileError, Diagnostic, render_diagnostic
from pyastro.compiler.imports import ImportResolver, Resolution
from pyastro.compiler.pipeline import Emission, Inspection, emit, inspect
from pyastro.compiler.source import Source

__all__ = [
    "CompileError",
    "Diagnostic",
    "Emission",
    "ImportResolver",
    "Inspection",
    "Interface",
    "Resolution",
    "Source",
    "emit",
    "inspect",
    "render_diagnostic",
]
