import asyncio
from collections.abc import AsyncIterator

from pyastro.runtime import Context, Response


async def pieces() -> AsyncIterator[str]:
    yield "begun"
    await asyncio.sleep(0.1)
    raise ValueError("in the middle")


async def GET(context: Context) -> Response:
    return Response(pieces())
