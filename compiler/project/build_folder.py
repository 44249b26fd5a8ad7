"""How a build is known: by the manifest, or the mark, that only we write."""

import json
from pathlib import Path

MANIFEST = "manifest.json"
CACHE = ".pyastro-cache.json"
MARK = ".pyastro-build"
"""Lies in a folder of rendered files."""
MARK_TEXT = b"Written by pyastro build, which replaces this folder as a whole.\n"
_KEYS = frozenset({"version", "routes", "errors", "middleware", "public", "sources", "config"})


def is_build(folder: Path) -> bool:
    """Does a folder hold a manifest that we wrote, whatever its version, or our mark?"""
    try:
        if (folder / MARK).is_file():
            return (folder / MARK).read_bytes() == MARK_TEXT
        data = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.keys() >= _KEYS
