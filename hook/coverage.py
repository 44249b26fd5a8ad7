"""coverage.py's plug-in for components that are imported: `plugins = pyastro.hook.coverage` under `[run]`.

Only code that is run as the `.astro` file's is seen, which the import hook sees to.
"""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from coverage import CoveragePlugin, FileReporter, FileTracer

from pyastro.hook.site import ImportedSite, source_root
from pyastro.runtime.component_code import component_code
from pyastro.runtime.line_map import read_line_map

SUFFIX = ".astro"


class ComponentPlugin(CoveragePlugin):
    """Knows which files are components, and which of their lines can run."""

    def file_tracer(self, filename: str) -> FileTracer | None:
        """What traces a component; None for any other file."""
        return _Tracer(filename) if filename.endswith(SUFFIX) else None

    def file_reporter(self, filename: str) -> FileReporter:
        """What reports on a component."""
        return _Reporter(filename)


class _Tracer(FileTracer):
    """The code of a component already has the component's lines."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def source_filename(self) -> str:
        """The component itself."""
        return self._filename


class _Reporter(FileReporter):
    """Tells which lines of a component can run: those that its code has, and that are its author's."""

    def lines(self) -> set[int]:
        """Their numbers."""
        file = Path(self.filename)
        root = source_root(file)
        module = ImportedSite(root).module(file) if root is not None else None
        line_map = read_line_map(module) if module is not None else None
        if line_map is None:
            return set()
        columns = (source for places in line_map.columns.values() for _, source in places)
        return {*line_map.lines.values(), *columns} & set(_lines(component_code(line_map, file)))


def _lines(code: CodeType) -> Iterator[int]:
    """The lines that code, and the code of functions in it, tells of."""
    yield from (line for _, _, line in code.co_lines() if line is not None)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _lines(constant)


def coverage_init(registry: Any, options: Any) -> None:
    """Called by coverage.py."""
    registry.add_file_tracer(ComponentPlugin())
