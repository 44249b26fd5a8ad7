from collections.abc import AsyncIterator

from pyastro.runtime import Event, Request, Response


async def ticks(start: int) -> AsyncIterator[Event]:
    for number in range(start, start + 2):
        yield Event({"number": number}, id=str(number))


def GET(request: Request) -> Response:
    return Response.event_stream(ticks(int(request.headers.get("last-event-id", "0"))))
