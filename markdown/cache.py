"""Rendered Markdown, kept between runs in a folder that the command names.

A file of it holds many texts, one a line: its name, a space, and in JSON what came of it. Each process adds to a file of
its own, so that none waits for another, and sees what the others have added: to make a file for each text takes longer
than all else that a build writes.
"""

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

_MOST_FILES = 32
_MOST_BYTES = 256 << 20
_NAME = 40
_ADDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_PAUSE = 0.1
"""Seconds before it is seen again what others have added: until then a text may be rendered twice."""


class _Line(NamedTuple):
    """Where a text is."""

    file: str
    start: int
    length: int


class _Folder:
    """What is kept, and where."""

    def __init__(self, path: Path, versions: bytes) -> None:
        self.path = path
        self.versions = versions
        """What differs when the same text may give something else."""
        self.lines: dict[bytes, _Line] = {}
        self.ends: dict[str, int] = {}
        """How far each file was read."""
        self.own = ""
        """The file to which this process adds."""
        self.descriptor = -1
        """The same file, as it stays open: to open it for each text takes as long as all else here."""
        self.process = 0
        self.next_look = 0.0

    def name(self, text: str) -> bytes:
        """What a text is called."""
        return sha256(self.versions + text.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME].encode()

    def read(self, name: bytes) -> bytes | None:
        """What is kept under a name."""
        if name not in self.lines and time.monotonic() >= self.next_look:
            self.look()
            self.next_look = time.monotonic() + _PAUSE
        line = self.lines.get(name)
        if line is None:
            return None
        with open(line.file, "rb") as file:
            file.seek(line.start)
            return file.read(line.length)[_NAME:]

    def look(self) -> None:
        """See what was added since the last time."""
        for entry in os.scandir(self.path):
            start = self.ends.get(entry.path, 0)
            if entry.stat().st_size <= start:
                continue
            with open(entry.path, "rb") as file:
                file.seek(start)
                for line in file:
                    if line.endswith(b"\n"):  # else it is being written, or will never be complete
                        self.lines[line[:_NAME]] = _Line(entry.path, start, len(line))
                        start += len(line)
            self.ends[entry.path] = start

    def add(self, name: bytes, data: bytes) -> None:
        """Keep something under a name."""
        if (
            self.process != os.getpid() or not os.fstat(self.descriptor).st_nlink
        ):  # a copy; or another run has tidied
            self.close()
            self.own = f"{self.path}/{os.urandom(8).hex()}.jsonl"
            self.descriptor = os.open(self.own, _ADDING, 0o666)
            self.process = os.getpid()
        line = b"%b %b\n" % (name, data)
        os.write(self.descriptor, line)
        end = self.ends[self.own] = os.lseek(self.descriptor, 0, os.SEEK_CUR)
        self.lines[name] = _Line(self.own, end - len(line), len(line))

    def close(self) -> None:
        """Add nothing more to the file."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def tidy(self) -> None:
        """Make one file of many, and begin anew where there is too much."""
        files = [file for file in self.path.iterdir() if file.is_file()]
        if sum(file.stat().st_size for file in files) <= _MOST_BYTES:
            if len(files) <= _MOST_FILES:
                return
            self.look()
            for name in list(self.lines):
                self.add(name, (self.read(name) or b"").strip())
        for file in files:
            file.unlink(missing_ok=True)
        self.lines, self.ends = {}, {}


_folder: _Folder | None = None


def keep_in(folder: Path | None, libraries: str = "") -> None:
    """Keep what is rendered from now on in a folder; None: nowhere. `libraries` tells the versions of those that render."""
    global _folder
    if _folder is not None:
        _folder.close()
    _folder = None
    if folder is None:
        return
    own = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    kept = _Folder(folder, sha256(own + libraries.encode()).digest())
    with suppress(OSError):  # where the disk refuses, nothing is kept
        folder.mkdir(parents=True, exist_ok=True)
        kept.tidy()
        _folder = kept


def find(text: str) -> tuple[Any, bytes]:
    """What came of a text that was rendered before by these very versions, None for others; and its name for `keep`."""
    if _folder is None:
        return None, b""
    name = _folder.name(text)
    try:
        html, headings, images, marks = json.loads(_folder.read(name) or b"")
    except (OSError, ValueError, TypeError):
        return None, name
    return (html, headings, images, marks), name


def keep(name: bytes, rendered: Sequence[object]) -> None:
    """Keep what came of the text of a name. Where the disk refuses, it is rendered again the next time."""
    if _folder is not None:
        with suppress(OSError):
            _folder.add(name, json.dumps(rendered).encode())
