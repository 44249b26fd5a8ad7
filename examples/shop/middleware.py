"""What happens around every page, and once in each worker."""

from pyastro.runtime import Context, Response, Site, run_sync
from pyastro.runtime.middleware import Next

from .lib.db import database
from .lib.money import chosen_currency
from .lib.seed import prepare
from .lib.users import find_user


def on_startup(site: Site) -> None:
    """Opens the database, and fills it when it is new."""
    database.open()
    prepare(database)


def on_shutdown(site: Site) -> None:
    """Closes the database."""
    database.close()


async def on_request(context: Context, next: Next) -> Response:
    """Tells pages who asks, and browsers to be careful."""
    context.locals.currency = chosen_currency(context.cookies)
    user_id = await context.session.get("user_id")
    context.locals.user = await run_sync(find_user, user_id) if user_id else None

    response = await next()
    if not response.headers.has("cache-control"):
        response.headers["cache-control"] = "private, no-cache"  # pages show the visitor's name and cart
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "same-origin"
    return response
