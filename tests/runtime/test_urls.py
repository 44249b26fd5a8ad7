"""URLs that would run script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.urls import BLOCKED, URL_ATTRIBUTES, safe_url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \t\njavascript:x",
        "java\nscript:x",
        "java\tscr\ript\n:x",
        "\x00javascript:x",
        "\x01\x1fjava\x00script:x",
        "\u00a0javascript:x",
        "\ufeffjavascript:x",
        "vbscript:x",
        "livescript:x",
        "data:text/html,<script>x</script>",
        "DATA:Text/HTML;base64,PHNjcmlwdD4=",
        "data: text/html,x",
        "da\nta:te\txt/html,x",
        "data:application/xhtml+xml,x",
        "data:application/rss+xml;charset=utf-8,x",
        "data:text/xml,x",
        "data:image/svg+xml,<svg onload=x>",
    ],
)
@pytest.mark.parametrize("name", ["href", "action", "formaction", "xlink:href", "data", "to"])
def test_blocked(name: str, url: str) -> None:
    assert safe_url(name, url) == BLOCKED


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "/a:b",
        "?q=javascript:x",
        "#javascript:x",
        "./javascript:x",
        "https://example.org/javascript:x",
        "//example.org",
        "mailto:a@b.c",
        "tel:+1",
        "javascript",
        "javascripts:x",
        "my-javascript:x",
        "data:image/png;base64,AA==",
        "data:text/plain,text/html",
        "data:,x",
        "blob:https://example.org/1",
        "ｊavascript:x",
        "1javascript:x",
        ":javascript:x",
    ],
)
def test_left_alone(url: str) -> None:
    assert all(safe_url(name, url) == url for name in URL_ATTRIBUTES - {"values"})


def test_several_urls() -> None:
    assert safe_url("srcset", "/a 1x, javascript:x 2x") == BLOCKED
    assert safe_url("imagesrcset", "/a 1x,\n\tdata:text/html,x 2x") == BLOCKED
    assert safe_url("ping", "/a javascript:x") == BLOCKED
    assert safe_url("values", "/a;javascript:x") == BLOCKED
    assert safe_url("srcset", "/a.png 1x, https://b.c/d.png 2x") == "/a.png 1x, https://b.c/d.png 2x"


def test_an_svg_is_a_picture_where_pictures_stand() -> None:
    url = "data:image/svg+xml;utf8,<svg/>"
    assert safe_url("src", url) == safe_url("poster", url) == url
    assert safe_url("href", url) == BLOCKED


@given(
    st.sampled_from(["javascript", "vbscript"]),
    st.text([chr(code) for code in range(33)]),
    st.data(),
)
def test_no_disguise_helps(scheme: str, before: str, data: st.DataObject) -> None:
    """The URL standard strips C0 controls and spaces before a URL, and tabs and newlines anywhere in it."""
    url = before
    for letter in scheme:
        url += data.draw(st.sampled_from([letter, letter.upper()])) + data.draw(st.text("\t\n\r", max_size=2))
    assert safe_url("href", url + ":x") == BLOCKED


@given(st.text())
def test_any_text(url: str) -> None:
    assert safe_url("href", url) in (url, BLOCKED)


def test_time_is_linear() -> None:
    for url in (" " * 10**6 + "x", "a " * 10**6, "java\t" * 10**6 + ":", "data:" + " " * 10**6):
        safe_url("srcset", url)
