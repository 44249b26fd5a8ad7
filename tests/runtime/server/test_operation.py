"""What those who run a server rely on: its logs, its health, request ids, compression, and how it stops."""

import asyncio
import gzip
import logging
import re
import socket
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.hosts import Hosts
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.server import Settings, serve_site
from pyastro.runtime.server.sockets import listen
from tests.runtime.server.servers import ask, live, send
from tests.runtime.site_builds import endpoint, html, page

TEXT = "words and words " * 200
Log = pytest.LogCaptureFixture


def test_a_request_has_an_id(tmp_path: Path, caplog: Log) -> None:
    async def test(port: int) -> None:
        made = (await ask(port, "/")).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{16}", made)
        assert (await ask(port, "/")).headers["x-request-id"] != made
        assert (await ask(port, "/a.txt")).headers["x-request-id"]
        given = await ask(port, "/", x_request_id="abc-1.2:3")
        assert given.headers["x-request-id"] == "abc-1.2:3"
        for strange in ("a b", "x" * 129, '"', "\u00e9"):
            assert re.fullmatch(
                r"[0-9a-f]{16}", (await ask(port, "/", x_request_id=strange)).headers["x-request-id"]
            )
        assert (await ask(port, "/own")).headers["x-request-id"] == "mine"
        failed = await ask(port, "/fails", x_request_id="find-me")
        assert (failed.status, failed.headers["x-request-id"]) == (500, "find-me")
        assert b"Request find-me" in failed.body

    modules = {
        "/": html("x"),
        "/own": page("return Response('x', headers={'X-Request-Id': 'mine'})"),
        "/fails": page("1 / 0"),
    }
    with caplog.at_level(logging.ERROR):
        live(tmp_path, modules, test, public={"a.txt": b"a"})
    (record,) = caplog.records
    assert record.message == "GET /fails failed (request find-me)"
    assert record.__dict__["request_id"] == "find-me"


