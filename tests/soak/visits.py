"""Clients of every kind: those that wait for the end, and those that do not."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count

from tests.soak.site import LARGE

Visit = Callable[[int, int], Awaitable[str]]
"""One client's request to a port; its number makes it different. Gives what came of it, in a word."""

_SECONDS = 30.0
_BOUNDARY = b"--soak\r\n"


async def _exchange(port: int, request: bytes, read: int = -1) -> bytes:
    """What a server answers; with `read`, the connection is broken off after so many bytes of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        if read < 0:
            return await asyncio.wait_for(reader.read(), _SECONDS)
        return await asyncio.wait_for(reader.readexactly(read), _SECONDS) if read else b""
    except (ConnectionError, asyncio.IncompleteReadError):
        return b""
    finally:
        writer.transport.abort()


def _get(path: str, *fields: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *fields, "", ""]
    return "\r\n".join(lines).encode()


def whole(path: str, status: int, *fields: str) -> Visit:
    """A client that wants all of it: the answer has to have this status, and be about this request alone."""

    async def visit(port: int, number: int) -> str:
        name = f"n{number}"
        answer = await _exchange(port, _get(f"{path}?name={name}", *fields))
        assert answer.startswith(b"HTTP/1.1 %d " % status), (path, answer[:200])
        if status == 200 and path == "/":
            assert answer.count(name.encode()) >= 51, f"{path}: an answer for somebody else"
        return str(status)

    return visit


def cut(path: str) -> Visit:
    """A client that gets an answer which the server breaks off."""

    async def visit(port: int, number: int) -> str:
        answer = await _exchange(port, _get(path))
        assert not answer.endswith(b"0\r\n\r\n"), "a broken answer that looks whole"
        return "cut"

    return visit


def aborted(path: str, read: int) -> Visit:
    """A client that goes away after some bytes of the answer, or before it."""

    async def visit(port: int, number: int) -> str:
        await _exchange(port, _get(path), read)
        return "aborted"

    return visit


async def upload(port: int, number: int, sent: float = 1.0) -> str:
    """A client that sends a file, or breaks off when it has sent a part."""
    part = _BOUNDARY + b'content-disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * LARGE
    body = part + b"\r\n--soak--\r\n"
    head = (
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=soak\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request = head.encode() + body[: int(len(body) * sent)]
    if sent < 1:
        await _exchange(port, request, 0)
        return "aborted"
    answer = await _exchange(port, request)
    assert answer.endswith(str(LARGE).encode()), answer[:200]
    return "200"


async def half_an_upload(port: int, number: int) -> str:
    """A client that breaks off in the middle of a file."""
    return await upload(port, number, 0.5)


async def half_a_head(port: int, number: int) -> str:
    """A client that breaks off in the middle of a head."""
    await _exchange(port, b"GET / HTTP/1.1\r\nHost: local", 0)
    return "aborted"


async def nonsense(port: int, number: int) -> str:
    """A client that speaks no HTTP."""
    await _exchange(port, b"\x16\x03\x01nonsense\r\n\r\n")
    return "nonsense"


VISITS: tuple[Visit, ...] = (
    whole("/", 200),
    whole("/", 200),
    whole("/visits", 200),
    whole("/stream", 200),
    whole("/large.bin", 200),
    whole("/large.bin", 206, "Range: bytes=1000-90000"),
    whole("/nowhere", 404),
    whole("/fails", 500),
    whole("/exits", 500),
    cut("/breaks"),
    upload,
    aborted("/slow", 0),
    aborted("/", 20),
    aborted("/stream", 250),
    aborted("/ticks", 3000),
    aborted("/large.bin", 50_000),
    half_an_upload,
    half_a_head,
    nonsense,
)


async def visit_often(port: int, requests: int, together: int) -> Counter[str]:
    """Asks so often, with so many clients at a time. Gives how often each outcome came."""
    numbers, outcomes = count(), Counter[str]()

    async def client() -> None:
        while (number := next(numbers)) < requests:
            outcomes[await VISITS[number % len(VISITS)](port, number)] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(together):
            group.create_task(client())
    return outcomes
