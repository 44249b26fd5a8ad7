"""Answering with the files of `public/`.

Only what the manifest lists is served: a path is looked up, never joined to a folder, so that no spelling of one can
lead outside. Symbolic links, which a copy of a build may have gained, are not followed.
"""

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyastro.runtime.content_types import content_type
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.headers import Headers
from pyastro.runtime.manifest import PublicFile
from pyastro.runtime.ranges import ByteRange, UnsatisfiableRange, parse_range
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response

IMMUTABLE_FOLDER = "_astro"  # files there have a hash of their contents in their name, as in Astro
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATED = "public, max-age=0, must-revalidate"


class StaticFiles:
    """The public files of a build, found by the segments of a request's path."""

    def __init__(self, folder: Path, files: Iterable[PublicFile]) -> None:
        self.folder = folder.resolve()
        self._files = {tuple(file.path.split("/")): file for file in files if _is_served(file.path)}

    def find(self, segments: Sequence[str]) -> PublicFile | None:
        """The file with this path, if there is one."""
        return self._files.get(tuple(segments))

    def respond(self, request: Request, file: PublicFile) -> Response | None:
        """The file, or the part of it that a GET or HEAD request asks for; None where it is gone from the disk."""
        path = self.folder / file.path
        size = _size(self.folder, path)
        if size is None:
            return None
        # A file that was exchanged under the running site is sent, but not under the tag of the one before.
        tag = f'"{file.hash[:32]}"' if size == file.size else None
        headers = _headers(file, tag)
        if tag is not None and _has_tag(request.headers.get("if-none-match"), tag):
            return Response(None, 304, headers=headers)
        return _whole_or_part(request, path, size, tag, headers)


def _is_served(path: str) -> bool:
    """Whether a file of `public/` may be sent: hidden ones are not, except for those of RFC 8615."""
    first, *others = path.split("/")
    hidden = first.startswith(".") and first != ".well-known"
    return not hidden and not any(part.startswith(".") for part in others)


def _size(folder: Path, path: Path) -> int | None:
    """The size of an ordinary file that lies in the folder itself, not behind a link."""
    try:
        info = path.lstat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(info.st_mode) or os.path.realpath(path.parent) != os.path.normpath(path.parent):
        return None
    return info.st_size if path.is_relative_to(folder) else None


def _headers(file: PublicFile, tag: str | None) -> Headers:
    headers = Headers({"content-type": content_type(file.path)})
    is_immutable = file.path.startswith(IMMUTABLE_FOLDER + "/")
    headers["cache-control"] = _IMMUTABLE if is_immutable else _REVALIDATED
    headers["x-content-type-options"] = "nosniff"
    headers["accept-ranges"] = "bytes"
    if tag is not None:
        headers["etag"] = tag
    return headers


def _has_tag(header: str | None, tag: str) -> bool:
    """Whether an `If-None-Match` names the tag, compared weakly (RFC 9110, 13.1.2)."""
    if header is None:
        return False
    names = [name.strip().removeprefix("W/") for name in header.split(",")]
    return "*" in names or tag in names


def _whole_or_part(request: Request, path: Path, size: int, tag: str | None, headers: Headers) -> Response:
    try:
        part = _range(request, size, tag)
    except UnsatisfiableRange:
        return Response(None, 416, headers={"content-range": f"bytes */{size}", "accept-ranges": "bytes"})
    if part is None:
        headers["content-length"] = str(size)
        return Response(FileBody(path, 0, size), 200, headers=headers)
    headers["content-length"] = str(part.length)
    headers["content-range"] = part.content_range(size)
    return Response(FileBody(path, part.start, part.length), 206, headers=headers)


def _range(request: Request, size: int, tag: str | None) -> ByteRange | None:
    """The range that the request wants of this very file (RFC 9110, 13.1.5 and 14.2)."""
    expected = request.headers.get("if-range")
    if request.method != "GET" or (expected is not None and expected != tag):
        return None
    return parse_range(request.headers.get("range"), size)
