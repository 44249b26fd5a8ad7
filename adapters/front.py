"""What stands in front of a function at its host, for looking at a pack on this machine: files first, then the function."""

import signal
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from urllib.parse import unquote

from pyastro.adapters.host_rules import HEADERS, REDIRECTS, Rule, read_headers
from pyastro.runtime.content_types import content_type

Fields = Sequence[tuple[str, str]]
_LONGEST_LINE = 8192


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    """The path and the query, percent-encoded."""
    fields: Fields
    body: bytes
    client: str

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    def field(self, name: str) -> str:
        """The value of a header, "" where there is none."""
        return next((value for each, value in self.fields if each.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Answered:
    """A response. One whose body comes from a connection has to be closed."""

    status: int
    fields: Fields = ()
    body: bytes | Iterable[bytes] = b""
    """What is iterated is sent as it comes."""
    connection: HTTPConnection | None = None

    @property
    def length(self) -> str | None:
        """How long the body is, where that is known."""
        if isinstance(self.body, bytes):
            return None if self.status in (204, 304) else str(len(self.body))
        return next((value for name, value in self.fields if name.lower() == "content-length"), None)

    def read(self) -> bytes:
        """The whole body; the response is closed then."""
        try:
            return self.body if isinstance(self.body, bytes) else b"".join(self.body)
        finally:
            self.close()

    def close(self) -> None:
        """Give up what was not read."""
        if self.connection is not None:
            self.connection.close()


Answer = Callable[[Asked], Answered]


@dataclass(frozen=True)
class PublicFolder:
    """Files that are sent without asking the function: `/about` is `about`, `about/index.html` or `about.html`."""

    folder: Path
    rules: Sequence[Rule] = field(default=())
    """Headers for the paths that a pattern matches as a whole."""

    @classmethod
    def with_rules(cls, folder: Path) -> "PublicFolder":
        """One whose file `_headers` has the rules. Neither it nor its like is sent."""
        file = folder / HEADERS
        return cls(folder, read_headers(file.read_text("utf-8")) if file.is_file() else ())

    def find(self, asked: Asked) -> Answered | None:
        """The file for a request; None where the function has to answer."""
        file = self._file(asked.path) if asked.method in ("GET", "HEAD") else None
        if file is None or file in (self.folder / HEADERS, self.folder / REDIRECTS):
            return None
        headers = {
            "content-type": content_type(file.name),
            "cache-control": "public, max-age=0, must-revalidate",
        }
        for pattern, more in self.rules:
            headers.update(more if pattern.fullmatch(asked.path) else {})
        return Answered(200, tuple(headers.items()), file.read_bytes())

    def _file(self, path: str) -> Path | None:
        segments = [unquote(segment) for segment in path.split("/")[1:]]
        if "" in segments[:-1] or any(each in (".", "..") or set(each) & set("/\\\0") for each in segments):
            return None
        place = self.folder.joinpath(*segments)
        named = [] if path.endswith("/") else [place, place.with_name(f"{place.name}.html")]
        return next((file for file in (*named, place / "index.html") if file.is_file()), None)


def forward(asked: Asked, port: int, more: Fields = ()) -> Answered:
    """What a server on this machine answers to a request that gets some headers more."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        replaced = {"connection", "content-length", "transfer-encoding", *(name for name, _ in more)}
        kept = [(name, value) for name, value in asked.fields if name.lower() not in replaced]
        for name, value in (*kept, *more):
            connection.putheader(name, value.encode("latin-1"))
        connection.putheader("content-length", str(len(asked.body)))
        connection.endheaders(asked.body)
        response = connection.getresponse()
    except BaseException:
        connection.close()
        raise
    pieces = iter(lambda: response.read1(65536), b"")
    return Answered(response.status, response.getheaders(), pieces, connection)


def files_first(files: PublicFolder, port: int, fields: Callable[[Asked], Fields]) -> Answer:
    """What a site answers: a file, or else what a server on this machine does, which gets some headers more."""
    return lambda asked: files.find(asked) or forward(asked, port, fields(asked))


def serve_files(files: PublicFolder, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """`serve_front` for a site of files alone, with its page for what is missing."""
    missing = files.folder / "404.html"

    def answer(asked: Asked) -> Answered:
        html = missing.read_bytes() if missing.is_file() else b"Not found"
        return files.find(asked) or Answered(404, [("content-type", "text/html; charset=utf-8")], html)

    return serve_front(answer, host, port, on_listening)


def serve_front(answer: Answer, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """Serve until SIGTERM or SIGINT comes; the exit status. Raises OSError for a port that is taken."""
    server = QuietServer((host, port), handler_of(answer))
    stop = threading.Event()
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        name = f"[{host}]" if ":" in host else host
        on_listening(f"http://{name}:{server.server_port}/")
        stop.wait()
    finally:
        server.shutdown()
        server.server_close()
        for each, handler in before.items():
            signal.signal(each, handler)
    return 0


class QuietServer(ThreadingHTTPServer):
    """A server of this machine's own, which says nothing of clients that go away."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing is printed."""


class QuietHandler(BaseHTTPRequestHandler):
    """A connection that stays open, and sends a whole response at once."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""


class _AnsweringHandler(QuietHandler):
    """A connection whose requests a function answers."""

    @staticmethod
    def answer(asked: Asked) -> Answered:
        """The answer to a request."""
        raise NotImplementedError

    def _answer(self) -> None:
        try:
            body = _body(self.headers, self.rfile)
        except ValueError:  # where the next request begins nobody knows
            self.close_connection = True
            self._send(Answered(400))
            return
        fields = [(name, value) for name, value in self.headers.items()]
        try:
            found = self.answer(Asked(self.command, self.path, fields, body, str(self.client_address[0])))
        except (OSError, HTTPException) as error:
            found = Answered(502, [("content-type", "text/plain; charset=utf-8")], f"{error}\n".encode())
        self._send(found)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def _send(self, found: Answered) -> None:
        try:
            self._send_head(found)
            if self.command != "HEAD" and found.status not in (204, 304):
                self._send_body(found)
        finally:
            found.close()

    def _send_head(self, found: Answered) -> None:
        self.send_response_only(found.status)
        for name, value in found.fields:
            if name.lower() not in ("connection", "content-length", "keep-alive", "transfer-encoding"):
                self.send_header(name, value)
        length = found.length
        if length is not None:
            self.send_header("content-length", length)
        elif found.status not in (204, 304):
            self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _send_body(self, found: Answered) -> None:
        """Whatever is raised on the way cuts the connection, so that the client notices."""
        is_chunked = found.length is None
        for piece in [found.body] if isinstance(found.body, bytes) else found.body:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
            self.wfile.flush()
        if is_chunked:
            self.wfile.write(b"0\r\n\r\n")


def handler_of(answer: Answer) -> type[BaseHTTPRequestHandler]:
    """What answers the requests of a connection."""
    return type("Handler", (_AnsweringHandler,), {"answer": staticmethod(answer)})


def _body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body of a request. Raises ValueError for one that does not end where it says."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        length = int(headers.get("content-length") or 0)
        return stream.read(max(length, 0))
    pieces = []
    while size := int(stream.readline(_LONGEST_LINE).partition(b";")[0], 16):  # RFC 9112, 7.1
        pieces.append(stream.read(size))
        if stream.readline(_LONGEST_LINE).strip():
            raise ValueError("a chunk is longer than it says")
    while stream.readline(_LONGEST_LINE).strip():
        pass  # fields behind the body
    return b"".join(pieces)
