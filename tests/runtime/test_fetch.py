"""`fetch`, against a server on this machine."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, web

from pyastro.runtime.context import Context
from pyastro.runtime.errors import BodyUsed, FetchError, FetchTimeout
from pyastro.runtime.fetch import close_fetch, fetch
from pyastro.runtime.fetch_pool import pools, session
from pyastro.runtime.holes import filled
from pyastro.runtime.url import URL
from pyastro.runtime.values import raw

Test = Callable[[str], Awaitable[None]]
STOP = web.AppKey("STOP", asyncio.Event)


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "method": request.method,
            "query": request.query_string,
            "body": await request.text(),
            "type": request.headers.get("content-type"),
            "x": request.headers.getall("x", []),
            "cookie": request.headers.get("cookie"),
            "port": request.transport.get_extra_info("peername")[1] if request.transport else None,
        },
        headers={"set-cookie": "a=1"},
        status=201,
    )


async def latin(request: web.Request) -> web.Response:
    return web.Response(body=b"\xe9", content_type="text/plain", charset="latin1", reason="Fine")


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/echo?moved")


async def slow(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"first")
    await request.app[STOP].wait()
    return response


async def broken(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-length": "100"})
    await response.prepare(request)
    await response.write(b"first")
    assert request.transport is not None
    request.transport.close()
    return response


async def away(request: web.Request) -> web.Response:
    raise web.HTTPFound(request.query_string)


async def headers(request: web.Request) -> web.Response:
    return web.json_response({name: request.headers.get(name) for name in ("authorization", "x")})


async def aserving(test: Test) -> None:
    """Run the test with the address of a server."""
    app = web.Application()
    app[STOP] = asyncio.Event()
    for handler in (echo, latin, moved, slow, broken, away, headers):
        app.router.add_route("*", f"/{handler.__name__}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await test(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        app[STOP].set()
        await runner.cleanup()


def serving(test: Test) -> None:
    """Run the test with the address of a server, on an event loop of its own."""
    asyncio.run(aserving(test))


def test_getting() -> None:
    async def test(base: str) -> None:
        response = await fetch(f"{base}/echo?q=1", headers=[("x", "1"), ("x", "2")])
        assert (response.status, response.status_text, response.ok) == (201, "Created", True)
        assert response.url == URL(f"{base}/echo?q=1")
        assert response.headers["Content-Type"].startswith("application/json")
        data = await response.json()
        assert (data["method"], data["query"], data["x"]) == ("GET", "q=1", ["1", "2"])
        assert await response.json() == data
        assert (await response.text()).startswith("{")
        assert b"".join([chunk async for chunk in response.stream()]) == await response.bytes()
        assert repr(response) == f"<FetchResponse 201 {base}/echo?q=1>"

    serving(test)


def test_set_html_takes_a_response() -> None:
    async def test(base: str) -> None:
        context = Context()
        for value in (fetch(f"{base}/latin"), await fetch(f"{base}/latin", stream=True)):
            assert await filled(raw(["<b>", value], context), context) == "<b>é"

    serving(test)


def test_sending() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    async def test(base: str) -> None:
        url = URL(f"{base}/echo")
        sent = await (await fetch(url, method="POST", json={"a": "é"})).json()
        assert (sent["method"], sent["body"], sent["type"]) == ("POST", '{"a":"é"}', "application/json")
        sent = await (await fetch(url, method="PUT", body="é")).json()
        assert (sent["body"], sent["type"]) == ("é", "text/plain;charset=UTF-8")
        sent = await (await fetch(url, method="PUT", body="x", headers={"content-type": "text/css"})).json()
        assert sent["type"] == "text/css"
        assert (await (await fetch(url, method="PUT", body=b"x")).json())["body"] == "x"
        assert (await (await fetch(url, method="PUT", body=body())).json())["body"] == "ab"
        sent = await (await fetch(url, method="POST", form={"a": "é &", "b": "1"})).json()
        assert (sent["body"], sent["type"]) == (
            "a=%C3%A9+%26&b=1",
            "application/x-www-form-urlencoded;charset=UTF-8",
        )
        assert (await (await fetch(url, method="PUT", form=[("a", "1"), ("a", "2")])).json())[
            "body"
        ] == "a=1&a=2"
        for options in ({"body": "x", "json": 1}, {"json": 1, "form": {}}):
            with pytest.raises(TypeError, match="one of body, json and form"):
                await fetch(url, **options)  # type: ignore[arg-type]  # that is the point
        with pytest.raises(TypeError, match="not dict; for data, write json=… or form=…"):
            await fetch(url, body={"a": "b"})  # type: ignore[arg-type]
        with pytest.raises(ValueError):
            await fetch(url, headers={"a": "b\r\nc"})

    serving(test)


def test_connections_are_kept_and_cookies_are_not() -> None:
    async def test(base: str) -> None:
        first = await (await fetch(f"{base}/echo")).json()
        second = await (await fetch(f"{base}/echo")).json()
        assert first["port"] == second["port"]
        assert second["cookie"] is None

    serving(test)


def test_charset_and_reason() -> None:
    async def test(base: str) -> None:
        response = await fetch(f"{base}/latin")
        assert (await response.text(), response.status_text) == ("é", "Fine")
        with pytest.raises(FetchError, match="not valid JSON"):
            await response.json()

    serving(test)


def test_redirects() -> None:
    async def test(base: str) -> None:
        response = await fetch(f"{base}/moved")
        assert response.status == 201
        assert str(response.url) == f"{base}/echo?moved"
        response = await fetch(f"{base}/moved", redirect="manual")
        assert (response.status, response.headers["location"]) == (302, "/echo?moved")
        assert not response.ok
        with pytest.raises(FetchError, match="redirects to /echo"):
            await fetch(f"{base}/moved", redirect="error")

    serving(test)


def test_time_runs_out() -> None:
    async def test(base: str) -> None:
        with pytest.raises(FetchTimeout, match=r"slow: no response within 0\.1 seconds|slow breaks off"):
            await fetch(f"{base}/slow", timeout=0.1)
        response = await fetch(f"{base}/slow", timeout=0.1, stream=True)
        with pytest.raises(TimeoutError, match="breaks off: nothing came in time"):
            await response.bytes()

    serving(test)


def test_a_body_that_breaks_off() -> None:
    async def test(base: str) -> None:
        with pytest.raises(FetchError, match="breaks off"):
            await fetch(f"{base}/broken")

    serving(test)


def test_streaming() -> None:
    async def test(base: str) -> None:
        async with await fetch(f"{base}/slow", stream=True) as response:
            assert await anext(aiter(response.stream())) == b"first"
        with pytest.raises(BodyUsed):
            await response.bytes()
        response = await fetch(f"{base}/latin", stream=True)
        assert await response.bytes() == await response.bytes() == b"\xe9"
        response = await fetch(f"{base}/slow", stream=True)
        response.close()

    serving(test)


def test_a_response_that_is_forgotten_frees_its_connection() -> None:
    async def test(base: str) -> None:
        response = await fetch(f"{base}/slow", stream=True)
        connector = (await session()).connector
        assert connector is not None
        assert len(connector._acquired) == 1
        del response
        gc.collect()
        assert len(connector._acquired) == 0

    serving(test)


def test_cancelling_the_task_ends_the_request() -> None:
    async def test(base: str) -> None:
        task = asyncio.create_task(fetch(f"{base}/slow"))
        await asyncio.sleep(0.1)
        connector = (await session()).connector
        assert connector is not None and len(connector._acquired) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(connector._acquired) == 0

    serving(test)


def test_the_number_of_connections_is_bounded() -> None:
    async def test(base: str) -> None:
        responses = await asyncio.gather(*[fetch(f"{base}/echo") for _ in range(150)])
        assert len({(await response.json())["port"] for response in responses}) <= 100

    serving(test)


def test_credentials_do_not_follow_a_redirect_to_another_server() -> None:
    async def test(base: str) -> None:
        async def elsewhere(target: str) -> None:
            response = await fetch(
                f"{base}/away?{target}/headers", headers={"authorization": "Bearer x", "x": "1"}
            )
            assert await response.json() == {"authorization": None, "x": "1"}

        await aserving(elsewhere)
        response = await fetch(f"{base}/away?{base}/headers", headers={"authorization": "Bearer x"})
        assert (await response.json())["authorization"] == "Bearer x"

    serving(test)


def test_a_path_of_the_site_is_told_how_to_become_a_url() -> None:
    with pytest.raises(
        FetchError, match=r"Not an absolute URL.*: '/api'; .* needs Astro\.url\.join\('/api'\)"
    ):
        asyncio.run(fetch("/api"))


@pytest.mark.parametrize(
    "url", ["", "/api", "api", "ftp://a/", "http://", "http://a\r\nb/", "file:///etc/passwd"]
)
def test_urls_that_cannot_be_fetched(url: str) -> None:
    with pytest.raises(FetchError):
        asyncio.run(fetch(url))


def test_nobody_listens() -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        with pytest.raises(FetchError, match=f"GET http://127.0.0.1:{port}/ failed"):
            await fetch(f"http://127.0.0.1:{port}/")

    asyncio.run(main())


def test_the_pool_is_closed() -> None:
    async def test(base: str) -> None:
        await close_fetch()
        await fetch(f"{base}/latin")
        first = await session()
        await close_fetch()
        assert first.closed
        assert len(pools) == 0
        await fetch(f"{base}/latin")
        sessions.append(await session())

    sessions: list[ClientSession] = []
    serving(test)
    assert sessions[0].closed
    assert len(pools) == 0
