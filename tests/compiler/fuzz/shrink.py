"""Making a failing input smaller while it fails in the same way."""

import time
from collections.abc import Callable, Iterator


def shrunk(data: bytes, fails: Callable[[bytes], bool], seconds: float = 60) -> bytes:
    """A smaller input that still fails; no single stretch of it can be left out, unless the time ran out."""
    end = time.monotonic() + seconds
    changed = True
    while changed:
        changed = False
        for candidate in _candidates(data):
            if time.monotonic() > end:
                return data
            if len(candidate) < len(data) and fails(candidate):
                data, changed = candidate, True
                break
    return data


def _candidates(data: bytes) -> Iterator[bytes]:
    """The input without a stretch: large ones first, then small ones."""
    size = len(data)
    while size:
        for start in range(0, len(data), size):
            yield data[:start] + data[start + size :]
        size //= 2
