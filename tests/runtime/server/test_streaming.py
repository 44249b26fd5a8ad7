"""Pages that are sent while they are rendered, from their source to the socket."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pyastro.cli import main
from pyastro.runtime.server import Settings, serve_site
from pyastro.runtime.server.sockets import listen
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from tests.runtime.server.servers import Answer, ask

SOURCES = {
    "layouts/Base.astro": "<html><head><title>T</title></head><body><h1>First</h1><slot /></body></html>\n"
    "<style>h1 { color: red }</style>",
    "lib/gate.py": "import asyncio\n\ngate = asyncio.Event()\nlog = []\n",
    "pages/index.astro": """---
from ..layouts import Base
from ..lib.gate import gate

stream = True
Astro.response.status = 203
Astro.response.headers["x-early"] = "yes"
Astro.cookies.set("a", "1")
await Astro.session.set("user", "Ada")
if "login" in Astro.url.query:
    await Astro.session.has("user")
    return Astro.redirect("/login")
---
<Base><p>{await gate.wait() and "Second"}</p></Base>
""",
    "pages/late.astro": """---
stream = True
import asyncio

async def change():
    await asyncio.sleep(0.01)
    match Astro.url.query["what"]:
        case "status":
            Astro.response.status = 404
        case "header":
            Astro.response.headers["x"] = "1"
        case "cookie":
            Astro.cookies.set("b", "1")
        case "session":
            await Astro.session.set("user", "Bob")
        case "error":
            raise ValueError("late")
        case "exit":
            raise SystemExit
---
<p>First</p>
<p>{await change()}</p>
<p>Last</p>
""",
    "pages/leave.astro": """---
stream = True
import asyncio
from ..lib.gate import log

async def slow():
    try:
        await asyncio.sleep(60)
    finally:
        log.append("cancelled")
---
<p>First</p>
<p>{await slow()}</p>
""",
    "pages/log.py": "from pyastro.runtime import Response\nfrom ..lib.gate import gate, log\n\n"
    "def GET(context):\n    return Response(','.join(log))\n\n"
    "def POST(context):\n    gate.set()\n    return Response('open')\n",
    "pages/events.py": "import asyncio\nfrom pyastro.runtime import Response\nfrom ..lib.gate import log\n\n"
    "async def events():\n    try:\n        await asyncio.sleep(60)\n        yield ''\n"
    "    finally:\n        log.append('closed')\n\n"
    "def GET(context):\n    return Response(events(), headers={'content-type': 'text/event-stream'})\n",
    "middleware.py": "async def on_request(context, next):\n    response = await next()\n"
    "    response.headers['x-middleware'] = 'yes'\n    context.cookies.set('m', '1')\n    return response\n",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    for path, text in SOURCES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    assert main(["compile", str(root / "pages"), "-o", str(root / "build")]) == 0
    return root / "build"


def live(build: Path, test: Callable[[int], Awaitable[None]]) -> None:
    """Runs a test against a server that answers for the build."""

    async def run() -> None:
        site = Site.load(build, session_store=MemoryStore())
        sockets = listen("127.0.0.1", 0)
        stop, ready = asyncio.Event(), asyncio.Event()
        server = asyncio.create_task(
            serve_site(site, sockets, Settings(port=0), stop=stop, on_ready=ready.set)
        )
        try:
            async with asyncio.timeout(20):
                await ready.wait()
                await test(sockets[0].getsockname()[1])
        finally:
            stop.set()
            await server
            site.build.unload()

    asyncio.run(run())


async def begin(port: int, path: str, *fields: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", f"host: localhost:{port}", "connection: close", *fields]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    return reader, writer


def test_the_beginning_is_sent_before_the_slow_rest(build: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await begin(port, "/")
        head = await reader.readuntil(b"\r\n\r\n")
        first = await reader.readuntil(b"</h1><p>")
        assert b"Second" not in first
        assert (await ask(port, "/log", "POST")).body == b"open"
        rest = await reader.read()
        writer.close()
        assert rest.endswith(b"\r\n0\r\n\r\n")
        answer = Answer(head)
        assert answer.line == "HTTP/1.1 203 Non-Authoritative Information"
        assert answer.headers["x-early"] == answer.headers["x-middleware"] == "yes"
        assert answer.headers["transfer-encoding"] == "chunked"
        cookies = [value.partition("=")[0] for name, value in answer.fields if name == "set-cookie"]
        assert cookies == ["a", "m", "pyastro-session"]
        html = unchunked(first + rest)
        assert html.startswith("<!DOCTYPE html>\n<html data-astro-cid-")
        assert "<head><title>T</title><style>h1[data-" in html
        assert html.count("<style>") == 1
        assert html.endswith(">Second</p></body></html>")

    live(build, test)


def unchunked(body: bytes) -> str:
    text = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        text += body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]
    return text.decode()


def test_an_early_return_works(build: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(port, "/?login")
        assert (answer.status, answer.headers["location"]) == (302, "/login")

    live(build, test)


def test_a_head_request_ends_the_render(build: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(port, "/leave", "HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert b"cancelled" in (await ask(port, "/log")).body

    live(build, test)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("status", "Setting the status comes too late"),
        ("header", "Changing a header comes too late"),
        ("cookie", "Changing a cookie comes too late"),
        ("session", "Setting a value of the session comes too late"),
        ("error", "ValueError: late"),
        ("exit", "SystemExit"),
    ],
)
def test_what_comes_too_late_breaks_the_response_off(
    build: Path, what: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(port: int) -> None:
        reader, writer = await begin(port, f"/late?what={what}")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readuntil(b"0\r\n\r\n")
        writer.close()
        assert (await ask(port, "/log")).status == 200

    with caplog.at_level(logging.ERROR):
        live(build, test)
    (record,) = caplog.records
    assert record.message.startswith("GET /late: broke while it was sent (request ")
    assert said in caplog.text
    assert "pages/late.astro" in caplog.text


@pytest.mark.parametrize(("path", "seen"), [("/leave", b"cancelled"), ("/events", b"closed")])
def test_a_client_that_goes_away_ends_the_render(build: Path, path: str, seen: bytes) -> None:
    async def test(port: int) -> None:
        before = (await ask(port, "/log")).body.count(seen)
        reader, writer = await begin(port, path)
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()
        for _ in range(200):
            if (await ask(port, "/log")).body.count(seen) > before:
                return
            await asyncio.sleep(0.01)
        pytest.fail("the render goes on without a client")

    live(build, test)


@pytest.mark.slow
def test_stopping_ends_a_stream_within_the_bound(build: Path) -> None:
    async def test(port: int) -> None:
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /leave HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.sleep(0.1)

    with socket.socket() as client:
        live(build, test)
