"""Requests and their bodies."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pyastro.runtime.errors import BadRequest, BodyUsed, ContentTooLarge, UnsupportedMediaType
from pyastro.runtime.limits import Limits
from pyastro.runtime.request import Request
from pyastro.runtime.url import URL

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0)
        yield part


def post(body: bytes | str | AsyncIterator[bytes] | None, headers: dict[str, str] | None = None) -> Request:
    return Request("POST", "http://a/", headers, body, limits=Limits(body=10))


def test_a_request() -> None:
    request = Request("GET", "http://a/x", {"X-A": "1"}, client_address="::1")
    assert request.method == "GET"
    assert request.url == URL("http://a/x")
    assert request.headers["x-a"] == "1"
    assert request.client_address == "::1"
    assert asyncio.run(request.body()) == b""
    assert repr(request) == "<Request GET http://a/x>"


def test_the_case_of_a_method_counts() -> None:
    assert Request("get", "http://a/").method == "get"


@pytest.mark.parametrize("method", ["", "G T", "GET\r\n", "É", "GET "])
def test_a_method_is_a_token(method: str) -> None:
    with pytest.raises(ValueError, match="not a method"):
        Request(method, "http://a/")


def test_malformed_parts_are_refused() -> None:
    with pytest.raises(ValueError):
        Request("GET", "/x")
    with pytest.raises(ValueError):
        Request("GET", "http://a/", {"a": "b\r\nc"})


def test_a_body_may_be_read_again() -> None:
    async def main() -> None:
        for request in (post("[1]"), post(b"[1]"), post(chunks(b"[", b"1]"))):
            assert await request.body() == b"[1]"
            assert await request.text() == "[1]"
            assert await request.json() == [1]
            assert [chunk async for chunk in request.stream()] == [b"[1]"]

    asyncio.run(main())


def test_tasks_that_read_at_once_get_the_same() -> None:
    async def main() -> None:
        request = post(chunks(b"a=", b"1"), FORM)
        body, text, form = await asyncio.gather(request.body(), request.text(), request.form_data())
        assert body == b"a=1"
        assert text == "a=1"
        assert form.get("a") == "1"
        form, again = await asyncio.gather(request.form_data(), request.form_data())
        assert form is again

    asyncio.run(main())


def test_a_stream_is_taken_once() -> None:
    async def main() -> None:
        request = post(chunks(b"a", b"b"))
        assert [chunk async for chunk in request.stream()] == [b"a", b"b"]
        for read in (request.body, request.text, request.json):
            with pytest.raises(BodyUsed):
                await read()
        with pytest.raises(BodyUsed):
            [chunk async for chunk in request.stream()]

    asyncio.run(main())


def test_a_body_that_was_cut_is_not_taken_for_whole() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise ConnectionResetError

    async def main() -> None:
        request = post(broken())
        with pytest.raises(ConnectionResetError):
            await request.body()
        with pytest.raises(BodyUsed):
            await request.body()

    asyncio.run(main())


def test_a_body_is_bounded() -> None:
    async def main() -> None:
        assert await post(chunks(b"12345", b"67890")).body() == b"1234567890"
        with pytest.raises(ContentTooLarge) as caught:
            await post(chunks(b"12345", b"67890", b"1", b"never read")).body()
        assert caught.value.status == 413
        with pytest.raises(ContentTooLarge):
            await post(chunks(b"a=345", b"67890", b"1"), FORM).form_data()
        with pytest.raises(ContentTooLarge):
            await post(b"a=345678901", FORM).form_data()

    asyncio.run(main())


def test_text_has_a_charset() -> None:
    assert asyncio.run(post(b"\xe9", {"content-type": "text/plain;charset=latin1"}).text()) == "é"
    with pytest.raises(UnsupportedMediaType):
        asyncio.run(post(b"x", {"content-type": "text/plain;charset=x"}).text())


def test_json_that_is_none() -> None:
    with pytest.raises(BadRequest, match="request's body is not valid JSON"):
        asyncio.run(post(b"{").json())


def test_another_url_shares_the_body() -> None:
    async def main() -> None:
        request = Request("POST", "http://a/", {"x": "y"}, chunks(b"ab"), client_address="::1")
        other = request.with_url("http://a/other")
        assert (other.method, other.client_address, other.headers["x"]) == ("POST", "::1", "y")
        assert str(other.url) == "http://a/other"
        assert str(request.url) == "http://a/"
        assert await other.body() == await request.body() == b"ab"

    asyncio.run(main())


def test_what_a_rewrite_makes_of_a_request() -> None:
    request = Request("POST", "http://a/b/c?d=e", {"x": "y"}, b"body", client_address="::1", root_path="/b")
    moved = request.rewritten("../f")
    assert (str(moved.url), moved.method, moved.headers["x"]) == ("http://a/f", "POST", "y")
    assert asyncio.run(moved.body()) == asyncio.run(request.body()) == b"body"
    other = Request("PUT", "http://a/g", {"z": "1"}, b"other")
    moved = request.rewritten(other)
    assert moved is not other
    assert (str(moved.url), moved.method, moved.client_address, moved.root_path) == (
        "http://a/g",
        "PUT",
        "::1",
        "/b",
    )
    assert (moved.headers["z"], asyncio.run(moved.body())) == ("1", b"other")
