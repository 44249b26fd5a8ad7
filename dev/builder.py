"""Compiling a site again and again in one process."""

import os
import sys
from itertools import count
from pathlib import Path

from pyastro.compiler.project import Memory, ProjectError, Report, compile_project
from pyastro.compiler.project.work_folder import NAME, work_folder
from pyastro.compiler.purpose import Purpose
from pyastro.dev.differences import Contents
from pyastro.dev.outcome import Broken, Changed

if sys.platform != "win32":
    import fcntl


class Builder:
    """Compiles the site whose pages stand in a folder, and tells what changed."""

    def __init__(self, pages: Path) -> None:
        self.pages = pages.resolve()
        self.root = self.pages.parent
        self.build, self._lock = _own_build(self.root)
        self.report = Report()
        """The last one without an error."""
        self._contents: Contents | None = None
        self._memory: Memory | None = None

    def run(self) -> Changed | Broken | None:
        """What came of compiling; None where the build is as it was."""
        try:
            report = compile_project(self.pages, self.build, purpose=Purpose.DEVELOPING, memory=self._memory)
        except ProjectError as error:
            return Broken(message=str(error), hint=error.hint)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            return Broken(message=f"The build cannot be written: {place}{error.strerror or error}.")
        self._memory = report.memory
        if not report.is_successful:
            return Broken(tuple(report.findings), report.texts)
        known, self.report = self.report, report
        return self._changes(report, known)

    def _changes(self, report: Report, known: Report) -> Changed | None:
        is_first = self._contents is None
        if is_first:
            self._contents = Contents(self.build)
        elif not report.written and not report.removed:
            return None
        assert self._contents is not None
        found = self._contents.differences(report.written, report.removed)
        return Changed(
            styles=tuple(found.styles),
            links=tuple(found.links),
            is_reload=is_first or found.has_more,
            compiled=tuple(report.compiled),
            warnings=tuple(
                each for each in report.warnings if each.path in report.compiled or each not in known.warnings
            ),
            texts=report.texts,
        )


def _own_build(root: Path) -> tuple[Path, int | None]:
    """A place for a build that no other process uses, and the lock that keeps it so as long as this one runs."""
    folder = root / NAME
    try:
        work_folder(root)
        for number in count(1):
            build = folder / ("dev" if number == 1 else f"dev-{number}")
            lock = _lock(folder / f"{build.name}.lock")
            if lock is not None or sys.platform == "win32":
                return build, lock
    except OSError:  # what cannot be written is told when it is compiled
        pass
    return folder / "dev", None


def _lock(file: Path) -> int | None:
    """An advisory lock, as an open file; None where another process has it."""
    if sys.platform == "win32":
        return None
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        return None
    return opened
