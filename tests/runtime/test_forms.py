"""Forms: URL-encoded and multipart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.errors import BadRequest, ContentTooLarge, UnsupportedMediaType
from pyastro.runtime.files import File
from pyastro.runtime.forms import FormData
from pyastro.runtime.limits import Limits
from pyastro.runtime.multipart import _without_folders
from pyastro.runtime.request import Request

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"
SMALL = Limits(body=100_000, fields=3, field_size=10, name_size=100, memory=16)


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def part(disposition: str, data: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"Content-Disposition: form-data; {disposition}", *headers])
    return b"--XX\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"


def request(body: bytes, content_type: str | None, limits: Limits = SMALL, size: int = 0) -> Request:
    headers = {} if content_type is None else {"content-type": content_type}
    return Request("POST", "http://a/", headers, pieces(body, size) if size else body, limits=limits)


def read(
    body: bytes, content_type: str | None = MULTIPART, limits: Limits = SMALL, size: int = 0
) -> FormData:
    return asyncio.run(request(body, content_type, limits, size).form_data())


def test_urlencoded() -> None:
    form = read(b"name=A+%26+%3CB%3E&t=1&t=", URLENCODED + "; charset=UTF-8")
    assert form.get("name") == form["name"] == "A & <B>"
    assert form.get_all("t") == ["1", ""]
    assert form.has("t")
    assert "t" in form
    assert form.keys() == ["name", "t"]
    assert form.items()[0] == ("name", "A & <B>")
    assert len(form.files) == 0
    assert form.get("none") is None
    assert read(b"", URLENCODED).items() == []
    assert read(b"%ff=%zz", URLENCODED).items() == [("\ufffd", "%zz")]


def test_urlencoded_is_bounded() -> None:
    assert len(read(b"a=1&b=2&c=3", URLENCODED)) == 3
    for body in (b"a=1&b=2&c=3&d=4", b"&&&", b"a=12345678901", b"x" * 101):
        with pytest.raises(ContentTooLarge) as caught:
            read(body, URLENCODED)
        assert caught.value.status == 413


def test_other_types_hold_no_form() -> None:
    for content_type in ("application/json", "text/plain", "", None):
        with pytest.raises(UnsupportedMediaType) as caught:
            read(b"a=1", content_type)
        assert caught.value.status == 415


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 64])
def test_multipart(size: int, tmp_path: Path) -> None:
    image = bytes(range(256)) + b"\r\n--X\r\n-"
    body = (
        part('name="a"', "é".encode())
        + part('name="photo"; filename="ü%22.png"', image, "Content-Type: image/png")
        + part('name="a"', b"")
        + b"--XX--\r\n"
    )

    async def main() -> None:
        sent = request(body, MULTIPART, size=size)
        form = await sent.form_data()
        assert form.get_all("a") == ["é", ""]
        assert form.keys() == ["a", "photo"]
        file = form.files["photo"]
        assert file is form["photo"]
        assert form.files.keys() == ["photo"]
        assert (file.filename, file.name, file.content_type, file.size) == (
            'ü".png',
            'ü".png',
            "image/png",
            len(image),
        )
        assert await file.read() == await file.read() == image
        await file.save(tmp_path / "saved.png")
        assert (tmp_path / "saved.png").read_bytes() == image
        assert repr(file) == f"<File 'ü\".png', image/png, {len(image)} bytes>"
        sent.close()

    asyncio.run(main())


def test_a_control_without_a_file_gives_a_false_file() -> None:
    form = read(part('name="f"; filename=""', b"", "Content-Type: application/octet-stream") + b"--XX--")
    file = form.files["f"]
    assert not file
    assert file.filename == ""
    assert asyncio.run(file.read()) == b""
    form.close()


def test_a_text_file() -> None:
    form = read(part('name="f"; filename="a.txt"', "é".encode() + b"\xff") + b"--XX--")
    file = form["f"]
    assert isinstance(file, File)
    assert asyncio.run(file.text()) == "é\ufffd"
    assert file
    assert file.content_type == "application/octet-stream"
    form.close()


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\a.txt", "a.txt"),
        ("/a/", ""),
        ("..", ""),
        (".", ""),
        ("a\0b", "ab"),
        (".htaccess", ".htaccess"),
    ],
)
def test_a_filename_has_no_folders(sent: str, name: str) -> None:
    assert _without_folders(sent) == name


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"--XX",
        b"--XX\r\n",
        part('name="a"', b"1"),
        part('name="a"', b"1") + b"--XX\r\n",
        part("x=y", b"1") + b"--XX--",
        part('filename="a"', b"1") + b"--XX--",
        part('name*="a"', b"1") + b"--XX--",
        b"--XX\r\n\r\n1\r\n--XX--",
        b"--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--",
        b"--XX\r\nContent-Disposition form-data; name=a\r\n\r\n1\r\n--XX--",
        part('name="a"', b"1", "X: " + "x" * 200) + b"--XX--",
        part('name="a"', b"1", *[f"X{n}: x" for n in range(50)]) + b"--XX--",
        part('name="f"; filename="a"', b"1" * 50),
        part('name="f"; filename="a"', b"1" * 50) + part("x", b"") + b"--XX--",
    ],
)
@pytest.mark.parametrize("size", [0, 1])
def test_malformed_multipart(body: bytes, size: int) -> None:
    with pytest.raises(BadRequest) as caught:
        read(body, size=size)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 71}",
        "multipart/form-data; boundary=é",
    ],
)
def test_a_boundary_must_be_usable(content_type: str) -> None:
    with pytest.raises(BadRequest, match="boundary"):
        read(part('name="a"', b"1") + b"--XX--", content_type)


def test_multipart_is_bounded() -> None:
    field, file = part('name="a"', b"1"), part('name="f"; filename="a"', b"1" * 5000)
    form = read(field + file + field + b"--XX--")
    assert form.files["f"].size == 5000
    form.close()
    for body in (field * 4, file + field * 3, file + part('name="a"', b"12345678901")):
        with pytest.raises(ContentTooLarge) as caught:
            read(body + b"--XX--")
        assert caught.value.status == 413
    with pytest.raises(ContentTooLarge):
        read(file * 3 + b"--XX--", limits=Limits(body=10_000), size=100)


def test_a_form_that_is_closed_has_no_files() -> None:
    async def main() -> None:
        sent = request(part('name="f"; filename="a"', b"1" * 100) + b"--XX--", MULTIPART)
        form = await sent.form_data()
        sent.close()
        with pytest.raises(ValueError):
            await form.files["f"].read()

    asyncio.run(main())


@given(st.binary(max_size=200), st.integers(1, 20))
def test_any_file_comes_back(data: bytes, size: int) -> None:
    form = read(part('name="f"; filename="a"', data) + b"--XX--", size=size)
    if b"\r\n--XX" not in b"\r\n" + data:
        assert asyncio.run(form.files["f"].read()) == data
    form.close()


@given(st.lists(st.sampled_from([b"--XX", b"\r\n", b"--", b"a", b":", b" ", part('name="a"', b"x"), b'"'])))
def test_any_body_is_a_form_or_a_request_error(tokens: list[bytes]) -> None:
    with suppress(BadRequest, ContentTooLarge):
        read(b"".join(tokens)).close()
