"""A request's two ends: what the client sends, and what it is sent."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import suppress

from pyastro.asgi.protocol import Message, Receive, Scope, Send
from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.incoming import timed

log = logging.getLogger("pyastro.asgi")

_PIECES_AHEAD = 4
_CLIENT_WENT_AWAY = 499  # nginx's word for it; no status of HTTP's, as it is never received


class Gone(ConnectionError):
    """The client went away, or takes nothing of what it is sent, which is as good."""


class Connection:
    """What `receive` and `send` are for, with deadlines. A client that goes away ends the task that answers it.

    A task beside it has to listen for that, and so reads the body as well, a little ahead of whoever wants it.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, deadlines: Deadlines) -> None:
        """Make the connection of the current task."""
        self.scope = scope
        self._receive = receive
        self._send = send
        self._deadlines = deadlines
        self._task = asyncio.current_task()
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(_PIECES_AHEAD)
        self._listener: asyncio.Task[None] | None = None
        self._is_gone = False
        self._is_begun = False
        self._is_ending = False

    def listen(self) -> None:
        """From now on a client that goes away is noticed.

        To ask the server for the first piece is to tell a client that waits for it to send the body
        (RFC 9110, 10.1.1): one that does may be answered before.
        """
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The pieces of the body as they arrive. Raises SlowBody where they do not in time."""
        self.listen()
        async for piece in timed(self._pieces.get, self._deadlines):
            yield piece

    async def send(self, message: Message) -> None:
        """Sends a message. Raises Gone where the client does not take it."""
        self._is_begun = True
        if message["type"] == "http.response.body" and not message["more_body"]:
            self._is_ending = True  # servers tell of a request that is answered as of one that was broken off
        try:
            async with asyncio.timeout(self._deadlines.write):
                await self._send(message)
        except OSError as error:  # a TimeoutError is one
            raise Gone("the client takes nothing") from error

    def is_abandoned(self) -> bool:
        """Whether the task was cancelled because the client went away, and not for any other reason as well."""
        return self._is_gone and self._task is not None and self._task.cancelling() == 1

    async def forgo(self) -> None:
        """Answers nobody: middleware between the server and the site may not know what to do without any response."""
        if not self._is_begun:
            with suppress(OSError):
                await self._send({"type": "http.response.start", "status": _CLIENT_WENT_AWAY, "headers": []})
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def close(self) -> None:
        """Stops listening, at the end of the task."""
        if self._listener is not None:
            self._listener.cancel()
        if self._is_gone and self._task is not None:
            self._task.uncancel()

    def __str__(self) -> str:
        """The request, for the log."""
        return f"{self.scope['method']} {self.scope['path']!r}"

    async def _listen(self) -> None:
        try:
            await self._read()
        except (
            Exception
        ) as error:  # the server's, or that of a middleware between: there is nobody to hear of it
            log.debug("%s: receive failed", self, exc_info=error)
        if not self._is_ending and self._task is not None:
            self._is_gone = True
            self._task.cancel()

    async def _read(self) -> None:
        """Comes back when the client has gone away."""
        is_open = True
        while (message := await self._receive())["type"] == "http.request":
            if message.get("body"):
                await self._pieces.put(message["body"])
            if is_open and not message.get("more_body"):
                is_open = False
                await self._pieces.put(b"")
