"""A whole tree of sources becomes a build: names, routes, imports between files, and the writing of the build."""

from pyastro.compiler.project.build_folder import is_build
from pyastro.compiler.project.cache import Memory
from pyastro.compiler.project.carried import imported_files, rewrite_imports
from pyastro.compiler.project.output import Output, ProjectError, check_output
from pyastro.compiler.project.project import Report, check_pages, compile_project
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
