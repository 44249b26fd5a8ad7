"""What `fetch` returns."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypeAlias
from weakref import finalize

from pyastro.runtime.errors import BodyUsed, FetchError
from pyastro.runtime.fetch_exchange import Received
from pyastro.runtime.headers import Headers
from pyastro.runtime.media_type import decode_text, parse_json
from pyastro.runtime.url import URL

__all__ = ["FetchResponse"]

# inside FetchResponse, `bytes` is a method
Bytes: TypeAlias = bytes


class FetchResponse:
    """Another server's response.

    One whose body was not read yet (`fetch(…, stream=True)`) holds a connection until it was, until
    `close`, the end of an `async with`, or until it is forgotten.
    """

    def __init__(self, received: Received) -> None:
        """Make a response of what the client received."""
        self.status = received.status
        """The status code."""
        self.status_text = received.status_text
        """The reason phrase, as the server wrote it."""
        self.url = URL(received.url)
        """Where the response came from, after redirects."""
        self.headers = Headers(received.fields)
        """The headers. The body is decompressed whatever `Content-Encoding` says."""
        self._body: bytes | None = None
        self._pieces: AsyncGenerator[Bytes, None] | None = received.pieces
        self._finalizer = finalize(self, received.close)
        self._finalizer.atexit = False

    @property
    def ok(self) -> bool:
        """Whether the status says success: 200 to 299."""
        return 200 <= self.status <= 299

    async def bytes(self) -> Bytes:
        """The whole body. Raises FetchError when it breaks off, BodyUsed after `stream()`."""
        if self._body is None:
            self._body = b"".join([chunk async for chunk in self.stream()])
        return self._body

    async def text(self) -> str:
        """The whole body as text, in the charset of its content type, else UTF-8."""
        return decode_text(await self.bytes(), self.headers.get("content-type"))

    async def json(self) -> Any:
        """The value of a JSON body. Raises FetchError when it is none."""
        try:
            return parse_json(await self.bytes(), f"The body of {self.url}")
        except ValueError as error:
            raise FetchError(str(error)) from error

    async def stream(self) -> AsyncGenerator[Bytes, None]:
        """The body in pieces, as they arrive. Raises FetchError when it breaks off."""
        if self._body is not None:
            yield self._body
            return
        pieces, self._pieces = self._pieces, None
        if pieces is None:
            raise BodyUsed("This response's body is a stream, and was read already")
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
        finally:
            self._finalizer()

    def close(self) -> None:
        """Give up what was not read of the body."""
        self._pieces = None
        self._finalizer()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<FetchResponse {self.status} {self.url}>"
