"""Compressing what is sent. Only gzip, which needs nothing but the standard library; files have better forms beside them."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator

from pyastro.runtime.encodings import preferred_coding
from pyastro.runtime.headers import Headers
from pyastro.runtime.outgoing import known_body
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.threads import run_sync

# Events have to arrive one by one, whatever stands between here and the browser.
_TEXT = re.compile(
    r"(?:text/(?!event-stream\b)|application/(?:json|javascript|xml)\b|[\w.-]+/[\w.-]+\+(?:json|xml)\b)",
    re.ASCII,
)
_WITHOUT = frozenset((204, 205, 206, 304))
_SHORTEST = 1024  # shorter ones fit into a packet anyway
_LONGEST_AT_ONCE = 64 * 1024
_LEVEL = 5
_GZIP = 16 + zlib.MAX_WBITS


async def compress(response: Response, request: Request) -> None:
    """Compresses a response in place, where it is text and its client accepts that.

    Left alone are short ones, parts of files, what has a coding of its own, what forbids it with
    `Cache-Control: no-transform`, and server-sent events. A stream is compressed piece by piece, each of which can be
    read at once.
    """
    if not _is_compressible(response):
        return
    headers = response.headers
    _vary(headers)
    if preferred_coding(request.headers.get("accept-encoding"), ("gzip",)) is None:
        return
    headers.delete("content-length")
    headers.delete("accept-ranges")
    if request.method == "HEAD":
        return  # how long it would be is not known
    headers["content-encoding"] = "gzip"
    tag = headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        headers["etag"] = f"W/{tag}"  # other bytes than those that it stands for
    data = known_body(response)
    if data is None:
        response.body = _Compressed(Response(response.body))
    else:
        response.body = _gzip(data) if len(data) <= _LONGEST_AT_ONCE else await run_sync(_gzip, data)


def _is_compressible(response: Response) -> bool:
    headers = response.headers
    return (
        response.status not in _WITHOUT
        and _TEXT.match(headers.get("content-type", "").lower()) is not None
        and not headers.has("content-encoding")
        and "no-transform" not in headers.get("cache-control", "").lower()
        and _length(response) >= _SHORTEST
    )


def _length(response: Response) -> int:
    """How long a body is, as far as that is known; a stream counts as long."""
    data = known_body(response)
    if data is not None:
        return len(data)
    announced = response.headers.get("content-length", "")
    if announced.isdecimal():
        return int(announced)
    return 0 if response.body is None else _SHORTEST


def _vary(headers: Headers) -> None:
    names = headers.get("vary", "")
    if not {"*", "accept-encoding"} & {name.strip() for name in names.lower().split(",")}:
        headers["vary"] = f"{names}, accept-encoding" if names else "accept-encoding"


def _gzip(data: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, wbits=_GZIP)
    return compressor.compress(data) + compressor.flush()


class _Compressed:
    """The body of a response, compressed."""

    def __init__(self, plain: Response) -> None:
        self._plain = plain
        self._pieces = plain.stream()
        self._compressor = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise StopAsyncIteration
        piece = await anext(self._pieces, None)
        if piece is None:
            self._is_over = True
            return self._compressor.flush()
        return self._compressor.compress(piece) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    async def aclose(self) -> None:
        """Closes the stream behind it."""
        await self._pieces.aclose()
        await self._plain.close()
