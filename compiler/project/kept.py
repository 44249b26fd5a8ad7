"""The modules of the last build, kept beside the sources: a build that was removed is not compiled again for that."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pyastro.compiler.project.build_folder import CACHE


def keep(build: Path, folder: Path, places: Iterable[str]) -> None:
    """Keep a build's modules, and what it remembers of them, in a folder. Nothing is said where that does not work."""
    wanted = {*places, CACHE}
    with suppress(OSError):
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            if path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
        for place in sorted(wanted, key=lambda each: each == CACHE):  # what is remembered comes last
            _link(build / place, folder / place)


def _link(source: Path, target: Path) -> None:
    """The same file under two names, or a copy where there is no such thing."""
    if target.exists():
        if target.samefile(source):
            return
        target.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
