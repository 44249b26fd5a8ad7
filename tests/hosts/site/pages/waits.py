import asyncio
from collections.abc import AsyncIterator

from pyastro.runtime import Context, Response

begun: list[str] = []
ended: list[str] = []


async def wait(name: str) -> None:
    begun.append(name)
    try:
        await asyncio.sleep(60)
    finally:
        ended.append(name)


async def endless(name: str) -> AsyncIterator[str]:
    yield "begun"
    await wait(name)


async def GET(context: Context) -> Response:
    name = context.url.query.get("stream")
    if name:
        return Response(endless(name))
    await wait(context.url.query["render"])
    return Response("late")


async def POST(context: Context) -> Response:
    """Which of the waits have ended."""
    return Response.json(ended)


async def PUT() -> Response:
    """Which have begun."""
    return Response.json(begun)
