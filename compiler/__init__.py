"""The compiler: one `.astro` source becomes one Python module; a tree of them becomes a build.

What is asked for is loaded, and nothing else: who only looks for a folder needs no compiler.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PLACES = {
    "Interface": "analyze",
    **dict.fromkeys(("CompileError", "Diagnostic", "render_diagnostic"), "diagnostics"),
    **dict.fromkeys(("ImportResolver", "Resolution"), "imports"),
    **dict.fromkeys(("Emission", "Inspection", "emit", "inspect"), "pipeline"),
    "Source": "source",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
