"""A mounted site behind the middleware of Starlette, which FastAPI shares."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from pyastro.asgi import Application
from tests.asgi.exchange import Exchange, ask, started
from tests.runtime.site_builds import html, make_site, page

pytest.importorskip("starlette", reason="needs starlette: pip install -e '.[hosts]'")

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

WAIT = "import asyncio\nawait asyncio.sleep(30)"
STREAM = "import asyncio\nasync def pieces():\n    yield b'first'\n    await asyncio.sleep(30)\nreturn Response(pieces())"
MODULES = {"/": html("home" * 1000), "/waits": page(WAIT), "/stream": page(STREAM)}


class Marked(BaseHTTPMiddleware):
    async def dispatch(self, request: Any, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-marked"] = "yes"
        return response


@pytest.fixture(params=[[Marked], [GZipMiddleware], [Marked, GZipMiddleware]], ids=str)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    site = Application(make_site(tmp_path, MODULES))
    return Starlette(routes=[Mount("/site", site)], middleware=[Middleware(kind) for kind in request.param])


def test_a_page(host: Any) -> None:
    answer = asyncio.run(ask(host, b"/site/", path="/site/", headers=[(b"accept-encoding", b"gzip")]))
    body = gzip.decompress(answer.body) if "content-encoding" in answer.headers else answer.body
    assert (answer.status, body) == (200, b"home" * 1000)


@pytest.mark.parametrize("path", ["/site/waits", "/site/stream"])
def test_a_client_that_goes_away(host: Any, path: str) -> None:
    async def main() -> None:
        exchange = Exchange(path.encode(), path=path)
        async with started(exchange, host) as task:
            await asyncio.sleep(0.1)
            exchange.leave()
        assert task.exception() is None
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
