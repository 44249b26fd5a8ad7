"""Writing a build as a whole: a new folder beside the old one, which takes its place only when it is complete.

A run that fails or is killed leaves the old build as it was; what it left lying about, the next run removes.
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from pyastro.compiler.project.build_folder import is_build
from pyastro.compiler.project.exchange import install, recover
from pyastro.compiler.project.temporary import Claim, claim_folder, remove_abandoned

PYTHON_CACHE = "__pycache__"


class ProjectError(Exception):
    """A folder that cannot be compiled, or written to: a sentence that says why, and advice."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass
class Changes:
    """How a new build differs from the old one. Paths are relative to the build."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def check_pages(pages: Path) -> None:
    """Raises `ProjectError` where there are no pages to compile."""
    if not pages.exists():
        raise ProjectError(
            f"There is no folder {pages}.",
            "Name the folder that holds the pages. It is `pages`, here, where none is named.",
        )
    if not pages.is_dir():
        raise ProjectError(
            f"{pages} is no folder.",
            "Name the folder that holds the pages. It is `pages`, here, where none is named.",
        )


def check_output(output: Path, pages: Path) -> None:
    """Raises `ProjectError` where a build must not, or cannot, be written to `output`."""
    target, source, root = output.resolve(), pages.resolve(), Path(os.path.abspath(pages)).parent.resolve()
    if source.is_relative_to(target) or root.is_relative_to(target):
        raise ProjectError(
            f"{output} holds the pages themselves, so that a build cannot take its place.",
            "Choose a folder of its own: `-o build/`.",
        )
    for folder in (source, root / "public"):
        if target.is_relative_to(folder):
            raise ProjectError(
                f"{output} lies inside {folder}.", "Choose a folder beside the pages: `-o build/`."
            )
    if target.exists() and not target.is_dir():
        raise ProjectError(f"{output} is a file, not a folder.", "Choose another name, or remove the file.")
    if os.path.ismount(target):
        raise ProjectError(
            f"{output} is a mount point, which cannot be exchanged for a new build.",
            f"Mount its parent instead, or choose a folder inside it: `-o {output / 'build'}`.",
        )
    if target.is_dir() and not is_build(target) and _has_content(target):
        raise ProjectError(
            f"{output} is not empty, and is no build of ours: nothing in it was touched.",
            "Choose another folder, or empty this one yourself.",
        )


def _has_content(folder: Path) -> bool:
    """Is anything in a folder, or may there be?"""
    try:
        return any(folder.iterdir())
    except OSError:
        return True


class Output:
    """A build being written. A context: what was not installed in it is gone when it is left."""

    def __init__(self, target: Path) -> None:
        self.target = target.resolve()
        self.changes = Changes()
        self._claim: Claim | None = None
        self._folders: set[str] = set()

    def __enter__(self) -> "Output":
        recover(self.target)
        remove_abandoned(self.target)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._claim is not None:
            self._claim.remove()

    @property
    def folder(self) -> Path:
        """The folder of the new build. It is made when something has changed, and only then."""
        if self._claim is None:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._claim = claim_folder(self.target)
        return self._claim.folder

    def begin(self) -> None:
        """Make the folder of the new build now, so that copies of this process write into the same one."""
        assert self.folder

    @property
    def paths(self) -> list[str]:
        """The files of the build, as far as it is written."""
        return sorted((*self.changes.written, *self.changes.unchanged))

    def read(self, path: str) -> bytes:
        """The bytes of a file that was put into the build; one that did not change lies in the old build only."""
        is_old = self._claim is None or not (self.folder / path).is_file()
        return Path(self._old(path)).read_bytes() if is_old else (self.folder / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Put a file of these bytes into the build."""
        if _holds(self._old(path), data):
            self.changes.unchanged.append(path)
        else:
            with open(self._new(path), "wb") as file:
                file.write(data)
            self.changes.written.append(path)

    @contextmanager
    def noted(self) -> Iterator[Changes]:
        """What is put into the build inside of the context, perhaps in a copy of this process; `add` takes it over."""
        before, self.changes = self.changes, Changes()
        try:
            yield self.changes
        finally:
            self.changes = before

    def add(self, changes: Changes) -> None:
        """Take over what was put into the build elsewhere."""
        self.changes.written += changes.written
        self.changes.unchanged += changes.unchanged

    def keep(self, path: str) -> bool:
        """Put a file into the build of which the caller knows that the old one holds the same; False if it has none."""
        is_there = is_plain(self._old(path))
        if is_there:
            self.changes.unchanged.append(path)
        return is_there

    def copy(self, path: str, source: Path) -> None:
        """Put a copy of a file into the build."""
        if _same_content(self._old(path), source):
            self.changes.unchanged.append(path)
        else:
            shutil.copyfile(source, self._new(path))
            self.changes.written.append(path)

    def link(self, path: str, source: Path) -> None:
        """Put a file into the build under a second name: for a build that is read by this run alone, and never changed."""
        if _same_content(self._old(path), source):
            self.changes.unchanged.append(path)
        else:
            _link(os.path.realpath(source) if os.path.islink(source) else str(source), self._new(path))
            self.changes.written.append(path)

    def install(self) -> None:
        """Let the new build take the old one's place. Where nothing changed, the old one stays."""
        self._find_removed()
        if self.target.is_dir() and not self.changes.written and not self.changes.removed:
            return
        for path in self.changes.unchanged:
            _link(self._old(path), self._new(path))
        if self.target.is_dir():
            shutil.copymode(self.target, self.folder)
        try:
            install(self.folder, self.target)
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.EXDEV):
                raise
            raise ProjectError(
                f"{self.target} cannot be exchanged for a new build: {error.strerror}.",
                "It is a mount point, or part of an image's lower layer. Choose a folder inside it, or remove it first.",
            ) from None

    def _find_removed(self) -> None:
        known = {*self.changes.written, *self.changes.unchanged}
        self.changes.removed = [path for path in _files(self.target) if path not in known]

    def _old(self, path: str) -> str:
        """Where a file is in the old build."""
        return f"{self.target}/{path}"

    def _new(self, path: str) -> str:
        """Where a file goes in the new build: its folder is there."""
        root, folder = self.folder, path.rpartition("/")[0]
        if folder not in self._folders:
            _make_folder(f"{root}/{folder}")
            self._folders.add(folder)
        return f"{root}/{path}"


def _make_folder(path: str) -> None:
    """Make a folder, and what is missing above it. Most often nothing is."""
    try:
        os.mkdir(path)
    except OSError:
        os.makedirs(path, exist_ok=True)


def _files(folder: Path) -> Iterator[str]:
    """The files of a build, relative to it, without what Python keeps beside them."""
    start = len(str(folder)) + 1
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != PYTHON_CACHE)
        below = place[start:].replace(os.sep, "/")
        yield from (f"{below}/{name}" if below else name for name in sorted(names))


def is_plain(path: str | Path) -> bool:
    """Is this a file, and no link to one?"""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _holds(path: str, data: bytes) -> bool:
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return False
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


def _same_content(path: str, other: Path) -> bool:
    """Do two files hold the same bytes?"""
    try:
        if not is_plain(path) or os.stat(path).st_size != other.stat().st_size:
            return False
        with open(path, "rb") as a, other.open("rb") as b:
            while block := a.read(1 << 20):
                if block != b.read(1 << 20):
                    return False
        return True
    except OSError:
        return False


def _link(old: str, new: str) -> None:
    """The old file under a new name as well, or a copy where the file system has no such links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        shutil.copystat(old, new)
