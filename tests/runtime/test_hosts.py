import pytest

from pyastro.runtime.hosts import BadHost, Hosts, host_of

HOSTS = Hosts(["example.com", "shop.example:8443", "*.example.org"])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "127.0.0.1:4321"),
        ("localhost", "localhost"),
        ("localhost:8080", "localhost:8080"),
        ("app.localhost:1", "app.localhost:1"),
        ("[::1]:8080", "[::1]:8080"),
        ("EXAMPLE.com", "example.com"),
        ("example.com:81", "example.com:81"),
        ("shop.example:8443", "shop.example:8443"),
        ("shop.example", "127.0.0.1:4321"),
        ("a.example.org", "a.example.org"),
        ("example.org", "127.0.0.1:4321"),
        ("evil.example", "127.0.0.1:4321"),
        ("evilexample.com", "127.0.0.1:4321"),
        ("example.com.evil", "127.0.0.1:4321"),
    ],
)
def test_authority(header: str | None, expected: str) -> None:
    assert HOSTS.authority(header, "127.0.0.1:4321") == expected


@pytest.mark.parametrize(
    "header",
    [
        "",
        "a b",
        "a/b",
        "a@b",
        "a:b",
        "a:1:2",
        "a:99999",
        "[::1",
        "::1",
        "a\\b",
        "é",
        "a?b",
        "a#b",
        "a,b",
        ":80",
    ],
)
def test_malformed(header: str) -> None:
    with pytest.raises(BadHost):
        HOSTS.authority(header, "127.0.0.1:4321")


def test_host_of_a_site() -> None:
    assert host_of(None) == ()
    assert host_of("https://example.com/docs") == ("example.com",)
    assert host_of("nonsense") == ()


def test_any_name_is_one_that_is_well_formed() -> None:
    hosts = Hosts(["*"])
    assert hosts.authority("Shop.example:81", "127.0.0.1:4321") == "shop.example:81"
    for header in ("a b", "evil.example/", "shop.example:99999"):
        with pytest.raises(BadHost):
            hosts.authority(header, "127.0.0.1:4321")
