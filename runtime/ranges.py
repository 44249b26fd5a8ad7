"""The `Range` header of a request for a file (RFC 9110, 14)."""

from dataclasses import dataclass

from pyastro.runtime.patterns import pattern

_BYTES = r"(?a)(?i)bytes=\s*(\d*)-(\d*)\s*"
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A stretch of a file: its first byte and how many."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        """The `Content-Range` of an answer with this stretch of a file of `size` bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


class UnsatisfiableRange(ValueError):
    """A range that holds no byte of the file: the answer is 416."""


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The one range that a header asks for; None where the whole file is to be sent.

    A header of another unit, a malformed one, and one that asks for several ranges are ignored, as RFC 9110 allows:
    many small ranges cost a server more than the file. Raises UnsatisfiableRange for a range beyond the file's end.
    """
    found = pattern(_BYTES).fullmatch(header) if header else None
    if found is None or len(found[0]) > 2 * _LONGEST_NUMBER or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size - 1
    else:
        start, end = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < start:
            return None
    if start > end or start >= size:
        raise UnsatisfiableRange
    return ByteRange(start, end - start + 1)
