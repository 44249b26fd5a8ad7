"""Changing a build where it stands, for the process that alone writes there: only the files that differ are touched.

What was not written is put right by the next run, since each record of the build's memory holds the hash of its module.
"""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from pyastro.compiler.project.known_files import KnownFiles
from pyastro.compiler.project.manifest import PublicFile
from pyastro.compiler.project.output import Output, is_plain


class Patch(Output):
    """A build of which the files are known. Nothing is written before it is complete."""

    def __init__(self, target: Path, files: KnownFiles) -> None:
        super().__init__(target)
        self._known = files
        self._written: dict[str, bytes | Path] = {}
        """What each file is to hold, or a copy of which file it is to be."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file of these bytes into the build."""
        self._put(path, data, self._holds(path, data))

    def copy(self, path: str, source: Path) -> None:
        """Put a copy of a file into the build."""
        self._put(path, source, self._is_copy(path, source))

    def _put(self, path: str, content: bytes | Path, is_there: bool) -> None:
        if is_there:
            self.changes.unchanged.append(path)
        else:
            self.changes.written.append(path)
            self._written[path] = content

    def install(self) -> None:
        """Write what differs, and remove what is no part of the build any more."""
        self._find_removed()
        for path in self.changes.removed:
            self._remove(Path(self._old(path)))
        for path, content in self._written.items():
            self._replace(Path(self._old(path)), content)

    def _holds(self, path: str, data: bytes) -> bool:
        old = self._old(path)
        return is_plain(old) and self._known.read(old) == data

    def _is_copy(self, path: str, source: Path) -> bool:
        old = self._old(path)
        return is_plain(old) and self._public(Path(old)) == self._public(source)

    def _public(self, file: Path) -> PublicFile:
        return self._known.public.get(str(file), partial(PublicFile.of, file))

    def _remove(self, file: Path) -> None:
        """Remove a file, and the folders that are empty then: a file may be to stand at the place of one."""
        file.unlink(missing_ok=True)
        with suppress(OSError):  # the first that is not empty
            for folder in file.parents:
                if folder == self.target:
                    break
                folder.rmdir()

    def _replace(self, file: Path, content: bytes | Path) -> None:
        """Let a file hold something else, at once."""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        new.write_bytes(content.read_bytes() if isinstance(content, Path) else content)
        os.replace(new, file)
