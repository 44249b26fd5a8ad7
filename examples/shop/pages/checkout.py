"""Turns the cart into an order."""

from pyastro.runtime import Context, Response, run_sync

from ..lib.cart import lines_of
from ..lib.orders import place_order


async def POST(context: Context) -> Response:
    """Places the order of a user who is signed in; others sign in first."""
    user = context.locals.user
    if user is None:
        return context.redirect("/login?next=/cart", 303)
    lines = await run_sync(lines_of, await context.session.get("cart", {}))
    if not lines:
        return context.redirect("/cart", 303)
    order_id = await run_sync(place_order, user.id, lines)
    await context.session.delete("cart")
    return context.redirect(f"/account?order={order_id}", 303)
