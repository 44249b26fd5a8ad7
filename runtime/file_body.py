"""The body of a response that is a stretch of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileBody:
    """`length` bytes of a file, from `offset` on.

    Iterating gives the bytes in pieces, which is all that a simple host needs; one that knows better may hand the
    stretch to the operating system.
    """

    path: Path
    offset: int
    length: int

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.offset)
            while left > 0 and (piece := file.read(min(left, _CHUNK))):
                left -= len(piece)
                yield piece
