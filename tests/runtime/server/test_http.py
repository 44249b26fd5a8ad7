import asyncio
import socket
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from pyastro.runtime.limits import Limits
from pyastro.runtime.server import Deadlines, Settings
from tests.runtime.server.servers import Answer, ask, live, send
from tests.runtime.site_builds import endpoint, html, page

ECHO = endpoint(
    "async def ALL(context):\n    return Response.json({'url': str(context.url), 'client': context.client_address, "
    "'body': (await context.request.body()).decode()})\n"
)


def test_answers(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(port, "/")
        assert (answer.line, answer.body) == ("HTTP/1.1 200 OK", b"home")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-length"] == "4"
        assert answer.headers["server"] == "pyastro"
        tea = await ask(port, "/tea")
        assert tea.line == "HTTP/1.1 418 Short And Stout"
        assert next(value for name, value in tea.fields if name == "set-cookie").startswith("a=1")
        assert len([name for name, _ in tea.fields if name == "set-cookie"]) == 2
        empty = await ask(port, "/empty")
        assert empty.status == 204
        assert empty.body == b""
        assert "content-length" not in empty.headers
        head = await ask(port, "/", "HEAD")
        assert (head.body, head.headers["content-length"]) == (b"", "4")
        assert (await ask(port, "/big")).body == b"x" * 3_000_000
        assert (await ask(port, "/utf8")).headers["x"] == "é".encode().decode("latin-1")

    tea = "context.cookies.set('a', '1')\ncontext.cookies.set('b', '2')\nreturn Response('t', 418, 'Short And Stout')"
    live(
        tmp_path,
        {
            "/": html("home"),
            "/tea": page(tea),
            "/empty": page("return Response(None, 204)"),
            "/big": page("return Markup('x' * 3_000_000)"),
            "/utf8": page("return Response('', headers={'x': '\\u00c3\\u00a9'})"),
        },
        test,
    )


def test_the_target_is_taken_as_it_was_sent(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        here = f"http://localhost:{port}"
        for path in ("/a%2Fb/%2e%2e?x=%26+y", "/..//x", "/%41"):
            assert f'"{here}{path}"'.encode() in (await ask(port, path)).body
        assert b'127.0.0.1"' in (await ask(port, "/")).body
        absolute = await send(
            port, b"GET http://localhost:7/x HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n"
        )
        assert b"http://localhost:7/x" in absolute
        assert (await ask(port, "*", "OPTIONS")).status == 400

    live(tmp_path, {"/[...x].py": ECHO}, test)


def test_hosts(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for host, seen in (
            ("evil.example", f"127.0.0.1:{port}"),
            ("localhost:9", "localhost:9"),
            ("example.com", "example.com"),
        ):
            assert f'"http://{seen}/"'.encode() in (await ask(port, host=host)).body
        for host in ("a b", "a/b", "a@b", ""):
            assert (await ask(port, host=host)).status == 400
        assert b" 400 " in await send(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert b" 400 " in await send(
            port, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"
        )
        assert f"127.0.0.1:{port}".encode() in await send(port, b"GET / HTTP/1.0\r\n\r\n")
        assert b"https://" not in (await ask(port, x_forwarded_proto="https")).body

    live(tmp_path, {"/[...x].py": ECHO}, test, config={"site": "https://example.com"})


def test_a_trusted_proxy(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(
            port,
            x_forwarded_proto="https",
            x_forwarded_host="example.com",
            x_forwarded_for="6.6.6.6, 1.2.3.4",
        )
        assert b'"https://example.com/"' in answer.body
        assert b'"1.2.3.4"' in answer.body

    settings = Settings(port=0, trust_forwarded=True)
    live(tmp_path, {"/[...x].py": ECHO}, test, config={"site": "https://example.com"}, settings=settings)


def test_bodies(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        assert b'"body":"sent"' in (await ask(port, "/", "POST", b"sent")).body
        chunked = (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        assert b'"body":"abcd"' in await send(port, chunked + b"2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n")
        assert (await ask(port, "/", "POST", b"x" * 1001)).status == 413
        assert b" 413 " in await send(port, chunked + b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n")
        bomb = zlib.compress(b"x" * 1_000_000)
        assert (await ask(port, "/", "POST", bomb, content_encoding="deflate")).status in (400, 413)
        assert (await ask(port, "/", "POST", b"x", expect="something")).status == 417
        # a body that nobody reads does not become the next request
        unread = (
            b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n" + b"GET / HTTP/1.1\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(unread)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        writer.close()

    modules = {"/[...x].py": ECHO, "/unread": html("unread")}
    live(tmp_path, modules, test, settings=Settings(port=0, limits=Limits(body=1000)))


def test_a_client_that_waits_to_be_asked_for_its_body(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        writer.write(head)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"sent")
        assert b'"body":"sent"' in await reader.read()
        writer.close()

    live(tmp_path, {"/[...x].py": ECHO}, test)


def test_what_is_no_http(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        host = b"Host: localhost\r\n"
        cases = [
            (b"nonsense\r\n\r\n", b"400"),
            (b"FOO / HTTP/1.1\r\n" + host + b"\r\n", b"501"),
            (b"PROPFIND / HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n", b"501"),
            (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n", b"414"),
            (b"GET / HTTP/1.1\r\n" + host + b"X: " + b"x" * 20_000 + b"\r\n\r\n", b"431"),
            (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"400"),
            (
                b"POST / HTTP/1.1\r\n"
                + host
                + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                b"400",
            ),
            (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: gzip\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\n" + b"Host: localhost\n\n", b"400"),
        ]
        for data, status in cases:
            answer = await send(port, data)
            assert answer.split(b" ")[1] == status, (data[:60], answer)
            assert b"aiohttp" not in answer
            assert b"Traceback" not in answer

    live(tmp_path, {"/": html("x")}, test)


def test_streams(tmp_path: Path) -> None:
    stream = (
        "import asyncio\nasync def pieces():\n    try:\n        yield 'one '\n        await asyncio.sleep(0.01)\n        {middle}\n"
        "        yield b'two'\n    finally:\n        context.request.__class__.closed = True\n"
        "return Response(pieces(), headers={{'content-type': 'text/plain'}})"
    )

    async def test(port: int) -> None:
        whole = await ask(port, "/ok")
        assert whole.headers["transfer-encoding"] == "chunked"
        assert whole.body == b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"
        for path in ("/breaks", "/exits"):
            try:
                broken = (await ask(port, path)).body
            except ConnectionResetError:
                broken = b""
            assert not broken.endswith(b"0\r\n\r\n")
        assert (await ask(port, "/ok", "HEAD")).body == b""
        assert (await ask(port, "/ok")).status == 200

    modules = {
        "/ok": page(stream.format(middle="pass")),
        "/breaks": page(stream.format(middle="raise ValueError")),
        "/exits": page(stream.format(middle="raise SystemExit")),
    }
    live(tmp_path, modules, test)


def test_files(tmp_path: Path) -> None:
    large = bytes(range(256)) * 8000

    async def test(port: int) -> None:
        assert (await ask(port, "/small.txt")).body == b"small"
        whole = await ask(port, "/large.bin")
        assert whole.body == large
        assert whole.headers["content-length"] == str(len(large))
        part = await ask(port, "/large.bin", range="bytes=1000-999999")
        assert (part.status, part.body) == (206, large[1000:1000000])
        assert (await ask(port, "/large.bin", "HEAD")).headers["content-length"] == str(len(large))
        same = await ask(port, "/large.bin", if_none_match=whole.headers["etag"])
        assert (same.status, same.body) == (304, b"")
        assert (await ask(port, "/large.bin", range="bytes=9999999-")).status == 416
        assert (await ask(port, "/empty")).body == b""

    live(tmp_path, {}, test, public={"small.txt": b"small", "large.bin": large, "empty": b""})


def test_keep_alive_and_pipelines(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        last = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        assert (await send(port, request * 20 + last)).count(b"HTTP/1.1 200 OK") == 21
        closing = await send(port, b"GET /close HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"connection: close" in closing.lower()

    live(
        tmp_path,
        {"/": html("x"), "/close": page("return Response('x', headers={'connection': 'close'})")},
        test,
    )


QUICK = Settings(
    port=0, deadlines=Deadlines(head=0.2, keep_alive=0.4, silence=0.2, body=0.5, write=0.3, shutdown=0.5)
)


def test_deadlines_for_heads_and_bodies(tmp_path: Path) -> None:
    async def timed(port: int, data: bytes) -> tuple[bytes, float]:
        start = time.monotonic()
        return await send(port, data), time.monotonic() - start

    async def test(port: int) -> None:
        head = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        for data in (b"", b"GET", head):
            answer, seconds = await timed(port, data)
            assert answer == b""
            assert seconds < 2
        answer, seconds = await timed(port, head + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
        assert 0.3 < seconds < 3
        answer, seconds = await timed(port, head + b"\r\nGET / HT")
        assert answer.startswith(b"HTTP/1.1 200")
        assert seconds < 3
        answer, seconds = await timed(
            port, b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
        )
        assert answer.startswith(b"HTTP/1.1 408")
        assert seconds < 8

    live(tmp_path, {"/": html("x"), "/body.py": ECHO}, test, settings=QUICK)


def test_a_body_that_drips(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n")
        start = time.monotonic()
        while not (answer := await _peek(reader)) and time.monotonic() - start < 5:
            writer.write(b"x")
        assert answer.startswith(b"HTTP/1.1 408")
        writer.close()

    live(tmp_path, {"/body.py": ECHO}, test, settings=QUICK)


async def _peek(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(100), 0.05)
    except TimeoutError:
        return b""


def take_late(port: int, path: str) -> int:
    """How much a client gets that takes nothing for two seconds. A socket of its own: event loops read ahead."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(2.0)
        size = 0
        with suppress(ConnectionResetError):
            while piece := client.recv(65536):
                size += len(piece)
        return size


@pytest.mark.slow
def test_a_client_that_takes_nothing(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for path in ("/big", "/large.bin", "/stream"):
            assert await asyncio.to_thread(take_late, port, path) < 30_000_000

    modules = {
        "/big": page("return Markup('x' * 40_000_000)"),
        "/stream": page("return Response((b'x' * 65536 for _ in range(700)))"),
    }
    live(tmp_path, modules, test, public={"large.bin": b"x" * 40_000_000}, settings=QUICK)


def test_stopping_waits_for_what_is_in_flight(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for client, path in ((slow, b"/slow"), (used, b"/")):
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        idle.connect(("127.0.0.1", port))
        await asyncio.sleep(0.1)

    with socket.socket() as slow, socket.socket() as used, socket.socket() as idle:
        start = time.monotonic()
        modules = {
            "/slow": page("import asyncio\nawait asyncio.sleep(0.4)\nreturn Markup('done')"),
            "/": html("x"),
        }
        live(tmp_path, modules, test)
        assert time.monotonic() - start < 4
        answer = Answer(slow.recv(9999))
        assert (answer.body, answer.headers["connection"]) == (b"done", "close")
        assert (used.recv(9999)[-1:], used.recv(1), idle.recv(1)) == (b"x", b"", b"")


def test_stopping_does_not_wait_for_ever(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.sleep(0.1)

    with socket.socket() as client:
        start = time.monotonic()
        live(tmp_path, {"/": page("import asyncio\nawait asyncio.sleep(60)")}, test, settings=QUICK)
        assert time.monotonic() - start < 4


def test_who_has_just_come_is_answered_at_the_end(tmp_path: Path) -> None:
    answers: list[bytes] = []

    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.05)  # the server has accepted it

        async def ask_late() -> None:
            await asyncio.sleep(0.1)  # the server is at its end
            writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            answers.append(await reader.read())
            writer.close()

        tasks.append(asyncio.create_task(ask_late()))

    tasks: list[asyncio.Task[None]] = []
    live(tmp_path, {"/": page("return Markup('<p>late</p>')")}, test)
    assert answers and b"200 OK" in answers[0] and b"connection: close" in answers[0].lower()
    assert b"<p>late</p>" in answers[0]


def test_a_known_body_is_sent_as_the_message_wants_it(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for size in (0, 1, 70_000, 262_144, 262_145):
            answer = await ask(port, f"/size?n={size}")
            assert (answer.status, answer.body) == (200, b"x" * size)
            assert answer.headers["content-length"] == str(size)
            assert [name for name, _ in answer.fields].count("date") == 1
        odd = await ask(port, "/odd")
        assert odd.line == "HTTP/1.1 299 caf\xe9"
        assert odd.headers["x-odd"] == "\xe9\t\xff"
        assert odd.headers["server"] == "pyastro"
        for path in ("/late204", "/late304"):
            late = await ask(port, path)
            assert (late.status, late.body) == (int(path[-3:]), b"")
        old = b"GET /size?n=2 HTTP/1.0\r\n"
        kept = await send(port, old + b"Connection: keep-alive\r\n\r\n" + old + b"\r\n")
        assert kept.startswith(b"HTTP/1.0 200 OK\r\n")
        assert kept.count(b"\r\n\r\nxx") == 2
        assert kept.lower().count(b"connection: keep-alive\r\n") == 1
        refused = await send(port, b"HEAD /%ff HTTP/1.1\r\nHost: a b\r\n\r\n")
        assert b" 400 " in refused.partition(b"\r\n")[0]
        assert refused.endswith(b"\r\n\r\n")

    middleware = """async def on_request(context, next):
    response = await next()
    if context.url.path.startswith('/late'):
        response.status = int(context.url.path[-3:])
    return response
"""
    live(
        tmp_path,
        {
            "/size": page("return Response('x' * int(context.url.query['n']))"),
            "/odd": page(
                "return Response('', 299, 'caf\\xe9', "
                "{'x-odd': '\\xe9\\t\\xff', 'Date': 'never', 'Server': 'me', 'Transfer-Encoding': 'chunked'})"
            ),
            "/late204": html("a body"),
            "/late304": html("a body"),
        },
        test,
        middleware=middleware,
    )


def test_a_client_that_takes_something_has_its_time_again(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**12)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 60)
        received = 0
        with suppress(ConnectionError):
            while received < 60 * 250_000:
                received += len(await asyncio.wait_for(reader.read(60_000), 5))
                await asyncio.sleep(0.005)
        assert received >= 60 * 250_000
        writer.close()

    settings = Settings(port=0, deadlines=Deadlines(write=0.3))
    live(tmp_path, {"/": page("return Response('x' * 250_000)")}, test, settings=settings)
