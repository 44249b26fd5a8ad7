"""`python -m benchmarks.load PORT PATH REQUESTS CONNECTIONS`: requests over connections that are kept alive.

It runs in a process of its own and only ever calls this machine. Exits with 1 where an answer is not a 200.
"""

import asyncio
import re
import sys

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Client(asyncio.Protocol):
    """One connection: it asks again as soon as an answer is complete, while there are requests left."""

    def __init__(self, request: bytes, left: list[None]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._left = left
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        if self._left:
            self._left.pop()
            self._transport.write(self._request)
        else:
            self._transport.close()
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if is_complete(self._received):
            if self._received.startswith(b"HTTP/1.1 200 "):
                self._received.clear()
                self._ask()
            else:
                self._transport.close()
                self._fail(bytes(self._received[:200]).decode("latin-1"))

    def connection_lost(self, error: Exception | None) -> None:
        self._fail("the server closed a connection")

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(why))


def is_complete(received: bytes | bytearray) -> bool:
    """Is this a whole response, head and body?"""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(received[:end])
    if _CHUNKED.search(head):
        return received.endswith(_LAST_CHUNK)
    length = _LENGTH.search(head)
    return length is not None and len(received) >= end + 4 + int(length[1])


async def load(port: int, path: str, requests: int, connections: int) -> None:
    """Send so many requests. Raises OSError where the server does not answer them all with 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n".encode()
    left = [None] * requests
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: Client(request, left), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(client.done for client in clients))


def main() -> int:
    """Send what the command line asks for."""
    port, path, requests, connections = sys.argv[1:]
    try:
        asyncio.run(load(int(port), path, int(requests), int(connections)))
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
