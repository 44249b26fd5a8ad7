"""The line map at the end of a compiled module: which line of which `.astro` file a generated line comes from."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pyastro.runtime.patterns import pattern

_COMMENT = r"# pyastro: (?P<source>.+) (?P<hash>[0-9a-f]{12})(?P<entries>(?: \d+(?:[+.]\d+)?:\d+)*)\s*"
_ENTRY = r"(\d+)(?:\+(\d+)|\.(\d+))?:(\d+)"
_COPY = r"# copied: (?P<source>.+) (?P<hash>[0-9a-f]{12}) (?P<first>\d+):(?P<used_at>\d+)"


@dataclass(frozen=True, slots=True)
class Copy:
    """A component that the module holds a copy of: its lines are counted from `first` on.

    `used_at` is the line of the module's own source that uses it.
    """

    source: str
    hash: str
    first: int
    used_at: int


@dataclass(frozen=True, slots=True)
class LineMap:
    """What the last line of a compiled module says.

    `source` is the path of the `.astro` file inside the source root, `hash` the beginning of the SHA-256 of its bytes,
    `lines` the source line of each generated line that has one. `columns` tells, for a generated line that holds code of
    several source lines, from which column on it is which.
    """

    module_file: Path
    source: str
    hash: str
    lines: dict[int, int]
    columns: dict[int, list[tuple[int, int]]]
    copies: tuple[Copy, ...] = ()

    def source_line(self, line: int, column: int | None = None) -> int | None:
        """The source line of a place in the module; None where it has none.

        A line behind those of the source is one of a copy; `copy_of` tells of which.
        """
        found = self.lines.get(line)
        if column is not None and line in self.columns:
            for start, source in self.columns[line]:
                found = source if start <= column else found
        return found

    def copy_of(self, line: int) -> Copy | None:
        """The copy that a source line belongs to; None for a line of the module's own source."""
        return next((copy for copy in reversed(self.copies) if copy.first <= line), None)

    def source_file(self, copy: Copy | None = None) -> Path | None:
        """The `.astro` file on this machine, or that of a copy, if it is there and still is what was compiled.

        It is looked for where `source_roots` says.
        """
        source, digest = (self.source, self.hash) if copy is None else (copy.source, copy.hash)
        build = self.module_file.parents[self.source.count("/")]
        for root in source_roots(build):
            file = root / source
            if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest().startswith(digest):
                return file
        return None


def source_roots(build: Path) -> tuple[Path, ...]:
    """Where the sources of a build may be: beside it, beside the folder `.pyastro` that holds it, or here."""
    beside = build.parent
    return beside.parent if beside.name == ".pyastro" else beside, Path.cwd()


def read_line_map(module_file: Path) -> LineMap | None:
    """The line map of a module's file; None where the module was not compiled from a component."""
    text = module_file.read_text("utf-8", errors="replace").rstrip()
    end = text.rfind("\n")
    found = pattern(_COMMENT).fullmatch(text[end + 1 :])
    if found is None:
        return None
    lines, columns = _lines(found["entries"])
    return LineMap(module_file, found["source"], found["hash"], lines, columns, _copies(text[: max(end, 0)]))


def _copies(text: str) -> tuple[Copy, ...]:
    """The copies that the last lines of a text tell of."""
    copies: list[Copy] = []
    while (found := pattern(_COPY).fullmatch(text[text.rfind("\n") + 1 :])) is not None:
        copies.append(Copy(found["source"], found["hash"], int(found["first"]), int(found["used_at"])))
        text = text[: max(text.rfind("\n"), 0)]
    return tuple(reversed(copies))


def _lines(entries: str) -> tuple[dict[int, int], dict[int, list[tuple[int, int]]]]:
    """The entries as dictionaries.

    `9:2` is source line 2, `12+30:7` are the 30 lines from 12, `9.8:4` is line 9 from its column 8 on.
    """
    lines: dict[int, int] = {}
    columns: dict[int, list[tuple[int, int]]] = {}
    for generated, count, column, source in pattern(_ENTRY).findall(entries):
        if column:
            columns.setdefault(int(generated), []).append((int(column), int(source)))
            continue
        for offset in range(int(count or 1)):
            lines[int(generated) + offset] = int(source) + offset
    return lines, columns
