"""Media types and the text of bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.errors import BadRequest, UnsupportedMediaType
from pyastro.runtime.media_type import decode_text, encode_text, json_text, parse_json, parse_media_type


@pytest.mark.parametrize(
    ("text", "essence", "parameters"),
    [
        ("", "", {}),
        ("Text/HTML", "text/html", {}),
        ("text/html; Charset=UTF-8", "text/html", {"charset": "UTF-8"}),
        ('text/html;charset="utf-8";x', "text/html", {"charset": "utf-8"}),
        ('a/b; x="y;\\"z\\\\"; w=1; x=2', "a/b", {"x": 'y;"z\\', "w": "1"}),
        ('a/b; x="open', "a/b", {"x": '"open'}),
        ('a/b; x="a\\', "a/b", {"x": '"a\\'}),
    ],
)
def test_parsing(text: str, essence: str, parameters: dict[str, str]) -> None:
    assert parse_media_type(text) == (essence, parameters)


@given(st.text('a/;="\\ '))
def test_any_text_can_be_parsed(text: str) -> None:
    parse_media_type(text)


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (b"\xc3\xa9", None, "é"),
        (b"\xef\xbb\xbfa", "text/plain", "a"),
        (b"a\xff", "text/plain;charset=UTF-8", "a\ufffd"),
        (b"\xe9", "text/plain;charset=latin1", "é"),
        (b"\x80", "text/plain;charset=windows-1252", "€"),
        (b"\x93\xfa", "text/plain;charset=Shift_JIS", "日"),
    ],
)
def test_decoding(data: bytes, content_type: str | None, text: str) -> None:
    assert decode_text(data, content_type) == text


@pytest.mark.parametrize(
    "label", ["", "x", "punycode", "idna", "rot13", "zip", "utf-7", "unicode_escape", "\xff"]
)
def test_charsets_that_are_refused(label: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        decode_text(b"x", f"text/plain;charset={label}")


@given(st.text())
def test_any_text_can_be_encoded(text: str) -> None:
    assert encode_text(text).decode() is not None


def test_json() -> None:
    assert json_text({"a": [1, "é"]}) == '{"a":[1,"é"]}'
    assert parse_json(b'\xef\xbb\xbf{"a":1}', "It") == {"a": 1}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b'{"a": -1e400}',
        b"[" * 200_000,
        b"1" * 10_000,
        b'"\n"',
        b"{'a':1}",
    ],
)
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(BadRequest, match=r"^It is not valid JSON") as caught:
        parse_json(data, "It")
    assert isinstance(caught.value, ValueError)
    assert caught.value.status == 400
