"""URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.url import URL

WHOLE = "HTTP://me:pw@Ex.org:8080/a%2Fb/c%20d/?a=1+2&b=&a=%C3%A9#top"


def test_parts() -> None:
    url = URL(WHOLE)
    assert str(url) == WHOLE
    assert (url.scheme, url.netloc, url.host, url.port) == ("http", "me:pw@Ex.org:8080", "ex.org", 8080)
    assert url.origin == "http://ex.org:8080"
    assert (url.path, url.query_string, url.fragment) == ("/a%2Fb/c%20d/", "a=1+2&b=&a=%C3%A9", "top")
    assert url.query.items() == [("a", "1 2"), ("b", ""), ("a", "é")]
    assert url.segments == ("a/b", "c d", "")


def test_parts_that_are_not_written() -> None:
    url = URL("https://example.org")
    assert (url.port, url.path, url.query_string, url.fragment) == (None, "/", "", "")
    assert url.segments == ()
    assert len(url.query) == 0
    assert URL("https://example.org?x").query.items() == [("x", "")]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://a:80/", "http://a"),
        ("https://A:443/x", "https://a"),
        ("http://a:443/", "http://a:443"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("http://a:/", "http://a"),
    ],
)
def test_origin(text: str, origin: str) -> None:
    assert URL(text).origin == origin


def test_an_ipv6_host_has_no_brackets() -> None:
    assert URL("http://[::1]:8000/").host == "::1"


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/", ()),
        ("/a", ("a",)),
        ("/a/", ("a", "")),
        ("//", ("", "")),
        ("//evil", ("", "evil")),
        ("/%2F/%252F", ("/", "%2F")),
        ("/a+b/%C3%A9", ("a+b", "é")),
        ("/../%2e%2e", ("..", "..")),
        ("/a\\b", ("a\\b",)),
    ],
)
def test_segments(path: str, segments: tuple[str, ...]) -> None:
    assert URL(f"http://a{path}").segments == segments


@pytest.mark.parametrize("path", ["/%", "/%4", "/%zz", "/%ff", "/a/%C3", "/%ED%A0%80", "/%C0%AF"])
def test_segments_that_are_not_utf8(path: str) -> None:
    with pytest.raises(ValueError):
        _ = URL(f"http://a{path}").segments


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/x",
        "//a/x",
        "a",
        "http:/a",
        "http:///x",
        "http://",
        "http://:80/",
        "mailto:a@b",
        "http://a:x/",
        "http://a:99999/",
        "http://a:123456/",
        "http://a@b@c/",
        "http://[::1/",
        "http://a]/",
        "http://a%00/",
        "http://a b/",
        "http://a\\b/",
        "http://good.example\\@evil.example/",
        "http://a\\/",
        "http://a/\n",
        "http://a/\tb",
        "http://a/\x00",
        "http://a/\x7f",
        " http://a/",
        "http://a<b/",
        "http://a/\ud800",
        "http://\ud800/",
        "http://a..ü/",
        "http://a:1:2/",
        "http://a:\u0661/",
    ],
)
def test_malformed(text: str) -> None:
    with pytest.raises(ValueError):
        URL(text)


def test_characters_outside_ascii_are_encoded() -> None:
    assert (
        str(URL("http://münchen.de/ä b?ö=ü#ß")) == "http://xn--mnchen-3ya.de/%C3%A4%20b?%C3%B6=%C3%BC#%C3%9F"
    )


@pytest.mark.parametrize(
    ("relative", "result"),
    [
        ("c", "http://a/x/c"),
        ("/c?d", "http://a/c?d"),
        ("?d", "http://a/x/y?d"),
        ("../z", "http://a/z"),
        ("//b/", "http://b/"),
        ("https://b/", "https://b/"),
        ("é", "http://a/x/%C3%A9"),
    ],
)
def test_join(relative: str, result: str) -> None:
    assert URL("http://a/x/y?q").join(relative) == URL(result)


def test_replace() -> None:
    url = URL("http://a:1/x?q=1#f")
    assert str(url.replace()) == "http://a:1/x?q=1#f"
    assert str(url.replace(path="/é f/%2F?#")) == "http://a:1/%C3%A9%20f/%2F%3F%23?q=1#f"
    assert str(url.replace(scheme="https", netloc="b", query="", fragment="")) == "https://b/x"
    assert str(url.replace(query={"a": "1&2", "b": "é"})) == "http://a:1/x?a=1%262&b=%C3%A9#f"
    assert str(url.replace(query=[("a", "1"), ("a", "2")])) == "http://a:1/x?a=1&a=2#f"
    assert str(url.replace(query=url.query, fragment="g h")) == "http://a:1/x?q=1#g%20h"
    assert str(url.replace(query="?a#b")) == "http://a:1/x?a%23b#f"
    assert str(url.replace(netloc="ü", path="/")) == "http://xn--tda/?q=1#f"


@pytest.mark.parametrize(
    "parts",
    [
        {"netloc": "b/c"},
        {"netloc": "b?"},
        {"netloc": "b#"},
        {"netloc": ""},
        {"path": "evil"},
        {"path": ".evil.example/"},
        {"path": "@evil"},
        {"scheme": "http://b/"},
        {"path": "\\x"},
    ],
)
def test_parts_that_would_become_more(parts: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        URL("http://a/x").replace(**parts)


def test_it_is_a_value() -> None:
    assert URL("http://a/") == URL(URL("http://a/")) != URL("http://a")
    assert {URL("http://a/")} == {URL("http://a/")}
    assert URL("http://a/") != "http://a/"
    assert repr(URL("http://a/")) == "URL('http://a/')"
    with pytest.raises(AttributeError):
        URL("http://a/").path = "/b"  # type: ignore[misc]  # the mistake that is tested


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)))
def test_segments_come_back_whole(segments: list[str]) -> None:
    from urllib.parse import quote

    url = URL("http://a/" + "/".join(quote(segment, safe="") for segment in segments))
    assert url.segments == tuple(segments)


@given(st.text())
def test_any_text_is_a_url_or_a_value_error(text: str) -> None:
    for candidate in (text, f"http://{text}", f"http://a/{text}"):
        try:
            url = URL(candidate)
            assert str(url).isascii()
            assert url.origin
            assert url.netloc
            assert url.query is url.query
            assert url.segments is url.segments
        except ValueError:
            pass
