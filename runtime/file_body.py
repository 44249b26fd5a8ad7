"""The body of a response that is a stretch of a file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyastro.runtime.file_facts import FileState, file_state

_CHUNK = 64 * 1024


class FileChanged(OSError):
    """Another file stands where the one was that a response is about."""


@dataclass(frozen=True, slots=True)
class FileBody:
    """`length` bytes of a file, from `offset` on.

    Iterating gives the bytes in pieces, which is all that a simple host needs; one that knows better may hand the
    stretch to the operating system.
    """

    path: Path
    offset: int
    length: int
    state: FileState | None = None
    """The state of the file that the head of the response tells of; None where it does not matter."""

    def open(self) -> BinaryIO:
        """The file, at the beginning of the stretch.

        Raises FileChanged where it is no longer the one that the head of the response tells of, which is to be cut then.
        """
        file = self.path.open("rb")
        if self.state is not None and file_state(os.fstat(file.fileno())) != self.state:
            file.close()
            raise FileChanged(f"{self.path} was exchanged while it was sent")
        file.seek(self.offset)
        return file

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        with self.open() as file:
            while left > 0 and (piece := file.read(min(left, _CHUNK))):
                left -= len(piece)
                yield piece
