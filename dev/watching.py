"""Noticing that files change, and which changes matter."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from watchfiles import Change, watch

from pyastro.compiler.project.work_folder import NAME

QUIET = 0.15
"""Seconds without a change after which a file is held to be written to its end."""

_STEP = 10
_LONGEST = 100
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})
_DATABASES = (".db", ".sqlite", ".sqlite3", "-wal", "-shm", "-journal")
_PASSING = ("~", ".tmp", ".swp", ".pyc", ".log", *_DATABASES)
_SOURCES = (".astro", ".py", ".md", ".css", ".toml")


class Watch:
    """The changes below a folder, and in files elsewhere."""

    def __init__(self, root: Path, stop: threading.Event) -> None:
        self._root = root
        self._stop = stop
        self._gone: set[str] = set()

    def changes(self, others: Iterable[Path], place: Path | None = None) -> Iterator[frozenset[Path]]:
        """The files that changed together; again and again an empty set while nothing does.

        `others` are files outside of the folder, `place` is another folder all Python files of which matter. Ends when
        the event is set.
        """
        wanted = set(others)
        folders = {path.parent for path in wanted if not path.is_relative_to(self._root)}
        folders |= {place} if place is not None and not place.is_relative_to(self._root) else set()
        ours = str(self._root / NAME)
        for batch in watch(
            self._root,
            *folders,
            watch_filter=None,
            debounce=_LONGEST,
            step=_STEP,
            rust_timeout=int(QUIET * 1000),
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            paths = {path for path in self._lasting(batch) if not str(path).startswith(ours)}
            yield frozenset(
                path
                for path in paths
                if path in wanted
                or _matters(path, self._root)
                or (place is not None and path.suffix == ".py" and _matters(path, place))
            )

    def _lasting(self, batch: Iterable[tuple[Change, str]]) -> Iterator[Path]:
        """The files of some changes, without those that went as soon as they came.

        Many editors, and `sed -i`, write a file under a name of their own first, and rename it then. That a file is gone
        may be told later than that it came.
        """
        changes = list(batch)
        came = {name for change, name in changes if change is Change.added and not name.endswith(_SOURCES)}
        for name in {name for _, name in changes}:
            path = Path(name)
            if name not in came | self._gone or path.exists():
                self._gone.discard(name)
                yield path
            else:
                self._gone.add(name)


def _matters(path: Path, folder: Path) -> bool:
    """May a file below a folder be one that a site is made of?"""
    if not path.is_relative_to(folder) or path.name.endswith(_PASSING):
        return False
    parts = path.relative_to(folder).parts
    if any(part in _SKIPPED for part in parts):
        return False
    return parts == (".env",) or not any(part.startswith(".") and part != ".well-known" for part in parts)


def is_unfinished(path: Path) -> bool:
    """Is a file empty, as it is at the moment in which many editors begin to write it?"""
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:
        return False
