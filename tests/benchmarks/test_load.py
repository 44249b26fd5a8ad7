"""The load generator knows a whole response, and sends as many requests as it was asked for."""

import asyncio

import pytest

from benchmarks.load import is_complete, load

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("received", "complete"),
    [
        (HEAD, False),
        (HEAD + b"Content-Length: 2\r\n\r\n", False),
        (HEAD + b"Content-Length: 2\r\n\r\na", False),
        (HEAD + b"Content-Length: 2\r\n\r\nab", True),
        (HEAD + b"content-length:0\r\n\r\n", True),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", False),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", True),
    ],
)
def test_a_response_is_complete_with_its_body(received: bytes, complete: bool) -> None:
    assert is_complete(received) is complete


async def _serve(answer: bytes, requests: int) -> tuple[int, int]:
    """How many connections and requests arrive."""
    seen = {"connections": 0, "requests": 0}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen["connections"] += 1
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            seen["requests"] += 1
            writer.write(answer)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.wait_for(load(port, "/", requests, 3), 10)
    return seen["connections"], seen["requests"]


def test_requests_go_over_connections_that_are_kept_alive() -> None:
    assert asyncio.run(_serve(HEAD + b"Content-Length: 2\r\n\r\nab", 20)) == (3, 20)


def test_an_answer_that_is_no_200_ends_it() -> None:
    with pytest.raises(ConnectionError, match="503"):
        asyncio.run(_serve(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 20))
