"""Files that a form uploads."""

from __future__ import annotations

from os import PathLike
from typing import IO

from pyastro.runtime.threads import run_sync

__all__ = ["File"]


class File:
    """An uploaded file. It is false when the form's control was left empty.

    A large one lies in a temporary file without a name, which goes when the request ends; `save` keeps it.
    """

    __slots__ = ("_file", "content_type", "filename", "size")

    def __init__(self, file: IO[bytes], filename: str, content_type: str, size: int) -> None:
        """Make a file of an open binary file and what the form says about it."""
        self._file = file
        self.filename = filename
        """The name that the browser gave, without folders. It is the sender's word: do not store under it."""
        self.content_type = content_type
        """The media type that the browser gave; "application/octet-stream" when it gave none."""
        self.size = size
        """The number of bytes."""

    @property
    def name(self) -> str:
        """The file's name, as `File.name` in the File API."""
        return self.filename

    async def read(self) -> bytes:
        """All bytes of the file, each time that it is called."""
        return await run_sync(self._read) if self.size else b""

    async def text(self) -> str:
        """The whole file as text in UTF-8; wrong bytes become U+FFFD (File API)."""
        return (await self.read()).decode("utf-8", "replace")

    async def save(self, path: str | PathLike[str]) -> None:
        """Write the file to `path`, in the place of what is there. Raises OSError when that fails."""
        await run_sync(self._save, path)

    def close(self) -> None:
        """Remove the file's data. The site does so when the request is over."""
        self._file.close()

    def __bool__(self) -> bool:
        return bool(self.filename or self.size)

    def __repr__(self) -> str:
        return f"<File {self.filename!r}, {self.content_type}, {self.size} bytes>"

    def _read(self) -> bytes:
        self._file.seek(0)
        return self._file.read()

    def _save(self, path: str | PathLike[str]) -> None:
        from shutil import copyfileobj

        self._file.seek(0)
        with open(path, "wb") as target:
            copyfileobj(self._file, target)
