"""Streams of six bytes, of which their heads may say something else."""

from collections.abc import AsyncIterator

from pyastro.runtime import URL, Response


async def pieces() -> AsyncIterator[str]:
    yield "abc"
    yield "def"


def GET(url: URL) -> Response:
    return Response(pieces(), headers={"content-length": url.query["said"]})
