"""The images of entries: what the compiler made of them, which it wrote beside the file that defines the collections."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyastro.assets import Asset
from pyastro.runtime.asset import Rendition

FILE = "__images__.json"


class ImageTable:
    """The images of all entries below a folder."""

    def __init__(self, home: Path | None) -> None:
        self._home = home
        self._table: Mapping[str, Mapping[str, Any]] = {} if home is None else _read(home / FILE)

    def of(self, file: Path) -> dict[str, Asset]:
        """The images that an entry names, by their paths as they stand there."""
        if self._home is None or not self._table or not file.is_relative_to(self._home):
            return {}
        named = self._table.get(file.relative_to(self._home).as_posix(), {})
        return {path: _asset(data) for path, data in named.items()}


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    return found


def _asset(data: list[Any]) -> Asset:
    src, width, height, format, renditions = data
    return Asset(src, width, height, format, {key: _rendition(each) for key, each in renditions.items()})


def _rendition(data: list[Any]) -> Rendition:
    src, width, height, srcset, sizes, sources = data
    return Rendition(src, width, height, srcset, sizes, tuple((kind, each) for kind, each in sources))
