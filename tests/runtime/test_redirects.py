"""Where redirects lead."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.redirects import filled, location, permanent
from pyastro.runtime.url import URL


@pytest.mark.parametrize(
    ("target", "result"),
    [
        ("/login", "/login"),
        ("login?next=/a//b#x", "login?next=/a//b#x"),
        ("?page=2", "?page=2"),
        ("", ""),
        ("/a%20b/é ü", "/a%20b/%C3%A9%20%C3%BC"),
        ("/a?to=https://other.example/", "/a?to=https://other.example/"),
        (" /a ", "/a"),
        ("https://other.example/x?y", "https://other.example/x?y"),
        ("HTTPS://other.example", "HTTPS://other.example"),
        ("https://münchen.de/ä", "https://xn--mnchen-3ya.de/%C3%A4"),
        ("myapp://callback", "myapp://callback"),
        ("//evil.example/x", "/evil.example/x"),
        ("///evil.example", "/evil.example"),
        ("/\\evil.example", "/evil.example"),
        ("\\/evil.example", "/evil.example"),
        ("\\\\evil.example", "/evil.example"),
        ("  //evil.example", "/evil.example"),
        ("\\evil.example", "%5Cevil.example"),
        ("/a\\b", "/a%5Cb"),
        ("/%5Cevil.example", "/%5Cevil.example"),
        ("／／evil.example", "%EF%BC%8F%EF%BC%8Fevil.example"),
    ],
)
def test_targets(target: str, result: str) -> None:
    assert location(target) == result


@pytest.mark.parametrize(
    "target",
    [
        "/\r\nset-cookie: a=1",
        "/\n",
        "/\x00",
        "/\t/evil.example",
        "\x01//evil.example",
        "/\x7f",
        "/\ud800",
        "https:/evil.example",
        "https:evil.example",
        "https:\\\\evil.example",
        "https:/\\evil.example",
        "http:///evil.example",
        "https://",
        "https://good.example\\@evil.example/",
        "https://a b/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
    ],
)
def test_targets_that_are_refused(target: str) -> None:
    with pytest.raises(ValueError):
        location(target)


@pytest.mark.parametrize(
    ("target", "params", "result"),
    [
        ("/new", {}, "/new"),
        ("/post/[id]", {"id": "a b/é"}, "/post/a%20b%2F%C3%A9"),
        ("/articles/[...slug]", {"slug": "2024/hi there"}, "/articles/2024/hi%20there"),
        ("/articles/[...slug]", {"slug": None}, "/articles"),
        ("/articles/[...slug]/all", {"slug": None}, "/articles/all"),
        ("/[...slug]", {"slug": None}, "/"),
        ("/[lang]-[id]?q=[id]", {"lang": "de", "id": "1&x"}, "/de-1%26x?q=1%26x"),
        ("https://a.example/[...p]", {"p": "/\\evil.example?#"}, "https://a.example//%5Cevil.example%3F%23"),
    ],
)
def test_a_configured_target_is_filled(target: str, params: dict[str, str | None], result: str) -> None:
    assert filled(target, params) == result


def test_the_status_keeps_the_method() -> None:
    assert [permanent(method) for method in ("GET", "HEAD", "POST")] == [301, 301, 308]


def test_a_url_is_a_target() -> None:
    assert location(URL("https://a/x")) == "https://a/x"


@given(st.text("/\\.:@?#%ab htps\tevil", max_size=12))
def test_nothing_that_names_no_scheme_leaves_the_site(target: str) -> None:
    try:
        result = location(target)
    except ValueError:
        return
    if ":" not in target.partition("/")[0]:
        # browsers read a backslash as a slash, and ignore white space around
        url = urlsplit(urljoin("http://site.example/dir/page", result.strip().replace("\\", "/")))
        assert url.netloc == "site.example"
