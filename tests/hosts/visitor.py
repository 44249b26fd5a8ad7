"""A browser without a screen: it keeps cookies, and follows no redirect."""

import json as json_module
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media_type(self) -> str:
        """The content type without what servers spell as they like: case, and spaces."""
        return self.headers.get("content-type", "").lower().replace(" ", "")

    @property
    def json(self) -> Any:
        return json_module.loads(self.body)

    @property
    def cookies(self) -> SimpleCookie:
        return SimpleCookie("\r\n".join(self.headers.get_all("set-cookie", [])))


class Visitor:
    """Asks one server, each time on a connection of its own."""

    def __init__(self, port: int, root: str = "") -> None:
        self.port = port
        self.root = root
        self.cookies: dict[str, str] = {}

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        **headers: str,
    ) -> Answer:
        """The answer to a request for a path below the root; an iterable is sent in chunks."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, self.root + path, skip_host="host" in headers)
            for name, value in self._fields(body, headers):
                connection.putheader(name, value)
            connection.endheaders(body, encode_chunked=not isinstance(body, bytes | None))
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        self.cookies.update({name: morsel.value for name, morsel in answer.cookies.items()})
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def _fields(
        self, body: bytes | Iterable[bytes] | None, headers: dict[str, str]
    ) -> Iterable[tuple[str, str]]:
        yield from ((name.replace("_", "-"), value) for name, value in headers.items())
        if self.cookies:
            yield "cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if isinstance(body, bytes):
            yield "content-length", str(len(body))
        elif body is not None:
            yield "transfer-encoding", "chunked"


def raw(port: int, data: bytes) -> bytes:
    """Everything that comes back for some bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.sendall(data)
        found = b""
        try:
            while piece := client.recv(65536):
                found += piece
        except ConnectionResetError:
            pass
        return found


def eventually(check: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while not (done := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return done
