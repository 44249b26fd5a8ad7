from collections.abc import AsyncIterator

from pyastro.runtime import Context, Response


async def POST(context: Context) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        async for piece in context.request.stream():
            yield piece.upper()

    return Response(pieces())
