"""Ends a visit."""

from pyastro.runtime import Context, Response


async def POST(context: Context) -> Response:
    """Forgets the session, cart included. It is no GET: a link or an image must not sign people out."""
    await context.session.destroy()
    return context.redirect("/", 303)
