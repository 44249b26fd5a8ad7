"""The modules of the last build, kept beside the sources: a build that was removed is not compiled again for that."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pyastro.compiler.project.build_folder import CACHE


def keep(build: Path, folder: Path, places: Iterable[str]) -> None:
    """Keep a build's modules, and what it remembers of them, in a folder. Nothing is said where that does not work."""
    wanted, start = {*places, CACHE}, len(str(folder)) + 1
    with suppress(OSError):
        for above, _, names in os.walk(folder):
            for file in (f"{above}/{name}" for name in names):
                if file[start:].replace(os.sep, "/") not in wanted:
                    os.unlink(file)
        for place in sorted(wanted, key=lambda each: each == CACHE):  # what is remembered comes last
            _link(f"{build}/{place}", f"{folder}/{place}")


def _link(source: str, target: str) -> None:
    """The same file under two names, or a copy where there is no such thing."""
    if os.path.exists(target):
        if os.path.samefile(source, target):
            return
        os.unlink(target)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
