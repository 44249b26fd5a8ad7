"""How long a client may take to receive what it asked for."""

import asyncio
from types import TracebackType


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


def has_unsent(transport: asyncio.Transport | None) -> bool:
    """Is there something that the system has not taken yet?"""
    return transport is not None and not transport.is_closing() and transport.get_write_buffer_size() > 0


async def flush(transport: asyncio.Transport | None, seconds: float) -> None:
    """Waits until the system has taken all that was written. Raises Stalled when that takes too long."""
    end = None
    while has_unsent(transport):
        now = asyncio.get_running_loop().time()
        end = end or now + seconds
        if now > end:
            raise Stalled("the client takes nothing")
        await asyncio.sleep(0.01)
