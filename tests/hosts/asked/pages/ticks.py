import asyncio
from collections.abc import AsyncIterator

from pyastro.runtime import Event, Response


async def ticks() -> AsyncIterator[Event]:
    for number in range(3):
        yield Event({"number": number}, id=str(number))
        await asyncio.sleep(0.3)


def GET() -> Response:
    return Response.event_stream(ticks())
