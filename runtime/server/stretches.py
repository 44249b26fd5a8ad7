"""Sending a stretch of a file."""

import asyncio
from typing import BinaryIO

from aiohttp import web

from pyastro.runtime.file_body import FileBody
from pyastro.runtime.server.stalls import WriteDeadline

_SMALL = 64 * 1024
_PIECE = 256 * 1024


async def send_stretch(
    head: web.StreamResponse, body: FileBody, message: web.BaseRequest, write_seconds: float
) -> None:
    """Sends part of a file after a head that is already sent.

    A small one is read at once, which takes less time than to ask a thread for it. A larger one is handed to the
    operating system piece by piece, so that a client that takes nothing is noticed.
    """
    with body.open() as file:
        if body.length <= _SMALL:
            async with WriteDeadline(write_seconds):
                await head.write(file.read(body.length))
            return
        offset, end = body.offset, body.offset + body.length
        while offset < end:
            count = min(_PIECE, end - offset)
            async with WriteDeadline(write_seconds):
                sent = await _send_piece(head, file, offset, count, message)
            if sent == 0:
                raise OSError(f"{body.path} became shorter while it was sent")
            offset += sent


async def _send_piece(
    head: web.StreamResponse, file: BinaryIO, offset: int, count: int, message: web.BaseRequest
) -> int:
    loop = asyncio.get_running_loop()
    transport = message.transport
    if transport is None:
        raise ConnectionResetError("the client went away")
    try:
        return await loop.sendfile(transport, file, offset, count, fallback=False)
    except (NotImplementedError, RuntimeError):  # uvloop and TLS: RuntimeError is SendfileNotAvailableError
        data = await loop.run_in_executor(None, _read, file, offset, count)
        await head.write(data)
        return len(data)


def _read(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)
