"""Where the modules of a build come from: the author's file behind a module, and its lines."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pyastro.runtime.line_map import LineMap, read_line_map, source_roots

__all__ = ["Origin", "find_origin", "know_component"]

_RUNTIME = os.path.dirname(os.path.abspath(__file__)) + os.sep
_DEEPEST = 32


_components: dict[str, str] = {}


def know_component(file: str, source: str) -> None:
    """Note that code says of itself that it is that of an `.astro` file, whose path inside the source root is given."""
    _components[file] = source


@dataclass(frozen=True, slots=True)
class Origin:
    """The author's file behind a module of a build.

    `source` is its path inside the source root, `file` the file on this machine where it still is what was compiled.
    The lines of a component are found by its map; a carried Python file keeps its own.
    """

    source: str
    file: Path | None
    line_map: LineMap | None = None

    @property
    def is_component(self) -> bool:
        """Whether it is an `.astro` file."""
        return self.source.endswith(".astro")

    def line(self, line: int, column: int | None = None) -> int | None:
        """The author's line of a place in the module; None where it has none.

        It may be a line of another component, of which the module holds a copy: see `copied`.
        """
        return line if self.line_map is None else self.line_map.source_line(line, column)

    def copied(self, line: int) -> "CopiedLine | None":
        """Where an author's line stands, if it is one of a copy; None for a line of the module's own source."""
        copy = self.line_map.copy_of(line) if self.line_map is not None else None
        if copy is None or self.line_map is None:
            return None
        origin = Origin(copy.source, self.line_map.source_file(copy))
        return CopiedLine(origin, line - copy.first + 1, copy.used_at)


class CopiedLine(NamedTuple):
    """A line of a component that is written where another uses it."""

    origin: Origin
    line: int
    used_at: int
    """The line of the other."""


def find_origin(module_file: str) -> Origin | None:
    """The origin of a module, by its file; None for a module that is not of a build."""
    if module_file in _components:
        return Origin(_components[module_file], Path(module_file))
    if not module_file.endswith(".py") or module_file.startswith(_RUNTIME):
        return None
    file = Path(module_file)
    try:
        line_map = read_line_map(file)
        if line_map is not None:
            return Origin(line_map.source, line_map.source_file(), line_map)
        return _carried(file)
    except (OSError, ValueError):
        return None


def _carried(file: Path) -> Origin | None:
    """The origin of a Python file that the build carries, as the build's manifest lists it."""
    folder = next((parent for parent in _parents(file) if (parent / "manifest.json").is_file()), None)
    if folder is None:
        return None
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    sources = manifest.get("sources") if isinstance(manifest, dict) else None
    if not isinstance(sources, dict):
        return None
    source = _source(file.relative_to(folder), manifest)
    if source not in sources:
        return None
    return Origin(source, _unchanged(folder, source, sources[source], file))


def _parents(file: Path) -> Iterator[Path]:
    yield from list(file.parents)[:_DEEPEST]


def _source(module: Path, manifest: dict[str, Any]) -> str:
    """The source of a module: a route's has perhaps another name, any other file its own."""
    name = ".".join(module.with_suffix("").parts)
    routes = {route.get("module"): route.get("source") for route in manifest.get("routes", ())}
    return str(routes.get(name) or module.as_posix())


def _unchanged(folder: Path, source: str, digest: str, carried: Path) -> Path | None:
    """The source's file, looked for where a component's is, if it still is what was compiled, line by line."""
    for root in source_roots(folder):
        file = root / source
        if file.is_file():
            data = file.read_bytes()
            same_lines = len(data.splitlines()) == len(carried.read_bytes().splitlines())
            if same_lines and sha256(data).hexdigest() == digest:
                return file
    return None
