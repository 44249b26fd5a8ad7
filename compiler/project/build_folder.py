"""How a build is known: by the manifest that only we write."""

import json
from pathlib import Path

MANIFEST = "manifest.json"
CACHE = ".pyastro-cache.json"
_KEYS = frozenset({"version", "routes", "errors", "middleware", "public", "sources", "config"})


def is_build(folder: Path) -> bool:
    """Does a folder hold a manifest that we wrote, whatever its version?"""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.keys() >= _KEYS
