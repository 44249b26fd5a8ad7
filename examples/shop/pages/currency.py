"""Remembers the currency that a visitor chose."""

from pyastro.runtime import Context, Response

from ..lib.money import COOKIE, CURRENCIES
from ..lib.paths import safe_next

YEAR = 365 * 24 * 3600


async def POST(context: Context) -> Response:
    """Sets the cookie, and goes back to where the form was."""
    form = await context.request.form_data()
    code = str(form.get("currency"))
    if code in CURRENCIES:
        context.cookies.set(COOKIE, code, max_age=YEAR, http_only=True)
    return context.redirect(safe_next(form.get("next")), 303)
