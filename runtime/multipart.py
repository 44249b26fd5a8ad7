"""Reading `multipart/form-data` (RFC 7578) as it arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import IO, TYPE_CHECKING

from pyastro.runtime.errors import BadRequest, ContentTooLarge
from pyastro.runtime.files import File
from pyastro.runtime.limits import Limits

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

__all__ = ["read_multipart"]


async def read_multipart(
    boundary: str, chunks: AsyncIterator[bytes], limits: Limits
) -> list[tuple[str, str | File]]:
    """The fields of a form, in order; each uploaded file is closed again when an error is raised.

    Raises BadRequest for a malformed body, ContentTooLarge for one beyond the limits.
    """
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser

    fields = _Fields(limits)
    try:
        parser = MultipartParser(
            _checked_boundary(boundary), fields.callbacks(), max_header_size=limits.name_size
        )
        async for chunk in chunks:
            parser.write(chunk)
        if not fields.is_complete:
            raise BadRequest("The form ends before its last boundary")
    except FormParserError as error:
        fields.close()
        raise BadRequest(f"The form is malformed: {error}") from error
    except BaseException:
        fields.close()
        raise
    return fields.pairs


def _checked_boundary(boundary: str) -> bytes:
    if not boundary.isascii() or not 1 <= len(boundary) <= 70:  # RFC 2046, 5.1.1
        raise BadRequest(f"The form has no usable boundary: {boundary!r}")
    return boundary.encode()


class _Fields:
    """Takes the parser's events and makes fields of them."""

    def __init__(self, limits: Limits) -> None:
        self.pairs: list[tuple[str, str | File]] = []
        self.is_complete = False
        self._limits = limits
        self._begin()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._part_data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def close(self) -> None:
        """Close the file that is being read and those that were."""
        if self._file is not None:
            self._file.close()
        for _, value in self.pairs:
            if isinstance(value, File):
                value.close()

    def _begin(self) -> None:
        self._headers: dict[str, bytes] = {}
        self._header = self._value = b""
        self._name: str = ""
        self._filename: str = ""
        self._text = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers.setdefault(self._header.decode("latin-1").lower(), self._value)
        self._header = self._value = b""

    def _end_headers(self) -> None:
        """Begin the part's text or file, by its `Content-Disposition` (RFC 7578, 4.2)."""
        from python_multipart.multipart import parse_options_header

        kind, options = parse_options_header(self._headers.get("content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise BadRequest("A part of the form has no name")
        if len(self.pairs) >= self._limits.fields:
            raise ContentTooLarge(f"The form has more than {self._limits.fields} fields")
        self._name = _decoded(options[b"name"])
        if b"filename" in options:
            self._filename = _without_folders(_decoded(options[b"filename"]))
            self._file = _temporary_file(self._limits.memory)

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._file is not None:
            self._file.write(data[start:end])
            return
        if self._size > self._limits.field_size:
            raise ContentTooLarge(f"A field of the form is larger than {self._limits.field_size} bytes")
        self._text += data[start:end]

    def _end_part(self) -> None:
        value: str | File
        if self._file is None:
            value = self._text.decode("utf-8", "replace")
        else:
            content_type = self._headers.get("content-type", b"application/octet-stream").decode("latin-1")
            value = File(self._file, self._filename, content_type.strip(), self._size)
        self.pairs.append((self._name, value))
        self._file = None

    def _end(self) -> None:
        self.is_complete = True


def _temporary_file(memory: int) -> IO[bytes]:
    from tempfile import SpooledTemporaryFile  # it draws randomness when it is imported

    return SpooledTemporaryFile(max_size=memory)


def _decoded(name: bytes) -> str:
    """The name that a browser wrote: it escapes line ends and quotes, and nothing else (HTML standard)."""
    text = name.decode("utf-8", "replace")
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%22", '"')


def _without_folders(filename: str) -> str:
    """The last part of a path, whatever the sender's system; nothing for one that names no file."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "" if name in (".", "..") else name.replace("\0", "")
