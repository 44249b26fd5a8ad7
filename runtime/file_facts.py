"""What a file holds: found out once for each state that it is seen in, so that nothing is said of another one's bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from os import stat_result
from pathlib import Path
from typing import TypeAlias

from pyastro.runtime.inline_elements import InlineSources, inline_sources
from pyastro.runtime.threads import run_sync

FileState: TypeAlias = tuple[int, int, int, int]
"""What changes when another file takes the place of one, whatever its size and the time that it claims."""

_AT_ONCE = 256 * 1024  # reading so much takes less time than to ask a thread for it


def file_state(info: stat_result) -> FileState:
    """The state of a file, of what the system says about it."""
    return info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the bytes of one file tell."""

    tag: str
    """The strong entity tag: the same on every machine that has the same bytes (RFC 9110, 8.8.3)."""
    inline: InlineSources = ()
    """The inline scripts and styles of an HTML file, as a policy allows them."""


class KnownFacts:
    """The facts of files by their paths, as long as they are in the state in which they were looked at."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[FileState, FileFacts]] = {}

    async def of(self, path: Path, state: FileState, *, is_html: bool = False) -> FileFacts:
        """The facts of a file in a state. Raises OSError where it cannot be read."""
        known = self._known.get(path)
        if known is None or known[0] != state:
            size = state[1]
            facts = _facts(path, is_html) if size <= _AT_ONCE else await run_sync(_facts, path, is_html)
            known = self._known[path] = state, facts
        return known[1]


def _facts(path: Path, is_html: bool) -> FileFacts:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        inline = inline_sources(file.read().decode("utf-8", "replace")) if is_html else ()
    return FileFacts(f'"{digest[:32]}"', inline)
