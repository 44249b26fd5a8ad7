"""One Set-Cookie field."""

from pyastro.runtime.set_cookie import SetCookie


def test_the_key_is_what_browsers_compare() -> None:
    def cookie(domain: str | None, path: str) -> SetCookie:
        return SetCookie("a", "1", path, domain, None, None, False, False, "strict", False)

    assert cookie(".Example.org", "/").key == cookie("example.org", "/").key
    assert cookie(None, "/").key != cookie("example.org", "/").key
    assert cookie(None, "/").key != cookie(None, "/x").key
    assert cookie(None, "/").header() == "a=1; Path=/; SameSite=Strict"
