"""One Set-Cookie field."""

import pytest

from pyastro.runtime.set_cookie import SetCookie


def test_the_key_is_what_browsers_compare() -> None:
    def cookie(domain: str | None, path: str) -> SetCookie:
        return SetCookie("a", "1", path, domain, None, None, False, False, "strict", False)

    assert cookie(".Example.org", "/").key == cookie("example.org", "/").key
    assert cookie(None, "/").key != cookie("example.org", "/").key
    assert cookie(None, "/").key != cookie(None, "/x").key
    assert cookie(None, "/").header() == "a=1; Path=/; SameSite=Strict"


@pytest.mark.parametrize(
    ("name", "value", "path", "domain"),
    [
        ("a", "1" * 4096, "/", None),
        ("", "1", "/", None),
        ("a b", "1", "/", None),
        ("ä", "1", "/", None),
        ("a", "1", "/" + "x" * 1024, None),
        ("a", "1", "/a;b", None),
        ("a", "1", "", None),
        ("a", "1", "/", "x" * 1025),
        ("a", "1", "/", "a b"),
        ("__host-a", "1", "/x", None),
        ("__HOST-a", "1", "/", "example.org"),
    ],
)
def test_what_browsers_drop_is_refused(name: str, value: str, path: str, domain: str | None) -> None:
    with pytest.raises(ValueError):
        SetCookie(name, value, path, domain, None, None, False, True, "lax", False)


def test_what_just_fits_is_sent() -> None:
    cookie = SetCookie("a", "1" * 4095, "/" + "x" * 1023, None, None, None, False, False, None, False)
    assert cookie.header().startswith("a=111")
