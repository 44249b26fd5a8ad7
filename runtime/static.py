"""Answering with the files of `public/`.

Only what the manifest lists is served: a path is looked up, never joined to a folder, so that no spelling of one can
lead outside. Symbolic links, which a copy of a build may have gained, are not followed. Where a file lies beside its
compressed form (`style.css.br`), a client that accepts it gets that.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyastro.runtime.conditions import Validators
from pyastro.runtime.content_types import content_type
from pyastro.runtime.encodings import preferred_coding
from pyastro.runtime.error_pages import plain_text
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.file_facts import FileFacts, KnownFacts, file_state
from pyastro.runtime.headers import Headers
from pyastro.runtime.manifest import PublicFile
from pyastro.runtime.ranges import ByteRange, UnsatisfiableRange, parse_range
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.security import SecuritySettings

IMMUTABLE_FOLDER = "_astro"  # files there have a hash of their contents in their name, as in Astro
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATED = "public, max-age=0, must-revalidate"
_CODINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""Content codings by preference, with what they add to a file's name."""
# Packers that want to make the same archive again date all files to 1970 or 1980.
_FIRST_CHANGE = 11 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A public file, and its compressed forms by coding."""

    file: PublicFile
    compressed: Mapping[str, PublicFile]

    def chosen(self, accept_encoding: str | None) -> Iterator[tuple[str | None, PublicFile]]:
        """What a client gets, with its coding: the form that it likes best, or the file itself."""
        coding = preferred_coding(accept_encoding, tuple(self.compressed))
        if coding is not None:
            yield coding, self.compressed[coding]
        yield None, self.file


class StaticFiles:
    """The public files of a build, found by the segments of a request's path."""

    def __init__(
        self, folder: Path, files: Iterable[PublicFile], security: SecuritySettings | None = None
    ) -> None:
        self.folder = folder.resolve()
        self._security = security or SecuritySettings()
        self._facts = KnownFacts()
        served = {file.path: file for file in files if _is_served(file.path)}
        self._files = {
            tuple(path.split("/")): StaticFile(
                file, {coding: served[path + end] for coding, end in _CODINGS.items() if path + end in served}
            )
            for path, file in served.items()
        }

    def find(self, segments: Sequence[str]) -> StaticFile | None:
        """The file with this path, if there is one."""
        return self._files.get(tuple(segments))

    async def respond(self, request: Request, found: StaticFile) -> Response | None:
        """The file, or the part of it that a GET or HEAD request asks for; None where it is gone from the disk."""
        for coding, file in found.chosen(request.headers.get("accept-encoding")):
            seen = await self._look(file)
            if seen is not None:
                response = _answer(request, seen, _headers(found, coding))
                await self._add_policy(response, found.file)
                return response
        return None

    async def _look(self, file: PublicFile) -> "_Seen | None":
        """A file as it lies on the disk now; None where it is gone."""
        path = self.folder / file.path
        info = _info(self.folder, path)
        if info is None:
            return None
        is_html = self._security.csp is not None and _is_html(content_type(file.path))
        try:
            return _Seen(path, info, await self._facts.of(path, file_state(info), is_html=is_html))
        except OSError:
            return None

    async def _add_policy(self, response: Response, file: PublicFile) -> None:
        """Allows the inline scripts and styles of an HTML file, which are the site's own. 304 repeats the policy."""
        policy = self._security.policy()
        if policy is None or not _is_html(response.headers.get("content-type", "")):
            return
        seen = await self._look(file)
        policy.allow_sources(seen.facts.inline if seen else ())
        policy.add_to(response)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was looked at."""

    path: Path
    info: os.stat_result
    facts: FileFacts

    def stretch(self, offset: int, length: int) -> FileBody:
        """Some of its bytes, as the body of a response."""
        return FileBody(self.path, offset, length, file_state(self.info))

    @property
    def validators(self) -> Validators:
        """What tells this state from others."""
        modified = self.info.st_mtime
        return Validators(self.facts.tag, int(modified) if modified > _FIRST_CHANGE else None)


def static_methods(method: str) -> Response:
    """What is answered where a file has the path that a request with another method than GET and HEAD is for."""
    headers = {"allow": "GET, HEAD, OPTIONS"}
    if method == "OPTIONS":
        return Response(None, 204, headers=headers)
    return plain_text(405, f"{method} is not allowed here.", headers)


def _is_served(path: str) -> bool:
    """Whether a file of `public/` may be sent: hidden ones are not, except for those of RFC 8615."""
    first, *others = path.split("/")
    hidden = first.startswith(".") and first != ".well-known"
    return not hidden and not any(part.startswith(".") for part in others)


def _info(folder: Path, path: Path) -> os.stat_result | None:
    """What the system says of an ordinary file that lies in the folder itself, not behind a link."""
    try:
        info = path.lstat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(info.st_mode) or os.path.realpath(path.parent) != os.path.normpath(path.parent):
        return None
    return info if path.is_relative_to(folder) else None


def _is_html(content_type: str) -> bool:
    return content_type.startswith("text/html")


def _headers(found: StaticFile, coding: str | None) -> Headers:
    headers = Headers({"content-type": content_type(found.file.path)})
    is_immutable = found.file.path.startswith(IMMUTABLE_FOLDER + "/")
    headers["cache-control"] = _IMMUTABLE if is_immutable else _REVALIDATED
    headers["x-content-type-options"] = "nosniff"
    headers["accept-ranges"] = "bytes"
    if found.compressed:
        headers["vary"] = "accept-encoding"
    if coding is not None:
        headers["content-encoding"] = coding
    return headers


def _answer(request: Request, seen: _Seen, headers: Headers) -> Response:
    validators, size = seen.validators, seen.info.st_size
    for name, value in validators.headers().items():
        headers[name] = value
    refusal = validators.refusal(request.headers)
    if refusal is not None:
        return Response(None, refusal, headers=headers if refusal == 304 else None)
    try:
        part = _range(request, size, validators)
    except UnsatisfiableRange:
        return Response(None, 416, headers={"content-range": f"bytes */{size}", "accept-ranges": "bytes"})
    if part is None:
        headers["content-length"] = str(size)
        return Response(seen.stretch(0, size), 200, headers=headers)
    headers["content-length"] = str(part.length)
    headers["content-range"] = part.content_range(size)
    return Response(seen.stretch(part.start, part.length), 206, headers=headers)


def _range(request: Request, size: int, validators: Validators) -> ByteRange | None:
    """The range that the request wants of this very file (RFC 9110, 13.1.5 and 14.2)."""
    if request.method != "GET" or not validators.is_meant(request.headers.get("if-range")):
        return None
    return parse_range(request.headers.get("range"), size)
