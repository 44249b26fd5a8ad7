from pyastro.runtime import Context, Response


async def GET(context: Context) -> Response:
    return Response.json(await context.session.get("user"))


async def POST(context: Context) -> Response:
    await context.session.regenerate()
    await context.session.set("user", await context.request.text())
    return Response(None, 204)


async def DELETE(context: Context) -> Response:
    await context.session.destroy()
    return Response(None, 204)
