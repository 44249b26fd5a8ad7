"""How long a client may take to receive what it asked for."""

import asyncio
from types import TracebackType

PIECE = 64 * 1024
"""Bytes that a client has the whole time for."""


class Stalled(ConnectionError):
    """A client takes nothing of what it is sent; for the server it is as good as gone."""


class WriteDeadline:
    """`async with WriteDeadline(seconds)`: raises Stalled when the block takes longer."""

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise Stalled("the client takes nothing") from None


def unsent(transport: asyncio.Transport | None) -> int:
    """How many bytes were written that the system has not taken yet; none where nobody is to get them."""
    return 0 if transport is None or transport.is_closing() else transport.get_write_buffer_size()


async def flush(transport: asyncio.Transport | None, seconds: float) -> None:
    """Waits until the system has taken all that was written.

    Raises Stalled when it takes less than 64 KB, or than what is left, in so many seconds.
    """
    loop = asyncio.get_running_loop()
    end, known = loop.time() + seconds, unsent(transport)
    while (left := unsent(transport)) > 0:
        now = loop.time()
        if known - left >= PIECE:
            end, known = now + seconds, left
        if now > end:
            raise Stalled("the client takes nothing")
        await asyncio.sleep(0.01)
