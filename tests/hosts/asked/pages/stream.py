import asyncio
from collections.abc import AsyncIterator

from pyastro.runtime import Context, Response


async def pieces() -> AsyncIterator[str]:
    for piece in ("one ", "two ", "three"):
        yield piece
        await asyncio.sleep(0.2)


async def GET(context: Context) -> Response:
    return Response(pieces(), headers={"content-type": "text/plain"})
