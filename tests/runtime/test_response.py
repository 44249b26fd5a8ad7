"""Responses."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import pytest
from markupsafe import Markup

from pyastro.runtime.errors import BadRequest, BodyUsed
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.response_init import ResponseInit
from pyastro.runtime.url import URL


async def collect(response: Response) -> list[bytes]:
    return [chunk async for chunk in response.stream()]


def test_defaults() -> None:
    response = Response()
    assert (response.body, response.status, response.status_text, response.ok) == (None, 200, None, True)
    assert response.headers.items() == []
    assert response.reason == "OK"
    assert asyncio.run(response.bytes()) == b""
    assert asyncio.run(collect(response)) == [b""]
    assert repr(response) == "<Response 200 OK>"


def test_text_has_a_type_and_bytes_have_none() -> None:
    assert Response("x").headers.items() == [("content-type", "text/plain;charset=UTF-8")]
    assert Response("x", headers={"Content-Type": "text/css"}).headers.items() == [
        ("Content-Type", "text/css")
    ]
    assert Response(b"x").headers.items() == []
    assert Response(Markup("<b>")).headers["content-type"] == "text/html;charset=UTF-8"


@pytest.mark.parametrize("status", [0, 99, 100, 101, 199, 600, 1000, -1])
def test_a_status_is_between_200_and_599(status: int) -> None:
    with pytest.raises(ValueError, match="between 200 and 599"):
        Response(status=status)
    with pytest.raises(ValueError, match="between 200 and 599"):
        ResponseInit().status = status


def test_a_status_is_an_int() -> None:
    for status in ("200", True, None, 200.0):
        with pytest.raises(TypeError, match="must be an int"):
            Response(status=status)  # type: ignore[arg-type]  # the mistakes that are tested
    assert Response(status=HTTPStatus.CREATED).status == 201


def test_the_reason() -> None:
    assert Response(status=404).reason == "Not Found"
    assert Response(status=404, status_text="Gone fishing").reason == "Gone fishing"
    assert Response(status=404, status_text="").reason == ""
    assert Response(status=599).reason == ""
    assert not Response(status=404).ok
    for text in ("a\r\nb", "a\nb", "\0", "€"):
        with pytest.raises(ValueError, match="status text"):
            Response(status_text=text)


@pytest.mark.parametrize("status", [204, 205, 304])
def test_statuses_without_a_body(status: int) -> None:
    assert Response(status=status).body is None
    assert Response("", status).body is None
    assert Response("", status).headers.items() == []
    with pytest.raises(ValueError, match="has no body"):
        Response("x", status)
    with pytest.raises(ValueError, match="has no body"):
        Response([b""], status)


@pytest.mark.parametrize("body", [{"a": 1}, 5, object(), True])
def test_bodies_of_other_types_are_refused(body: object) -> None:
    with pytest.raises(TypeError, match=r"Response\.json"):
        Response(body)  # type: ignore[arg-type]  # the mistakes that are tested


def test_json() -> None:
    response = Response.json({"a": [1, "é", None], "b": 1.5}, 201, {"x": "y"})
    assert response.body == '{"a":[1,"é",null],"b":1.5}'.encode()
    assert (response.status, response.headers["content-type"]) == (201, "application/json")
    assert response.headers["x"] == "y"
    assert asyncio.run(response.json()) == {"a": [1, "é", None], "b": 1.5}
    assert Response.json(1, headers={"content-type": "application/ld+json"}).headers.get_all(
        "content-type"
    ) == ["application/ld+json"]
    assert Response.json("\ud800").body == '"\ufffd"'.encode()


def test_what_json_cannot_hold() -> None:
    with pytest.raises(TypeError):
        Response.json({1, 2})
    with pytest.raises(ValueError):
        Response.json(float("nan"))
    with pytest.raises(BadRequest):
        asyncio.run(Response("{").json())


def test_redirect() -> None:
    response = Response.redirect("/é")
    assert (response.status, response.headers.items(), response.body) == (
        302,
        [("location", "/%C3%A9")],
        None,
    )
    assert Response.redirect(URL("https://a/"), 308).headers["location"] == "https://a/"
    assert Response.redirect("//evil.example").headers["location"] == "/evil.example"
    for status in (200, 300, 304, 305, 404):
        with pytest.raises(ValueError, match="redirect's status"):
            Response.redirect("/", status)
    with pytest.raises(ValueError, match="control characters"):
        Response.redirect("/\r\nset-cookie: a=1")


def test_reading_text() -> None:
    assert asyncio.run(Response("é").text()) == "é"
    latin = Response(b"\xe9", headers={"content-type": "text/plain; charset=iso-8859-1"})
    assert asyncio.run(latin.text()) == "é"
    assert Response("x").body == "x"


@pytest.mark.parametrize("body", [bytearray(b"ab"), memoryview(b"ab"), [b"a", "b"], ("a", "b"), iter(["ab"])])
def test_bodies_that_give_bytes(body: bytes) -> None:
    response = Response(body)
    assert asyncio.run(response.bytes()) == b"ab"
    assert asyncio.run(response.bytes()) == b"ab"
    assert response.body == b"ab"


def test_a_stream_is_taken_once_and_closed() -> None:
    closed = []

    async def chunks() -> AsyncIterator[str | bytes]:
        try:
            yield "é"
            yield b"\xff"
        finally:
            closed.append(True)

    async def main() -> None:
        response = Response(chunks())
        assert await collect(response) == ["é".encode(), b"\xff"]
        assert closed == [True]
        with pytest.raises(BodyUsed):
            await response.bytes()
        with pytest.raises(BodyUsed):
            await collect(response)

    asyncio.run(main())


def test_a_stream_that_is_left_is_closed() -> None:
    closed = []

    def chunks() -> Iterator[str]:
        try:
            yield "a"
            yield "b"
        finally:
            closed.append(True)

    async def main() -> None:
        body = Response(chunks()).stream()
        assert await anext(body) == b"a"
        await body.aclose()
        assert closed == [True]

    asyncio.run(main())


def test_a_stream_that_is_not_sent_is_closed() -> None:
    closed = []

    class Source:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x"])

        def close(self) -> None:
            closed.append(True)

    asyncio.run(Response(Source()).close())
    asyncio.run(Response("x").close())
    asyncio.run(Response().close())
    assert closed == [True]


def test_a_stream_gives_str_and_bytes() -> None:
    with pytest.raises(TypeError, match="not int"):
        asyncio.run(Response([1]).bytes())  # type: ignore[list-item]  # the mistake that is tested


def test_lone_surrogates_become_replacement_characters() -> None:
    assert asyncio.run(Response("a\ud800b\ud83d\ude00").bytes()) == "a\ufffdb😀".encode()


def test_a_head_can_be_changed() -> None:
    init = ResponseInit()
    init.status = 404
    init.status_text = "No"
    init.headers["x"] = "y"
    assert (init.status, init.reason, init.headers.items()) == (404, "No", [("x", "y")])
    init.headers = {"a": "b"}
    assert init.headers["A"] == "b"
    with pytest.raises(ValueError):
        init.headers["x"] = "a\r\nb"


def test_a_rewrite_is_a_response() -> None:
    rewrite = Rewrite("/other?x=1")
    assert isinstance(rewrite, Response)
    assert (rewrite.status, rewrite.target) == (200, "/other?x=1")
    assert Rewrite(URL("http://a/b")).target == "http://a/b"
    assert repr(rewrite) == "<Rewrite 200 OK>"
