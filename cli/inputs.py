"""What a run of the command reads, and whether it is still the same: then there is nothing to do again.

Python tells audit hooks of each file that is opened and each folder that is listed (PEP 578), whoever does it: the
compiler, a page, a library. What it does not tell of, or what says nothing twice alike (a connection, a process, code
in C that we do not know), makes a run one that is never spared. The day is an input, the time of the day is not.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

Stamp = list[int] | list[str] | None
"""A file's time of change in nanoseconds and its size, the names in a folder; None where there is neither."""

_UNSEEN = frozenset(
    {
        "os.exec",
        "os.posix_spawn",
        "os.system",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.sendto",
        "subprocess.Popen",
    }
)
_KIND, _FOLDER = 0o170000, 0o040000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_FLEETING = ("COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM", "WINDOWID", "_", "PYTEST_CURRENT_TEST")
_KNOWN_EXTENSIONS = frozenset(
    "_cffi_backend aiohttp frozenlist markupsafe minify_html multidict PIL propcache pydantic_core yaml yarl".split()
)
"""Libraries with code in C that read files through Python, or none."""


class Reads:
    """What was read so far."""

    def __init__(self, paths: Iterable[str] = (), *, is_known: bool = True) -> None:
        self.paths = set(paths)
        self.is_known = is_known
        """Was all of it files and folders?"""
        self.trusted: frozenset[str] = frozenset()
        """Modules of which we know that they read nothing else."""

    def trust(self) -> None:
        """Trust what is loaded by now; its files are read."""
        self.paths |= _module_files(self.trusted)
        self.trusted = frozenset(sys.modules)

    def take(self) -> "Reads":
        """What was read since the last time, which is forgotten here."""
        is_known = self.is_known and not _unknown_extensions(self.trusted)
        if is_known:
            self.trust()  # what is loaded by now was looked at
        taken = Reads(self.paths, is_known=is_known)
        self.paths, self.is_known = set(), True
        return taken

    def add(self, other: "Reads") -> None:
        """Take over what another process read."""
        self.paths |= other.paths
        self.is_known = self.is_known and other.is_known


class _Watch:
    """The one hook of this process. It cannot be removed, only told not to listen."""

    reads: Reads | None = None
    is_installed = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        reads = self.reads
        if reads is None:
            return
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int) and not (isinstance(flags, int) and flags & _WRITES):
                reads.paths.add(os.path.abspath(os.fsdecode(path)))
        elif event in ("os.listdir", "os.scandir"):
            if not isinstance(arguments[0], int):
                reads.paths.add(os.path.abspath(os.fsdecode(arguments[0] or ".")))
        elif event == "sqlite3.connect":
            path = os.path.abspath(os.fsdecode(arguments[0]))
            reads.paths |= {path, f"{path}-wal"}
        elif event in _UNSEEN:
            reads.is_known = False


_watch = _Watch()


@contextmanager
def watched() -> Iterator[Reads]:
    """What is read inside of the context, in this process."""
    if not _watch.is_installed:
        sys.addaudithook(_watch)
        _watch.is_installed = True
    before, _watch.reads = _watch.reads, Reads()
    try:
        yield _watch.reads
    finally:
        _watch.reads = before


# ---------------------------------------------------------------- the record


def is_unchanged(record: Path, key: str) -> dict[str, Any] | None:
    """What was noted beside the inputs, where they and the outputs of the last run are as they were; else None."""
    try:
        data: dict[str, Any] = json.loads(record.read_bytes())
        if data["key"] != key or data["conditions"] != _conditions():
            return None
        own = tuple(data["own"])
        same = all(
            _stamp(path, own) == stamp for part in ("inputs", "outputs") for path, stamp in data[part].items()
        )
        note: dict[str, Any] = data["note"]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return note if same else None


def remember(
    record: Path,
    key: str,
    reads: Reads,
    outputs: Iterable[str],
    ignored: Iterable[Path],
    since: int,
    note: Mapping[str, Any],
) -> None:
    """Note what a run read, if that was all that it depends on; else forget what the last one did.

    `since` is when it began (`time.time_ns`): what has changed after that may have been read before. Below `ignored` lie
    its own files.
    """
    own = tuple(os.path.abspath(path) for path in ignored)
    paths = {path for path in {*reads.paths, *_module_files()} if not _is_own(path, own)}
    inputs = {path: _stamp(path, own) for path in sorted(paths)}
    if (
        not reads.is_known
        or _unknown_extensions(reads.trusted)
        or any(_is_newer(stamp, since) for stamp in inputs.values())
    ):
        record.unlink(missing_ok=True)
        return
    data = {
        "key": key,
        "conditions": _conditions(),
        "inputs": inputs,
        "own": own,
        "outputs": {path: _stamp(path, own) for path in outputs},
        "note": note,
    }
    new = record.with_name(f"{record.name}.{os.getpid()}")
    new.write_text(json.dumps(data), "utf-8")
    new.replace(record)


def _is_newer(stamp: Stamp, since: int) -> bool:
    """Has a file changed after a time?"""
    first = stamp[0] if stamp else None
    return isinstance(first, int) and first >= since


def _stamp(path: str, own: tuple[str, ...]) -> Stamp:
    """What a file or a folder is known by. What is made beside files while they are used changes no folder."""
    try:
        status = os.stat(path)
        if status.st_mode & _KIND == _FOLDER:
            return sorted(name for name in os.listdir(path) if not _is_own(os.path.join(path, name), own))
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def _is_own(path: str, own: tuple[str, ...]) -> bool:
    """Is this a file that the run itself writes, or lies in such a folder? Python does so for modules."""
    return (
        path.startswith(own) and any(path == each or path.startswith(f"{each}{os.sep}") for each in own)
    ) or "__pycache__" in path


def _conditions() -> list[str]:
    """What a page may depend on beside files: the day, the interpreter, the folder, the environment's variables."""
    variables = sorted(item for item in os.environ.items() if item[0] not in _FLEETING)
    environment = sha256(repr(variables).encode("utf-8", "surrogateescape")).hexdigest()
    return [date.today().isoformat(), time.tzname[0], sys.version, os.getcwd(), environment]


def _module_files(known: Set[str] = frozenset()) -> set[str]:
    """The files of all modules that are loaded, but for those that are known: what Python has as bytecode, it does not
    open.
    """
    names = sys.modules.keys() - known
    files = (getattr(sys.modules[name], "__file__", None) for name in names)
    return {os.path.abspath(file) for file in files if isinstance(file, str)}


def _unknown_extensions(trusted: frozenset[str]) -> bool:
    """Is code in C loaded that may read what no hook hears of, as drivers of databases do?"""
    own = os.path.dirname(os.__file__) + os.sep
    for name in sys.modules.keys() - trusted:
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str) and file.endswith((".so", ".pyd")):
            is_standard = file.startswith(own) and "site-packages" not in file
            if not is_standard and name.partition(".")[0] not in _KNOWN_EXTENSIONS:
                return True
    return False
