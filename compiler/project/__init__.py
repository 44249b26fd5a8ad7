"""A whole tree of sources becomes a build: names, routes, imports between files, and the writing of the build.

What is asked for is loaded, and nothing else: who only writes a folder needs no compiler.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyastro.compiler.project.build_folder import is_build
    from pyastro.compiler.project.cache import Memory
    from pyastro.compiler.project.carried import imported_files, rewrite_imports
    from pyastro.compiler.project.output import Output, ProjectError, check_output, check_pages
    from pyastro.compiler.project.project import Report, compile_project
    from pyastro.compiler.project.resolver import Resolver

__all__ = [
    "Memory",
    "Output",
    "ProjectError",
    "Report",
    "Resolver",
    "check_output",
    "check_pages",
    "compile_project",
    "imported_files",
    "is_build",
    "rewrite_imports",
]

_PLACES = {
    "is_build": "build_folder",
    "Memory": "cache",
    **dict.fromkeys(("imported_files", "rewrite_imports"), "carried"),
    **dict.fromkeys(("Output", "ProjectError", "check_output", "check_pages"), "output"),
    **dict.fromkeys(("Report", "compile_project"), "project"),
    "Resolver": "resolver",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
