"""A response of the site's as messages of ASGI's."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import BinaryIO

from pyastro.asgi.connection import Connection, Gone
from pyastro.runtime.failures import is_failure
from pyastro.runtime.file_body import FileBody
from pyastro.runtime.outgoing import is_closing, known_body, outgoing_fields
from pyastro.runtime.response import Response
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.asgi")

_PIECE = 64 * 1024
_WITHOUT_LENGTH = (204, 304)


class BrokenResponse(RuntimeError):
    """A response failed after its head was sent: the server has to cut the connection.

    Servers log it with its traceback, which would only show how the response was sent. Why it broke is logged already.
    """

    @property
    def __traceback__(self) -> None:  # type: ignore[override]
        """Nothing that could be of use."""


async def send_response(response: Response, connection: Connection, request_id: str) -> None:
    """Sends the response to a request, which the log calls `request_id`.

    Raises BrokenResponse for one that breaks after its first byte, so that the server does not end it as if it were
    whole. A client that went away, or takes nothing, is nobody's failure.
    """
    data = known_body(response)
    try:
        await connection.send(_start(response, data, connection))
        if data is not None or response.body is None:
            await _send_whole(data or b"", connection)
        else:
            await _send_pieces(_pieces(response), connection)
    except BaseException as error:
        await _close(response, connection)
        if isinstance(error, Gone):
            log.debug("%s: %s", connection, error)
        elif is_failure(error):
            # Not every server reports the cause of what it catches.
            log.error(
                "%s broke while it was sent (request %s)",
                connection,
                request_id,
                exc_info=rewrite(error),
                extra={"request_id": request_id},
            )
            raise BrokenResponse(
                f"The response to request {request_id} broke while it was sent; pyastro.asgi has logged why"
            ) from None
        else:
            raise


def _start(response: Response, data: bytes | None, connection: Connection) -> dict[str, object]:
    method, version = connection.scope["method"], connection.scope["http_version"]
    is_known = data is not None or (response.body is None and method != "HEAD")
    fields = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in outgoing_fields(response.headers, without_length=is_known)
    ]
    if is_known and response.status not in _WITHOUT_LENGTH:
        fields.append((b"content-length", str(len(data or b"")).encode()))
    if is_closing(response.headers) and version in ("1.0", "1.1"):  # no field of HTTP/2 (RFC 9113, 8.2.2)
        fields.append((b"connection", b"close"))
    return {"type": "http.response.start", "status": response.status, "headers": fields}


async def _send_whole(data: bytes, connection: Connection) -> None:
    """Sends a body that is known: each 64 KB of it have the whole time for a write."""
    for start in range(0, max(len(data), 1), _PIECE):
        more = start + _PIECE < len(data)
        piece = data[start : start + _PIECE]
        await connection.send({"type": "http.response.body", "body": piece, "more_body": more})


async def _send_pieces(pieces: AsyncGenerator[bytes, None], connection: Connection) -> None:
    try:
        async for piece in pieces:
            for start in range(0, len(piece), _PIECE):
                part = piece[start : start + _PIECE]
                await connection.send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        await pieces.aclose()  # whatever stands behind the stream is let go of at once
    await connection.send({"type": "http.response.body", "body": b"", "more_body": False})


def _pieces(response: Response) -> AsyncGenerator[bytes, None]:
    return _stretch(response.body) if isinstance(response.body, FileBody) else response.stream()


async def _stretch(body: FileBody) -> AsyncGenerator[bytes, None]:
    """A stretch of a file. A small one is read at once, which takes less time than to ask a thread for it."""
    with body.open() as file:
        left = body.length
        while left > 0:
            piece = await _read(file, min(left, _PIECE), in_thread=body.length > _PIECE)
            if not piece:
                raise OSError(f"{body.path} became shorter while it was sent")
            left -= len(piece)
            yield piece


async def _read(file: BinaryIO, count: int, *, in_thread: bool) -> bytes:
    return await asyncio.to_thread(file.read, count) if in_thread else file.read(count)


async def _close(response: Response, connection: Connection) -> None:
    """Closes the stream behind a response that was not sent to its end."""
    try:
        await response.close()
    except Exception as error:
        log.error("%s: its stream failed to close", connection, exc_info=rewrite(error))
