"""What strange, greedy, slow and many clients cannot do to a server."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.limits import Limits
from pyastro.runtime.server import Settings
from tests.runtime.server.servers import ask, live, send
from tests.runtime.site_builds import endpoint, html, page

HOST = b"Host: localhost\r\n"
ECHO = endpoint("async def POST(context):\n    return Response(await context.request.body())\n")


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 3\r\nContent-Length: 3\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: +3\r\n",
        b"Content-Length: -3\r\n",
        b"Content-Length: 0x3\r\n",
        b"Content-Length: 3_0\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"Content-Length : 3\r\n",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: \x0bchunked\r\n",
        b"Transfer-Encoding:\r\n chunked\r\n",
        b" Content-Length: 3\r\n",
        b"X: a\rContent-Length: 3\r\n",
        b"X: a\nContent-Length: 3\r\n",
        b"X: a\x00b\r\n",
        b"X\x00: a\r\n",
        b"X(: a\r\n",
        b": a\r\n",
        b"no colon\r\n",
    ],
)
def test_what_could_hide_a_second_request(tmp_path: Path, fields: bytes) -> None:
    async def test(port: int) -> None:
        answer = await send(port, b"POST /echo HTTP/1.1\r\n" + HOST + fields + b"\r\n" + b"0\r\n\r\n" * 3)
        assert answer.split(b" ")[1] in (b"400", b"413"), answer
        assert answer.count(b"HTTP/1.") == 1

    live(tmp_path, {"/echo.py": ECHO}, test)


def test_no_client_waits_after_a_wish_for_another_protocol(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        for method, body in ((b"GET", b""), (b"POST", b"Content-Length: 3\r\n\r\nabc")):
            wish = b"%b /echo HTTP/1.1\r\n%bConnection: Upgrade\r\nUpgrade: h2c\r\n%b" % (
                method,
                HOST,
                body or b"\r\n",
            )
            answer = await send(port, wish + wish)
            assert b"\r\nConnection: close\r\n" in answer and answer.endswith(
                b"abc" if body else b"ed here.\n"
            )

    live(tmp_path, {"/echo.py": ECHO}, test)


def test_a_coding_that_nobody_undoes(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        head = b"POST /echo HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n"
        answer = await send(port, head + b"3\r\nabc\r\n0\r\n\r\n")
        assert answer.split(b" ")[1] == b"501" and answer.count(b"HTTP/1.") == 1

    live(tmp_path, {"/echo.py": ECHO}, test)


def test_http_1_0_has_no_chunks_and_expects_nothing(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        head = b"POST /echo HTTP/1.0\r\n" + HOST
        chunked = await send(port, head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        assert chunked.split(b" ")[1] == b"400", chunked
        expecting = await send(port, head + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc")
        assert expecting.split(b" ")[1] == b"200" and expecting.endswith(b"abc") and b" 100 " not in expecting

    live(tmp_path, {"/echo.py": ECHO}, test)


@pytest.mark.parametrize(
    "chunks",
    [b"3x\r\nabc\r\n0\r\n\r\n", b"-3\r\nabc\r\n0\r\n\r\n", b"0x3\r\nabc\r\n0\r\n\r\n", b"3\nabc\r\n0\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"f" * 20 + b"\r\nabc\r\n0\r\n\r\n"],
)  # fmt: skip
def test_chunks_that_are_none(tmp_path: Path, chunks: bytes) -> None:
    async def test(port: int) -> None:
        head = b"POST /echo HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
        answer = await send(port, head + chunks + b"GET /other HTTP/1.1\r\n" + HOST + b"\r\n")
        assert answer.split(b" ")[1] in (b"400", b"413"), answer
        assert b"other" not in answer

    live(tmp_path, {"/echo.py": ECHO, "/other": html("other")}, test)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET / HTTP/1.2", b"400"),
        (b"GET / HTTP/2.0", b"505"),
        (b"GET / http/1.1", b"400"),
        (b"GET / HTTP/1.1 x", b"400"),
        (b"GET /\t HTTP/1.1", b"400"),
        (b"GET /\x00 HTTP/1.1", b"400"),
        (b"get / HTTP/1.1", b"400"),
        (b"CONNECT localhost:80 HTTP/1.1", b"400"),
        (b"TRACE / HTTP/1.1", b"501"),
        (b"GET /%zz HTTP/1.1", b"400"),
        (b"GET /%ff HTTP/1.1", b"400"),
    ],
)
def test_request_lines(tmp_path: Path, line: bytes, status: bytes) -> None:
    async def test(port: int) -> None:
        answer = await send(port, line + b"\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert answer.split(b" ")[1] == status, answer

    live(tmp_path, {"/": html("x")}, test)


def test_heads_are_bounded(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        many = b"".join(b"X-%d: x\r\n" % number for number in range(300))
        for fields in (
            many,
            b"X: " + b"x" * 20_000 + b"\r\n",
            b"X" * 20_000 + b": x\r\n",
            b"Cookie: " + b"a=b; " * 9_000 + b"\r\n",
        ):
            answer = await send(port, b"GET / HTTP/1.1\r\n" + HOST + fields + b"\r\n")
            assert answer.split(b" ")[1] == b"431", answer
        with suppress(ConnectionError):  # it does not listen to the end
            endless = await send(port, b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 4_000_000)
            assert endless.split(b" ")[1] == b"431"

    live(tmp_path, {"/": html("x")}, test)


def test_an_upload_lies_on_the_disk_and_goes_with_its_request(tmp_path: Path) -> None:
    code = """import os
