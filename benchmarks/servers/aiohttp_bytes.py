"""aiohttp on uvloop with bytes that never change: as little as a handler can do."""

import sys

import uvloop
from aiohttp import web

from benchmarks import limit
from benchmarks.data import NAME


def main(port: int) -> None:
    """Serve on the loopback interface until a signal comes."""
    body = limit.hello(NAME).encode()

    async def hello(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    application = web.Application()
    application.router.add_get("/hello", hello)
    loop = uvloop.new_event_loop()
    web.run_app(application, host="127.0.0.1", port=port, access_log=None, print=None, loop=loop)


if __name__ == "__main__":
    main(int(sys.argv[1]))
