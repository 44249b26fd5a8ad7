"""Rendered Markdown, kept between runs in a folder that the command names."""

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

_MOST_FILES = 20_000


class _Folder:
    """Where it is kept, if anywhere."""

    path: Path | None = None
    versions: bytes = b""
    """What differs when the same text may give something else."""


def keep_in(folder: Path | None, libraries: str = "") -> None:
    """Keep what is rendered from now on in a folder; None: nowhere. `libraries` tells the versions of those that render."""
    own = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    _Folder.path, _Folder.versions = folder, sha256(own + libraries.encode()).digest()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        files = list(folder.iterdir())
        for file in files if len(files) > _MOST_FILES else ():
            file.unlink(missing_ok=True)


def find(text: str) -> Any:
    """What came of a text that was rendered before by these very versions; None for others."""
    if _Folder.path is None:
        return None
    try:
        with open(f"{_Folder.path}/{_name(text)}", "rb") as file:
            html, headings, images, marks = json.load(file)
    except (OSError, ValueError, TypeError):
        return None
    return html, headings, images, marks


def keep(text: str, rendered: Sequence[object]) -> None:
    """Keep what came of a text. Where the disk refuses, it is rendered again the next time."""
    if _Folder.path is None:
        return
    file = _Folder.path / _name(text)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        new.write_text(json.dumps(rendered), "utf-8")
        new.replace(file)
    except OSError:
        return


def _name(text: str) -> str:
    return sha256(_Folder.versions + text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