async def POST(context):
    file = (await context.request.form_data()).get('file')
    held = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.islink(f'/proc/self/fd/{n}')]
    on_disk = sum('(deleted)' in path for path in held)
    return Response(f'{len(await file.read())} {on_disk}')
"""

    async def test(port: int) -> None:
        form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n%b\r\n--b--\r\n'
        kind = "multipart/form-data; boundary=b"
        on_disk = []
        for size in (1000, 3_000_000, 3_000_000, 1000):
            answer = await ask(port, "/echo", "POST", form % (b"x" * size), content_type=kind)
            read, _, files = answer.body.decode().partition(" ")
            assert int(read) == size
            on_disk.append(int(files))
        assert [count - on_disk[0] for count in on_disk] == [0, 1, 1, 0]
        wide = b"--b\r\n" + b'Content-Disposition: form-data; name="x"\r\n\r\n1\r\n--b\r\n' * 2000
        assert (await ask(port, "/echo", "POST", wide, content_type=kind)).status == 413
        large = await ask(port, "/echo", "POST", form % (b"x" * 5_000_000), content_type=kind)
        assert large.status == 413

    live(
        tmp_path,
        {"/echo.py": endpoint(code)},
        test,
        settings=Settings(port=0, limits=Limits(body=4_000_000)),
    )


def test_slow_clients_starve_nobody(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        for _, writer in slow:
            writer.write(b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n")
        start = time.monotonic()
        for _ in range(10):
            assert (await ask(port, "/fast")).body == b"fast"
        assert time.monotonic() - start < 2
        for reader, writer in slow:
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()

    quick = Settings(port=0, deadlines=Deadlines(head=2.5))
    live(tmp_path, {"/echo.py": ECHO, "/fast": html("fast")}, test, settings=quick)


def test_requests_at_once_know_nothing_of_each_other(tmp_path: Path) -> None:
    body = """import asyncio
name = context.url.query['name']
context.locals.name = name
context.cookies.set('name', name)
await context.session.set('name', name)
await asyncio.sleep(0.01 * (int(name) % 5))
context.response.headers['x-name'] = context.locals.name
return Markup(f"{await context.session.get('name')} {context.cookies.get('name').value}")"""

    async def test(port: int) -> None:
        names = [str(number) for number in range(100)]
        for name, answer in zip(
            names, await asyncio.gather(*[ask(port, f"/?name={n}") for n in names]), strict=True
        ):
            assert answer.body == f"{name} {name}".encode()
            assert answer.headers["x-name"] == name

    live(tmp_path, {"/": page(body)}, test)


def test_descriptors_stay_flat(tmp_path: Path) -> None:
    stream = "import asyncio\nasync def pieces():\n    yield 'x' * 1000\n    await asyncio.sleep(60)\nreturn Response(pieces())"

    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def test(port: int) -> None:
        await ask(port, "/")
        before = descriptors()
        for _ in range(50):
            await ask(port, "/")
            await ask(port, "/a.bin", range="bytes=0-99999")
            await ask(port, "/fails")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /stream HTTP/1.1\r\n" + HOST + b"\r\n")
            await reader.readuntil(b"\r\n\r\n")
            writer.transport.abort()
        for _ in range(100):
            if descriptors() <= before:
                return
            await asyncio.sleep(0.02)
        pytest.fail(f"{before} descriptors became {descriptors()}")

    live(
        tmp_path,
        {"/": html("x"), "/fails": page("1 / 0"), "/stream": page(stream)},
        test,
        public={"a.bin": b"x" * 200_000},
    )
