import asyncio
from collections.abc import AsyncGenerator

import pytest

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.errors import BadRequest, ContentTooLarge
from pyastro.runtime.headers import Headers
from pyastro.runtime.hosts import Hosts, listening_authority
from pyastro.runtime.incoming import (
    ExpectationFailed,
    SlowBody,
    check_announced,
    forwarded,
    host_and_target,
    request_url,
    timed,
)
from pyastro.runtime.limits import Limits


def test_what_is_announced() -> None:
    check_announced(Headers({"expect": "100-Continue"}), 10, Limits(body=10), is_old=False)
    with pytest.raises(ContentTooLarge):
        check_announced(Headers(), 11, Limits(body=10), is_old=False)
    with pytest.raises(ExpectationFailed):
        check_announced(Headers({"expect": "x"}), None, Limits(), is_old=False)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/a%2Fb?c#d", ("own", "/a%2Fb?c")),
        ("http://other/x", ("other", "/x")),
        ("HTTPS://other?x", ("other", "/?x")),
        ("/é\udcff ", ("own", "/%C3%A9%FF%20")),
    ],
)
def test_targets(target: str, found: tuple[str, str]) -> None:
    assert host_and_target(Headers({"host": "own"}), target, needs_host=True) == found


@pytest.mark.parametrize("target", ["*", "", "ftp://x/", "own:443"])
def test_what_is_no_target(target: str) -> None:
    with pytest.raises(BadRequest):
        host_and_target(Headers({"host": "own"}), target, needs_host=True)


def test_host_headers() -> None:
    assert host_and_target(Headers(), "/", needs_host=False) == (None, "/")
    for headers, needs_host in ((Headers(), True), (Headers([("host", "a"), ("host", "a")]), False)):
        with pytest.raises(BadRequest):
            host_and_target(headers, "/", needs_host=needs_host)


def test_urls() -> None:
    hosts = Hosts(["a.example"])
    assert str(request_url("https", "a.example", "/x", hosts, "here:1")) == "https://a.example/x"
    assert str(request_url("javascript", "b.example", "/x", hosts, "here:1")) == "http://here:1/x"
    for host in ("a b", "a/b"):
        with pytest.raises(BadRequest):
            request_url("http", host, "/", hosts, "here:1")


def test_listening_addresses() -> None:
    assert listening_authority("127.0.0.1", 8000) == "127.0.0.1:8000"
    assert listening_authority("::1", 80) == "[::1]:80"
    assert listening_authority("0.0.0.0", 80) == listening_authority("::", 80) == "localhost:80"
    assert listening_authority("/run/site.sock", None) == "localhost"


def test_only_the_nearest_proxy_counts() -> None:
    assert forwarded(Headers({"x": "a, b"}), "x", None) == "b"
    assert forwarded(Headers({"x": "a, "}), "x", "own") == "own"
    assert forwarded(Headers(), "x", "own") == "own"


async def body(*pieces: bytes, pause: float = 0.0) -> AsyncGenerator[bytes, None]:
    for piece in (*pieces, b""):
        await asyncio.sleep(pause)
        yield piece


@pytest.mark.parametrize("deadlines", [Deadlines(silence=0.02), Deadlines(body=0.02), Deadlines()])
def test_bodies_have_deadlines(deadlines: Deadlines) -> None:
    async def read(pause: float) -> list[bytes]:
        pieces = body(b"a", b"b", pause=pause)
        return [piece async for piece in timed(pieces.__anext__, deadlines)]

    assert asyncio.run(read(0)) == [b"a", b"b"]
    if deadlines != Deadlines():
        with pytest.raises(SlowBody):
            asyncio.run(read(0.05))
