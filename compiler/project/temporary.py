"""Folders for builds that are being written: beside the build, held by the run that writes there, removed when it is gone."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_MARK = ".pyastro-new-"


@dataclass
class Claim:
    """A folder that this run holds, with the lock that tells others so."""

    folder: Path
    lock: int | None

    def remove(self) -> None:
        """Remove what stands at the folder's place now, and let go of it."""
        remove_tree(self.folder)
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


def claim_folder(target: Path) -> Claim:
    """A new, empty folder beside a build, held until it is removed. The system lets go of it when the run ends."""
    for number in count():
        folder = target.parent / f".{target.name}{_MARK}{os.getpid()}-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        lock = _lock(folder)
        if lock is not None or sys.platform == "win32":
            return Claim(folder, lock)
    raise AssertionError("there is always another number")


def remove_abandoned(target: Path) -> None:
    """Remove the folders beside a build that runs left behind which are no more."""
    for folder in _claimed_folders(target):
        if is_abandoned(folder):
            remove_tree(folder)


def is_abandoned(folder: Path) -> bool:
    """Does no run hold this folder any more?"""
    if sys.platform == "win32":
        return not _is_running(folder)
    lock = _lock(folder)
    if lock is None:
        return False
    os.close(lock)
    return True


def remove_tree(folder: Path) -> None:
    """Remove a folder and all below it, also where something in it is write-protected."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError:
        for place, _, _ in os.walk(folder):
            with suppress(OSError):
                os.chmod(place, stat.S_IRWXU)
        shutil.rmtree(folder, ignore_errors=True)


def _claimed_folders(target: Path) -> Iterator[Path]:
    prefix = f".{target.name}{_MARK}"
    with suppress(OSError):
        yield from [
            path for path in target.parent.iterdir() if path.name.startswith(prefix) and path.is_dir()
        ]


def _lock(folder: Path) -> int | None:
    """An advisory lock on a folder, as an open file; None where somebody else has it or the folder is gone."""
    if sys.platform == "win32":
        return None
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file), os.stat(folder)):
            return file
    except OSError:
        pass
    os.close(file)
    return None


def _is_running(folder: Path) -> bool:
    """Is the process alive that a folder is named for?"""
    number = folder.name.rpartition(_MARK)[2].partition("-")[0]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except OSError:
        return False
    return True
