"""A request's body: read when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, TypeAlias

from pyastro.runtime.errors import BodyUsed, ContentTooLarge
from pyastro.runtime.forms import FormData, read_form
from pyastro.runtime.limits import Limits
from pyastro.runtime.media_type import encode_text

if TYPE_CHECKING:
    from asyncio import Lock

__all__ = ["BodyInit", "RequestBody"]

BodyInit: TypeAlias = bytes | str | AsyncIterator[bytes] | None


class RequestBody:
    """Bytes that are known, or that arrive as a stream.

    Tasks that read at once wait for each other and get the same. Every way to read raises
    ContentTooLarge beyond the limits, and BodyUsed for a stream that was taken another way before.
    """

    __slots__ = ("_bytes", "_form", "_limits", "_lock", "_stream")

    def __init__(self, body: BodyInit, limits: Limits) -> None:
        """Make a body of bytes, of text in UTF-8, of a stream, or of nothing."""
        self._bytes: bytes | None = None
        self._stream: AsyncIterator[bytes] | None = None
        if body is None or isinstance(body, str):
            self._bytes = encode_text(body or "")
        elif isinstance(body, AsyncIterator):
            self._stream = body
        else:
            self._bytes = bytes(body)
        self._limits = limits
        self._form: FormData | None = None
        self._lock: Lock | None = None

    async def read(self) -> bytes:
        """The whole body."""
        if self._bytes is None:
            async with self._reading():
                if self._bytes is None:
                    self._bytes = b"".join([chunk async for chunk in self.stream()])
        return self._bytes

    async def read_form(self, content_type: str) -> FormData:
        """The form that the body holds; see `pyastro.runtime.forms.read_form`."""
        async with self._reading():
            if self._form is None:
                self._form = await read_form(content_type, self.stream(), self._limits)
            return self._form

    async def stream(self) -> AsyncIterator[bytes]:
        """The body in pieces, as they arrive."""
        size = 0
        async for chunk in self._take():
            size += len(chunk)
            if size > self._limits.body:
                raise ContentTooLarge(f"The request's body is larger than {self._limits.body} bytes")
            yield chunk

    def close(self) -> None:
        """Remove the data of uploaded files."""
        if self._form is not None:
            self._form.close()

    def _take(self) -> AsyncIterator[bytes]:
        if self._bytes is not None:
            return _once(self._bytes)
        stream, self._stream = self._stream, None
        if stream is None:
            raise BodyUsed("The request's body was taken already, by stream() or form_data()")
        return stream

    def _reading(self) -> Lock:
        """What lets one task read at a time."""
        if self._lock is None:
            import asyncio

            self._lock = asyncio.Lock()
        return self._lock


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
