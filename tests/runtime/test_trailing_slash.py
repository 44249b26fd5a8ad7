import pytest

from pyastro.runtime.manifest import TrailingSlash
from pyastro.runtime.trailing_slash import canonical_location
from pyastro.runtime.url import URL


@pytest.mark.parametrize(
    ("policy", "path", "expected"),
    [
        ("ignore", "/about/", None),
        ("ignore", "/about", None),
        ("ignore", "/about//?x", "/about/?x"),
        ("always", "/about///", "/about/"),
        ("never", "/about//", "/about"),
        ("always", "/feed.xml//", "/feed.xml/"),
        ("never", "/about/?x=1", "/about?x=1"),
        ("never", "/about", None),
        ("never", "/", None),
        ("never", "//", None),
        ("never", "//evil.example/", "/evil.example"),
        ("never", "/%5Cevil.example/", "/%5Cevil.example"),
        ("always", "/about?x=1", "/about/?x=1"),
        ("always", "/about/", None),
        ("always", "/", None),
        ("always", "/feed.xml", None),
        ("always", "//evil", "/evil/"),
        ("always", "/a%20b", "/a%20b/"),
    ],
)
def test_location(policy: TrailingSlash, path: str, expected: str | None) -> None:
    url = URL(f"http://localhost{path}")
    assert canonical_location(url, url.segments, policy) == expected
