"""Asks another server as the request says, and tells what came of it."""

from collections.abc import AsyncIterator
from typing import Any

from pyastro.runtime import Context, FetchError, FetchTimeout, Response, fetch


async def one_by_one(pieces: list[str]) -> AsyncIterator[bytes]:
    for piece in pieces:
        if piece == "break":
            raise OSError("the pieces broke")
        yield piece.encode()


async def POST(context: Context) -> Response:
    asked: dict[str, Any] = await context.request.json()
    if "pieces" in asked:
        asked["body"] = one_by_one(asked.pop("pieces"))
    try:
        response = await fetch(**asked)
        body = await response.bytes()
        told = {
            "status": response.status,
            "ok": response.ok,
            "url": str(response.url),
            "headers": response.headers.items(),
            "text": await response.text(),
            "bytes": list(body[:300]),
            "size": len(body),
        }
    except FetchTimeout as error:
        told = {"timeout": str(error)}
    except FetchError as error:
        told = {"error": str(error)}
    return Response.json(told)
