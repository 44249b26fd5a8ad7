"""Servers for tests: a site on a free port of this machine, and raw requests to it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pyastro.runtime.server import Settings, serve_site
from pyastro.runtime.server.sockets import listen
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from tests.runtime.site_builds import make_site

Ask = Callable[..., Awaitable["Answer"]]


class Answer:
    """What came back on a connection: the head of the response, and all bytes after it."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        self.status = int(lines[0].split()[1]) if lines[0] else 0
        self.fields = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])
        ]
        self.headers = dict(self.fields)


def live(
    folder: Path, modules: dict[str, str], test: Callable[[int], Awaitable[None]], **options: Any
) -> None:
    """Runs a test against a server that answers for these modules."""
    settings = options.pop("settings", Settings(port=0))
    live_site(lambda: make_site(folder, modules, **options), test, settings)


def live_build(
    build: Path, test: Callable[[int], Awaitable[None]], settings: Settings = Settings(port=0)  # noqa: B008
) -> None:
    """Runs a test against a server that answers for a compiled build."""
    live_site(lambda: Site.load(build, session_store=MemoryStore()), test, settings)


def live_site(make: Callable[[], Site], test: Callable[[int], Awaitable[None]], settings: Settings) -> None:
    """Runs a test against a server that answers for a site, which is made on the server's event loop."""

    async def main() -> None:
        site = make()
        sockets = listen("127.0.0.1", 0)
        stop, ready = asyncio.Event(), asyncio.Event()
        server = asyncio.create_task(serve_site(site, sockets, settings, stop=stop, on_ready=ready.set))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([server, waiting], return_when=asyncio.FIRST_COMPLETED)
        try:
            if ready.is_set():
                await test(sockets[0].getsockname()[1])
        finally:
            waiting.cancel()
            stop.set()
            await server
            site.build.unload()

    asyncio.run(main())


async def send(port: int, data: bytes) -> bytes:
    """Everything that comes back for some bytes, until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


async def ask(port: int, path: str = "/", method: str = "GET", body: bytes = b"", **fields: str) -> Answer:
    """The answer to one request on a connection of its own."""
    lines = [
        f"{method} {path} HTTP/1.1",
        *[f"{name.replace('_', '-')}: {value}" for name, value in fields.items()],
    ]
    if "host" not in fields:
        lines.append(f"host: localhost:{port}")
    if body:
        lines.append(f"content-length: {len(body)}")
    lines.append("connection: close")
    return Answer(await send(port, "\r\n".join(lines).encode() + b"\r\n\r\n" + body))
