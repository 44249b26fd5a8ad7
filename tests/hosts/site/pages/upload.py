"""Tells of an uploaded file how large it is, what it is, and how many files without a name this process holds."""

import os
from collections.abc import AsyncIterator

from pyastro.runtime import Request, Response


def held() -> int:
    folder = "/proc/self/fd"
    if not os.path.isdir(folder):
        return -1
    links = [os.path.join(folder, name) for name in os.listdir(folder)]
    return sum("(deleted)" in os.readlink(link) for link in links if os.path.islink(link))


async def POST(request: Request) -> Response:
    """The file is read while the answer is sent."""
    form = await request.form_data()
    file = form.files["file"]

    async def pieces() -> AsyncIterator[str]:
        yield f"{form['title']} {file.filename} {file.content_type} "
        yield f"{len(await file.read())} {held()}"

    return Response(pieces(), headers={"content-type": "text/plain"})


def GET() -> Response:
    return Response(str(held()))
