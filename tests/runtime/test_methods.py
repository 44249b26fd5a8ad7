import pytest

from pyastro.runtime.methods import is_cross_site
from pyastro.runtime.request import Request

URL = "http://localhost:4321/form"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"origin": "http://localhost:4321"}, False),
        ({"origin": "http://localhost:4322"}, True),
        ({"origin": "http://localhost"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "http://[bad"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost:4321"}, True),
        ({"sec-fetch-site": "cross-site", "content-type": "application/json"}, True),
    ],
)
def test_cross_site(headers: dict[str, str], expected: bool) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert is_cross_site(Request(method, URL, headers)) is expected
    for method in ("GET", "HEAD", "OPTIONS"):
        assert not is_cross_site(Request(method, URL, headers))


def test_a_proxy_that_ends_tls() -> None:
    assert not is_cross_site(Request("POST", "http://example.com/", {"origin": "https://example.com"}))
    assert is_cross_site(Request("POST", "https://example.com/", {"origin": "http://example.com"}))
    assert not is_cross_site(Request("POST", "https://example.com/", {"origin": "https://example.com"}))
