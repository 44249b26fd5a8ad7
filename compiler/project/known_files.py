"""What was made of files, kept while they are the same: for who compiles a site again and again.

Whether a file is the same, its status says: size, times and inode. One that changed a moment ago could change once more
within the grain of the clock, so it is read again; so is one whose time lies ahead.
"""

import os
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from pyastro.compiler.project.manifest import PublicFile
    from pyastro.compiler.project.python_file import PythonFile
    from pyastro.compiler.project.wanted_images import NamedImages
    from pyastro.compiler.source import Source

T = TypeVar("T")
Status = tuple[int, ...]

_GRAIN = 2_000_000_000
"""Nanoseconds: some file systems tell times in steps of two seconds."""


class Known(Generic[T]):
    """What one function makes of each file."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[Status, T]] = {}

    def get(self, file: str, make: Callable[[], T]) -> T:
        """What was made of a file; made now where that may be something else. What `make` raises passes through."""
        return self.get_all([file], lambda _: [make()])[0]

    def get_all(self, files: Sequence[str], make: Callable[[list[str]], Iterable[T]]) -> list[T]:
        """What was made of some files, in their order. `make` is given those of which that may be something else."""
        # Before the files are read: what changes meanwhile is seen the next time.
        statuses = {file: _status(file) for file in files}
        left = [file for file in files if not self._is_known(file, statuses[file])]
        made = dict(zip(left, make(left), strict=True)) if left else {}
        for file, value in made.items():
            if (status := statuses[file]) is None:
                self._values.pop(file, None)
            else:
                self._values[file] = status, value
        return [made[file] if file in made else self._values[file][1] for file in files]

    def _is_known(self, file: str, status: Status | None) -> bool:
        known = self._values.get(file)
        return known is not None and known[0] == status


def _status(file: str) -> Status | None:
    """What differs when a file does; None for one of which that is not sure."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    if not stat.S_ISREG(found.st_mode) or time.time_ns() - changed < _GRAIN:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(eq=False, repr=False)
class KnownFiles:
    """All that is kept of files between two compilations of a site in one process."""

    sources: "Known[Source]" = field(default_factory=Known)
    python: "Known[PythonFile]" = field(default_factory=Known)
    public: "Known[PublicFile]" = field(default_factory=Known)
    entries: "Known[NamedImages]" = field(default_factory=Known)
    """Of collections."""
    asking_entries: "Known[NamedImages]" = field(default_factory=Known)
    """The same where the site knows what an asset is."""
    contents: Known[bytes] = field(default_factory=Known)
    """Of the files of the build."""
    _hashes: Known[str] = field(default_factory=Known)

    def read(self, file: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        return self.contents.get(file, lambda: _read(file))

    def hash(self, file: str) -> str:
        """The SHA-256 of a file. Raises OSError."""
        return self._hashes.get(file, lambda: sha256(_read(file)).hexdigest())


def _read(file: str) -> bytes:
    with open(file, "rb") as stream:
        return stream.read()
