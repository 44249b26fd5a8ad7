"""Where redirects lead."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.redirects import location
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
