from hashlib import sha256

from pyastro.runtime import Context, Response


async def POST(context: Context) -> Response:
    data = await context.request.body()
    digest = sha256(data).hexdigest()
    return Response.json({"id": context.params.id, "size": len(data), "sha256": digest}, status=201)
