"""A server on this machine for pages to ask."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EVERY_BYTE = bytes(range(256))
LONG = 10.0
"""Seconds that it is silent."""


@contextmanager
def another_server() -> Iterator[str]:
    """Its origin."""
    server = _Server(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.is_over = threading.Event()
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients go away; that is what some of the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """What is asked for is the path's first segment."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""

    def _answer(self) -> None:
        path, _, self.query = self.path.partition("?")
        self.sent = self._body()
        getattr(self, f"_{path.strip('/')}")()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _send(self, status: int, body: bytes, *fields: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*fields, ("content-length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _echo(self) -> None:
        """What came, as JSON."""
        told = {
            "method": self.command,
            "query": self.query,
            "body": self.sent.decode(),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        cookies = [("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2")]
        self._send(201, json.dumps(told).encode(), ("content-type", "application/json"), *cookies)

    def _bytes(self) -> None:
        self._send(404, EVERY_BYTE, ("content-type", "application/octet-stream"))

    def _latin(self) -> None:
        self._send(200, b"\xe9", ("content-type", "text/plain; charset=latin1"))

    def _gzip(self) -> None:
        self._send(200, gzip.compress(b"unpacked"), ("content-encoding", "gzip"))

    def _nothing(self) -> None:
        self.send_response(204)
        self.end_headers()

    def _large(self) -> None:
        self._send(200, b"x" * 3_000_000)

    def _moved(self) -> None:
        """A redirect to what the query says."""
        self._send(302, b"", ("location", self.query))

    def _late(self) -> None:
        """No head for a long time."""
        self.server.is_over.wait(LONG)

    def _slow(self) -> None:
        """A beginning, and no end for a long time."""
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b"first")
        self.wfile.flush()
        self.server.is_over.wait(LONG)

    def _broken(self) -> None:
        """A body that ends before its end."""
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b"first")
        self.close_connection = True
