"""A response of the site's, sent through aiohttp."""

import logging
from collections.abc import AsyncGenerator

from aiohttp import web
from multidict import CIMultiDict

from pyastro.runtime.failures import is_failure
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.headers import Headers
from pyastro.runtime.outgoing import is_closing, known_body, outgoing_fields
from pyastro.runtime.response import Response
from pyastro.runtime.server.stalls import WriteDeadline, flush
from pyastro.runtime.server.stretches import send_stretch
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.server")

_PIECE = 64 * 1024


async def send(response: Response, message: web.BaseRequest, write_seconds: float) -> web.StreamResponse:
    """Sends a response, and gives aiohttp's object for it.

    A client that takes nothing for `write_seconds` is cut off. A stream that breaks after its first byte ends without
    the end that the client expects, so that it cannot be taken for a whole.
    """
    head = _head(response, message)
    try:
        await _send_body(head, response, message, write_seconds)
        await flush(message.transport, write_seconds)
    except BaseException as error:
        if not is_failure(error):
            raise
        if not isinstance(error, ConnectionError):  # a client that went away is nobody's failure
            log.error(
                "%s %s broke while it was sent", message.method, message.raw_path, exc_info=rewrite(error)
            )
        await _cut(head, response, message)
    return head


def _head(response: Response, message: web.BaseRequest) -> web.StreamResponse:
    """aiohttp's response without the body; one that is small and known holds it already."""
    fields = _fields(response.headers)
    data = known_body(response)
    if data is not None:
        fields["content-length"] = str(len(data))
    if response.body is None or (data is not None and len(data) <= _PIECE):
        head: web.StreamResponse = web.Response(
            body=data or None, status=response.status, reason=response.reason, headers=fields
        )
    else:
        head = web.StreamResponse(status=response.status, reason=response.reason, headers=fields)
    if is_closing(response.headers):
        head.force_close()
    return head


def _fields(headers: Headers) -> CIMultiDict[str]:
    """The site's fields for aiohttp.

    A value holds one character for each byte; aiohttp sends text as UTF-8. What is UTF-8 comes out as it went in.
    """
    fields = CIMultiDict([("server", "pyastro")])
    for name, value in outgoing_fields(headers):
        fields.add(name, value if value.isascii() else _utf8(value))
    return fields


def _utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


async def _send_body(
    head: web.StreamResponse, response: Response, message: web.BaseRequest, write_seconds: float
) -> None:
    async with WriteDeadline(write_seconds):
        await head.prepare(message)
        if isinstance(head, web.Response):
            await head.write_eof()
            return
    if isinstance(response.body, FileBody):
        await send_stretch(head, response.body, message, write_seconds)
    else:
        pieces = response.stream()
        try:
            async for piece in pieces:
                await _write(head, piece, write_seconds)
        finally:
            if isinstance(pieces, AsyncGenerator):  # whatever stands behind the stream is let go of at once
                await pieces.aclose()
    async with WriteDeadline(write_seconds):
        await head.write_eof()


async def _write(head: web.StreamResponse, piece: bytes, write_seconds: float) -> None:
    """Writes a piece of any size; each 64 KB of it have the whole time."""
    for start in range(0, len(piece), _PIECE):
        async with WriteDeadline(write_seconds):
            await head.write(piece[start : start + _PIECE])


async def _cut(head: web.StreamResponse, response: Response, message: web.BaseRequest) -> None:
    """Ends the connection at once, without the end of the response, and the stream behind it."""
    head.force_close()
    if message.transport is not None:
        message.transport.abort()
    try:
        await response.close()
    except Exception as error:
        log.error(
            "%s %s: its stream failed to close", message.method, message.raw_path, exc_info=rewrite(error)
        )
