"""What a response says of its body's length is true, or the response fails."""

import asyncio
from pathlib import Path

import pytest

from pyastro.runtime.body_length import WrongLength
from pyastro.runtime.response import Response
from tests.runtime.site_builds import ask, endpoint, make_site, page

CODE = """async def pieces():
    yield "abc"
    yield b"def"

BODIES = {"stream": pieces, "list": lambda: ["abc", "def"], "text": lambda: "abc\\u00e9", "bytes": lambda: b"abc"}

def GET(url):
    lengths = [("content-length", text) for text in url.query.get_all("length")]
    return Response(BODIES[url.query["body"]](), headers=lengths)
"""


def get(folder: Path, query: str, method: str = "GET") -> Response:
    return ask(make_site(folder, {"/x.py": endpoint(CODE)}), f"/x?{query}", method)


@pytest.mark.parametrize("body", ["stream", "list"])
def test_a_stream_is_measured(tmp_path: Path, body: str) -> None:
    exact = get(tmp_path, f"body={body}&length=6")
    assert exact.headers["content-length"] == "6"
    assert asyncio.run(exact.bytes()) == b"abcdef"
    for length, said in (("5", "more bytes"), ("7", "lacks 1"), ("0", "more bytes")):
        with pytest.raises(WrongLength, match=said):
            asyncio.run(get(tmp_path, f"body={body}&length={length}").bytes())
    assert not get(tmp_path, f"body={body}").headers.has("content-length")


@pytest.mark.parametrize(
    "lengths",
    ["length=6&length=6", "length=", "length=-6", "length=%2B6", "length=0x6", "length=" + "9" * 19],
)
def test_a_length_that_is_no_number_fails(
    tmp_path: Path, lengths: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert get(tmp_path, f"body=stream&{lengths}").status == 500
    assert "Content-Length" in caplog.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("body", "length"), [("text", "5"), ("bytes", "3")])
def test_a_body_that_is_known_has_its_own_length(tmp_path: Path, method: str, body: str, length: str) -> None:
    for given in ("", "&length=1", "&length=x&length=y"):
        assert get(tmp_path, f"body={body}{given}", method).headers.get_all("content-length") == [length]


def test_no_browser_has_to_guess_a_type(tmp_path: Path) -> None:
    for body, kind in (("bytes", "application/octet-stream"), ("stream", "application/octet-stream")):
        for method in ("GET", "HEAD"):
            assert get(tmp_path, f"body={body}", method).headers["content-type"] == kind
    assert get(tmp_path, "body=text").headers["content-type"] == "text/plain;charset=UTF-8"


def test_what_has_no_body_has_no_length(tmp_path: Path) -> None:
    modules = {
        "/none": page("return Response(None, 204, headers={'content-length': '3'})"),
        "/head.py": endpoint("def HEAD():\n    return Response(None, headers={'content-length': '3'})"),
    }
    site = make_site(tmp_path, modules)
    assert ask(site, "/none").headers.keys() == []
    assert ask(site, "/head", "HEAD").headers["content-length"] == "3"