def test_every_answer_names_its_request(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for path, method, status, fields in [
            ("/healthz", "GET", 200, {}),
            ("/", "POST", 413, {"content_length": "99999999999"}),
            ("/", "GET", 417, {"expect": "tea"}),
            ("/", "GET", 400, {"host": "a b"}),
            ("/", "BREW", 501, {}),
        ]:
            answer = await ask(port, path, method, x_request_id="find-me", **fields)
            assert answer.line.startswith(f"HTTP/1.1 {status} ")
            wanted = "find-me" if method != "BREW" else r"[0-9a-f]{16}"  # of that nothing was read
            assert re.fullmatch(wanted, answer.headers["x-request-id"])
            assert answer.headers["connection"] == "close"

    live(tmp_path, {"/": html("x")}, test, settings=Settings(port=0, health="/healthz"))


def test_a_response_that_breaks_is_found_by_its_id(tmp_path: Path, caplog: Log) -> None:
    async def test(port: int) -> None:
        await ask(port, "/breaks", x_request_id="find-me")

    body = "async def pieces():\n    yield 'one'\n    raise ValueError('no more')\nreturn Response(pieces())"
    with caplog.at_level(logging.INFO):
        live(tmp_path, {"/breaks": page(body)}, test, settings=Settings(port=0, access_log=True))
    failure = next(record for record in caplog.records if record.exc_info)
    assert failure.getMessage() == "GET /breaks: broke while it was sent (request find-me)"
    assert failure.__dict__["request_id"] == "find-me"
    (line,) = [record.getMessage() for record in caplog.records if record.name == "pyastro.access"]
    assert re.fullmatch(LINE.format("GET /breaks 500 3", "find-me"), line)


LINE = r"127\.0\.0\.1 {} \d+\.\dms {}"


def test_the_access_log(tmp_path: Path, caplog: Log) -> None:
    async def test(port: int) -> None:
        await ask(port, "/?password=secret", x_request_id="one")
        await ask(port, "/", "HEAD", x_request_id="two")
        await ask(port, "/big", x_request_id="three")
        await ask(port, "/stream", x_request_id="four")
        await ask(port, "/large.bin", x_request_id="five", range="bytes=0-99999")
        await ask(port, "/none%0A", x_request_id="six")
        await ask(port, "/", host="a b")
        await send(port, b"nonsense\r\n\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: seven\r\n\r\n")
        await reader.readuntil(b"begun")
        writer.transport.abort()
        while not caplog.records[-1].message.endswith("seven"):
            await asyncio.sleep(0.01)

    slow = "import asyncio\nasync def pieces():\n    yield 'begun'\n    await asyncio.sleep(60)\nreturn Response(pieces())"
    modules = {
        "/": html("four"),
        "/big": page("return Markup('x' * 100_000)"),
        "/stream": page("return Response(['one', 'two'])"),
        "/slow": page(slow),
    }
    with caplog.at_level(logging.INFO, "pyastro.access"):
        live(
            tmp_path,
            modules,
            test,
            public={"large.bin": b"x" * 200_000},
            settings=Settings(port=0, access_log=True),
        )
    expected = [
        LINE.format("GET / 200 4", "one"),
        LINE.format("HEAD / 200 0", "two"),
        LINE.format("GET /big 200 100000", "three"),
        LINE.format("GET /stream 200 6", "four"),
        LINE.format("GET /large.bin 206 100000", "five"),
        LINE.format(r"GET /none%0A 404 \d+", "six"),
        LINE.format("GET / 400 12", "[0-9a-f]{16}"),
        LINE.format(r"\S+ \S* 400 0", "[0-9a-f]{16}"),
        LINE.format("GET /slow 499 5", "seven"),
    ]
    lines = [record.message for record in caplog.records if record.name == "pyastro.access"]
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_no_access_log_by_default(tmp_path: Path, caplog: Log) -> None:
    async def test(port: int) -> None:
        assert (await ask(port, "/")).status == 200
        await send(port, b"nonsense\r\n\r\n")

    with caplog.at_level(logging.INFO, "pyastro.access"):
        live(tmp_path, {"/": html("x")}, test)
    assert not caplog.records


def test_health_until_the_server_stops(tmp_path: Path, caplog: Log) -> None:
    seen: list[tuple[int, bytes, str | None]] = []
    watchers: list[asyncio.Task[None]] = []

    async def watch(port: int) -> None:
        with suppress(OSError):  # at last nobody listens any more
            while True:
                health = await ask(port, "/up")
                seen.append((health.status, health.body, health.headers.get("connection")))
                await asyncio.sleep(0.02)

    async def test(port: int) -> None:
        head = await ask(port, "/up", "HEAD", host="any.example")
        assert (head.status, head.body) == (200, b"")
        assert (await ask(port, "/up", "POST")).status == 404
        assert (await ask(port, "/up/")).status == 404
        watchers.append(asyncio.create_task(watch(port)))
        await asyncio.sleep(0.1)

    settings = Settings(port=0, health="/up", access_log=True, deadlines=Deadlines(notice=0.3))
    with caplog.at_level(logging.INFO, "pyastro.access"):
        live(tmp_path, {"/": html("x")}, test, settings=settings)
    assert (seen[0][:2], seen[-1]) == ((200, b"ok\n"), (503, b"closing\n", "close"))
    assert not [record for record in caplog.records if "/up 200" in record.message]


def test_without_a_health_path_the_site_answers(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        assert (await ask(port, "/healthz")).body == b"mine"

    live(tmp_path, {"/healthz": html("mine")}, test)


COMPRESS = Settings(port=0, compress=True)


def respond(body: str, **headers: str) -> str:
    """An endpoint that answers with these headers."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return endpoint(f"def GET(context):\n    return Response({body}, headers={fields!r})\n")


MODULES = {
    "/page": html(TEXT),
    "/short": html("short"),
    "/large": page("return Markup('words and words ' * 9_000)"),
    "/json.py": respond(f"{TEXT!r}", content_type="application/ld+json", etag='"1"', vary="cookie"),
    "/image.py": respond(f"{TEXT!r}", content_type="image/png"),
    "/coded.py": respond(f"{TEXT!r}", content_type="text/plain", content_encoding="identity"),
    "/fixed.py": respond(f"{TEXT!r}", content_type="text/plain", cache_control="public, No-Transform"),
    "/events.py": respond(f"[{TEXT!r}]", content_type="text/event-stream"),
    "/stream.py": respond("['one', 'two']", content_type="text/plain"),
    "/missing.py": endpoint("def GET(context):\n    return Response('x' * 2000, 404)\n"),
}
PUBLIC = {
    "a.css": TEXT.encode(),
    "b.css": TEXT.encode(),
    "b.css.gz": gzip.compress(TEXT.encode(), 9),
    "a.png": TEXT.encode(),
}


def test_text_is_compressed(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for path in ("/page", "/large", "/json", "/a.css", "/b.css", "/missing"):
            plain = await ask(port, path)
            small = await ask(port, path, accept_encoding="br, gzip")
            assert "content-encoding" not in plain.headers
            assert "accept-encoding" in plain.headers["vary"]
            assert (small.status, small.headers["content-encoding"]) == (plain.status, "gzip")
            assert small.headers["vary"] == plain.headers["vary"]
            body = unchunked(small.body) if "transfer-encoding" in small.headers else small.body
            assert gzip.decompress(body) == plain.body
            assert len(body) < len(plain.body) / 5
        assert (await ask(port, "/json", accept_encoding="gzip")).headers["etag"] == 'W/"1"'
        assert (await ask(port, "/json")).headers["vary"] == "cookie, accept-encoding"
        assert (await ask(port, "/b.css", accept_encoding="gzip")).body == PUBLIC["b.css.gz"]
        head = await ask(port, "/page", "HEAD", accept_encoding="gzip")
        assert (head.body, head.headers.get("content-length"), head.headers["vary"]) == (
            b"",
            None,
            "accept-encoding",
        )
        assert (await ask(port, "/a.css", range="bytes=0-1999", accept_encoding="gzip")).body == TEXT[
            :2000
        ].encode()

    live(tmp_path, MODULES, test, public=PUBLIC, settings=COMPRESS)


def unchunked(body: bytes) -> bytes:
    data = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        data += body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]
    return data


def test_what_is_never_compressed(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for path in ("/short", "/image", "/coded", "/fixed", "/events", "/a.png"):
            answer = await ask(port, path, accept_encoding="gzip")
            assert answer.headers.get("content-encoding") in (None, "identity"), path
            assert TEXT.encode() in answer.body or path == "/short"
        for accepted in ("", "br", "gzip;q=0", "identity, gzip;q=0.5"):
            assert "content-encoding" not in (await ask(port, "/page", accept_encoding=accepted)).headers

    live(tmp_path, MODULES, test, public=PUBLIC, settings=COMPRESS)


def test_nothing_is_compressed_by_default(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(port, "/page", accept_encoding="gzip")
        assert not {"vary", "content-encoding"} & set(answer.headers)

    live(tmp_path, MODULES, test)


def test_each_piece_of_a_compressed_stream_can_be_read_at_once(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"content-encoding: gzip" in head.lower()
        size = int(await reader.readuntil(b"\r\n"), 16)
        assert zlib.decompressobj(31).decompress(await reader.readexactly(size)) == b"begun"
        writer.transport.abort()
        for _ in range(200):
            if (await ask(port, "/slow", "POST")).body == b"closed":
                return
            await asyncio.sleep(0.01)
        pytest.fail("the stream goes on without a client")

    slow = """import asyncio
log = []

async def pieces():
    try:
        yield 'begun'
        await asyncio.sleep(60)
    finally:
        log.append('closed')

def GET(context):
    return Response(pieces(), headers={'content-type': 'text/plain'})

def POST(context):
    return Response(''.join(log))
"""
    live(tmp_path, {"/slow.py": endpoint(slow)}, test, settings=COMPRESS)


class Answers:
    """The least that a server can serve."""

    hosts = Hosts(())

    async def startup(self) -> None:
        """Nothing."""

    async def shutdown(self) -> None:
        """Nothing."""

    async def handle(self, request: Request) -> Response:
        """The same to each request."""
        return Response("here")

    def refusal(self, status: int) -> Response:
        """The same."""
        return Response("refused")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("steps", range(6))
def test_who_connects_while_the_server_stops_is_answered(loop: str, steps: int) -> None:
    """By this server, or by whoever listens at the same socket after it. `steps` of the event loop lie between a request
    and the end: in some of them the connection is accepted, or just was.
    """
    new_event_loop = pytest.importorskip(loop).new_event_loop
    sockets = listen("127.0.0.1", 0)
    heir, client = sockets[0].dup(), socket.socket()

    async def serve() -> None:
        stop, running = asyncio.Event(), asyncio.get_running_loop()

        def count(left: int) -> None:
            if left:
                running.call_soon(count, left - 1)
            else:
                stop.set()

        def connect() -> None:
            client.connect(sockets[0].getsockname())
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            count(steps)

        await serve_site(Answers(), sockets, Settings(), stop=stop, on_ready=connect)

    with asyncio.Runner(loop_factory=new_event_loop) as runner, client, heir:
        runner.run(serve())
        with suppress(BlockingIOError):
            connection, _ = heir.accept()
            connection.close()
            return
        client.settimeout(5)
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")
