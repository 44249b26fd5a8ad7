"""The data of a form that was sent: text and files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from pyastro.runtime.errors import ContentTooLarge, UnsupportedMediaType
from pyastro.runtime.files import File
from pyastro.runtime.limits import Limits
from pyastro.runtime.media_type import parse_media_type
from pyastro.runtime.multimap import MultiMap

__all__ = ["FormData", "read_form"]


class FormData(MultiMap[str | File]):
    """The fields of a form, in order: `get` gives a `str`, or a `File` for one that was uploaded.

    As in the XMLHttpRequest standard, and with `files`, which holds the uploaded files alone.
    """

    __slots__ = ()

    @property
    def files(self) -> MultiMap[File]:
        """The uploaded files by the name of their field."""
        return MultiMap([(name, value) for name, value in self._pairs if isinstance(value, File)])

    def close(self) -> None:
        """Remove the data of the uploaded files."""
        for value in self.values():
            if isinstance(value, File):
                value.close()


async def read_form(content_type: str, chunks: AsyncIterator[bytes], limits: Limits) -> FormData:
    """The form that a body holds: URL-encoded (URL standard) or multipart (RFC 7578).

    Raises UnsupportedMediaType for another content type, BadRequest for a malformed body,
    ContentTooLarge for one beyond the limits.
    """
    essence, parameters = parse_media_type(content_type)
    if essence == "application/x-www-form-urlencoded":
        return _parse_urlencoded(b"".join([chunk async for chunk in chunks]), limits)
    if essence == "multipart/form-data":
        from pyastro.runtime.multipart import read_multipart

        return FormData(await read_multipart(parameters.get("boundary", ""), chunks, limits))
    raise UnsupportedMediaType(
        f"The request holds no form; its content type is {content_type or 'missing'!r}"
    )


def _parse_urlencoded(body: bytes, limits: Limits) -> FormData:
    if body.count(b"&") >= limits.fields:
        raise ContentTooLarge(f"The form has more than {limits.fields} fields")
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    if any(len(name) > limits.name_size or len(value) > limits.field_size for name, value in pairs):
        raise ContentTooLarge(f"A field of the form is larger than {limits.field_size} bytes")
    return FormData(pairs)
