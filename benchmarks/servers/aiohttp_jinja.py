"""aiohttp with Jinja2: the page of cards, as a handler would render it."""

import sys

from aiohttp import web

from benchmarks.data import FULL
from benchmarks.engines import jinja_pages


def main(port: int) -> None:
    """Serve on the loopback interface until a signal comes."""
    jinja = jinja_pages.load(FULL)

    async def cards(request: web.Request) -> web.Response:
        return web.Response(text=jinja.html("cards"), content_type="text/html")

    application = web.Application()
    application.router.add_get("/cards", cards)
    web.run_app(application, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
