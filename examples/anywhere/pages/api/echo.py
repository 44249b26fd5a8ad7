from pyastro.runtime import Context, Response


async def POST(context: Context) -> Response:
    """The bytes of the body, as numbers."""
    body = await context.request.body()
    query = dict(context.url.query.items())
    return Response.json({"size": len(body), "bytes": list(body), "query": query}, status=201)


async def PUT(context: Context) -> Response:
    """The body as it came."""
    return Response(await context.request.body(), headers={"content-type": "application/octet-stream"})
