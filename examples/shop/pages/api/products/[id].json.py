"""A product as JSON, for price tags and partners: /api/products/harbour-mug.json"""

from dataclasses import asdict

from pyastro.runtime import Context, Response, run_sync

from ....lib.products import find_product


async def GET(context: Context) -> Response:
    """The product, or 404."""
    product = await run_sync(find_product, context.params.id)
    if product is None:
        return Response.json({"error": "There is no such product."}, status=404)
    addresses = {
        "url": str(context.url.join(f"/products/{product.id}")),
        "image": str(context.url.join(product.image)),
    }
    return Response.json(asdict(product) | addresses, headers={"cache-control": "public, max-age=60"})
