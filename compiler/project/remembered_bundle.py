"""What a build remembers of how its scripts were bundled."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyastro.compiler.diagnostics import Diagnostic


class Remembered(NamedTuple):
    """What a build knows of its bundle."""

    key: str
    reads: Mapping[str, str | None]
    """The files that it was made from, relative to the source root, with the SHA-256 of each; of a folder, of its names."""
    scripts: tuple[tuple[str, int, str, str], ...]
    files: Mapping[str, str]
    """The SHA-256 of each file."""
    warnings: tuple[Diagnostic, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        own = {name: getattr(self, name) for name in ("key", "reads", "scripts", "files")}
        return {**own, "warnings": [each.to_json() for each in self.warnings]}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Remembered | None":
        """The opposite of `to_json`."""
        if data is None:
            return None
        warnings = tuple(Diagnostic(**each) for each in data["warnings"])
        return cls(data["key"], data["reads"], tuple(map(tuple, data["scripts"])), data["files"], warnings)
