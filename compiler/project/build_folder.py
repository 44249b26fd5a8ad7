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
        return is_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        return False


def is_manifest(data: bytes) -> bool:
    """Is this a manifest that we wrote? A site may have a file of that name of its own, as web applications do."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.keys() >= _KEYS
