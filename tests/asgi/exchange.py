"""A server for tests: the ASGI messages of one request, without a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pyastro.asgi import Application
from pyastro.asgi.protocol import Message


class Exchange:
    """One request and what the application sends; `leave` is the client going away."""

    def __init__(self, target: bytes = b"/", method: str = "GET", body: bytes = b"", **scope: Any) -> None:
        headers = scope.pop("headers", [])
        path, _, query = target.partition(b"?")
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": "/",
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"localhost"), *headers],
            "client": ("1.2.3.4", 5),
            "server": ("127.0.0.1", 8000),
            **scope,
        }
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.receives = 0
        self.give(body, more=False)

    def give(self, body: bytes, *, more: bool) -> None:
        """The client sends a piece of the body."""
        self.received.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        """The client goes away."""
        self.received.put_nowait({"type": "http.disconnect"})

    async def receive(self) -> Message:
        self.receives += 1
        return await self.received.get()

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.leave()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name.decode(), value.decode("latin-1")) for name, value in self.sent[0]["headers"]]

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.fields)

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


async def ask(application: Application, *arguments: Any, **options: Any) -> Exchange:
    """The answer to one request."""
    exchange = Exchange(*arguments, **options)
    async with asyncio.timeout(10):
        await application(exchange.scope, exchange.receive, exchange.send)
    return exchange


@asynccontextmanager
async def started(exchange: Exchange, application: Application) -> AsyncIterator["asyncio.Task[None]"]:
    """The task that answers a request, which has to end by itself."""
    task = asyncio.create_task(application(exchange.scope, exchange.receive, exchange.send))
    yield task
    async with asyncio.timeout(10):
        await asyncio.wait([task])
