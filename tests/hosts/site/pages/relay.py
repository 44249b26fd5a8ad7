"""Asks this very server for what never comes."""

from pyastro.runtime import Context, Response, fetch


async def GET(context: Context) -> Response:
    address = f"{context.url.origin}{context.request.root_path}/waits?render=relayed"
    return Response(await (await fetch(address)).text())
