"""pyastro: the pages of this folder, compiled, and called as any program calls them."""

import sys
import tempfile
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.contestants import Asynchronous
from benchmarks.data import PAGES, Data
from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose

SOURCES = Path(__file__).parent.parent / "pages"
PACKAGE = "pyastro_benchmark_build"


def load(data: Data) -> Asynchronous:
    """The pages' public `render`, props and all."""
    compile_pages()
    pages = {page: import_module(f"{PACKAGE}.pages.{page}").render for page in PAGES}
    renders = {page: partial(render, **data.props(page)) for page, render in pages.items()}
    return Asynchronous("pyastro", version("pyastro-web"), renders)


def compile_pages() -> None:
    """Make the compiled pages importable, once in a process."""
    if PACKAGE in sys.modules:
        return
    folder = tempfile.TemporaryDirectory()
    report = compile_project(SOURCES, Path(folder.name) / PACKAGE, purpose=Purpose.SERVING)
    if not report.is_successful:
        raise RuntimeError("; ".join(each.message for each in report.diagnostics))
    sys.path.insert(0, folder.name)
    try:
        for page in PAGES:
            import_module(f"{PACKAGE}.pages.{page}")
    finally:
        sys.path.remove(folder.name)
        folder.cleanup()
