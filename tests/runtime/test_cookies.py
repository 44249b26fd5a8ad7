"""Cookies of a request and its response."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.cookies import Cookie, Cookies
from pyastro.runtime.errors import BadRequest, SetupError


def test_reading() -> None:
    cookies = Cookies('a=1; j=%7B%22k%22%3A%22v%20w%22%7D;b = 2 ; e=; q="x y"; junk; =no; a=2')
    assert cookies.get("a") == Cookie("1")
    assert cookies.get("none") is None
    assert not cookies.has("none")
    found = cookies.get("j")
    assert found is not None
    assert found.json() == {"k": "v w"}
    assert [cookie.value for name in cookies if (cookie := cookies.get(name))] == [
        "1",
        '{"k":"v w"}',
        "2",
        "",
        "x y",
    ]
    assert "e" in cookies
    assert list(cookies) == ["a", "j", "b", "e", "q"]


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("x%20y%3B", "x y;"),
        ("a+b", "a+b"),
        ("%zz", "%zz"),
        ("%ff", "%ff"),
        ("a=b", "a=b"),
        ("Ã©", "é"),  # the two bytes of UTF-8, each as one character
        ("é", "é"),
        ("€", "€"),
        ('"', '"'),
    ],
)
def test_values_are_decoded_once(sent: str, value: str) -> None:
    assert Cookies(f"a={sent}").get("a") == Cookie(value)


def test_the_meaning_of_values() -> None:
    assert Cookie("3").number() == 3
    assert isinstance(Cookie("3").number(), int)
    assert Cookie(" -1.5e2 ").number() == -150.0
    assert Cookie(".5").number() == 0.5
    assert [Cookie(text).boolean() for text in ("", "0", "false", "true", "x")] == [False] * 3 + [True] * 2
    assert Cookie("[1]").json() == [1]


@pytest.mark.parametrize("text", ["", "x", "1_0", "nan", "inf", "1,5", "٣", "1 2", "9" * 5000, "--1"])
def test_values_that_are_no_numbers(text: str) -> None:
    with pytest.raises(BadRequest, match="not a number"):
        Cookie(text).number()


def test_values_that_are_no_json() -> None:
    for text in ("", "{", "NaN", "[" * 100_000):
        with pytest.raises(ValueError, match="not valid JSON"):
            Cookie(text).json()


def test_setting() -> None:
    cookies = Cookies("old=1")
    cookies.set("plain", "v")
    cookies.set(
        "full",
        "a b",
        path="/x",
        domain="example.org",
        max_age=60,
        expires=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
        http_only=True,
        secure=True,
        same_site="none",
        partitioned=True,
    )
    cookies.set("num", 3, same_site=None)
    cookies.set("obj", {"a": 1, "b": ["é"]})
    cookies.set("yes", True)
    full = (
        "full=a%20b; Max-Age=60; Domain=example.org; Path=/x; Expires=Wed, 02 Jan 2030 03:04:05 GMT; "
        "HttpOnly; Secure; Partitioned; SameSite=None"
    )
    assert cookies.outgoing() == [
        "plain=v; Path=/; SameSite=Lax",
        full,
        "num=3; Path=/",
        "obj=%7B%22a%22%3A1%2C%22b%22%3A%5B%22%C3%A9%22%5D%7D; Path=/; SameSite=Lax",
        "yes=true; Path=/; SameSite=Lax",
    ]
    found = cookies.get("obj")
    assert found is not None
    assert found.json() == {"a": 1, "b": ["é"]}
    assert list(cookies) == ["old", "plain", "full", "num", "obj", "yes"]


def test_deleting() -> None:
    cookies = Cookies("gone=1; kept=2")
    cookies.delete("gone")
    cookies.delete("pathy", path="/p")
    cookies.delete("__Host-a")
    assert cookies.outgoing() == [
        "gone=deleted; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "pathy=deleted; Path=/p; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "__Host-a=deleted; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure",
    ]
    assert cookies.get("gone") is None
    assert list(cookies) == ["kept"]
    assert repr(cookies) == "<Cookies kept>"


def test_the_last_one_wins() -> None:
    cookies = Cookies()
    cookies.set("a", "1")
    cookies.set("b", "1")
    cookies.set("a", "2", path="/x")
    cookies.set("a", "3", domain="Example.org")
    cookies.set("a", "4", domain=".example.org")
    cookies.delete("a")
    assert [value.partition(";")[0] for value in cookies.outgoing()] == ["b=1", "a=2", "a=4", "a=deleted"]
    assert cookies.get("a") is None
    cookies.set("a", "5")
    assert cookies.get("a") == Cookie("5")
    assert cookies.outgoing()[-1].startswith("a=5;")


@pytest.mark.parametrize("name", ["", "a b", "a;b", "a=b", "a\r\nb", "é", "a,b", 'a"'])
def test_names_that_are_refused(name: str) -> None:
    cookies = Cookies()
    with pytest.raises(ValueError, match="not the name of a cookie"):
        cookies.set(name, "x")
    with pytest.raises(ValueError, match="not the name of a cookie"):
        cookies.delete(name)
    assert cookies.outgoing() == []
    assert list(cookies) == []


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"path": "/; Secure"}, "path"),
        ({"path": "/\r\nx"}, "path"),
        ({"path": "x"}, "path"),
        ({"path": "/é"}, "path"),
        ({"domain": "a;b"}, "domain"),
        ({"domain": "a\nb"}, "domain"),
        ({"domain": ""}, "domain"),
        ({"same_site": "none"}, "needs secure=True"),
        ({"same_site": "x; Secure"}, "same_site is"),
        ({"partitioned": True}, "needs secure=True"),
        ({"expires": datetime(2030, 1, 1)}, "no time zone"),
        ({"max_age": "1; x"}, "invalid literal"),
    ],
)
def test_attributes_that_are_refused(attributes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Cookies().set("a", "x", **attributes)  # type: ignore[arg-type]  # the mistakes that are tested


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("__Secure-a", {}),
        ("__host-a", {}),
        ("__Host-a", {"secure": True, "path": "/x"}),
        ("__Host-a", {"secure": True, "domain": "example.org"}),
    ],
)
def test_prefixes_promise(name: str, attributes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="promises"):
        Cookies().set(name, "x", **attributes)  # type: ignore[arg-type]  # each is of its type
    Cookies().set(name, "x", secure=True)


def test_values_that_cannot_be_kept() -> None:
    with pytest.raises(TypeError, match="not NoneType"):
        Cookies().set("a", None)
    with pytest.raises(ValueError):
        Cookies().set("a", float("nan"))
    with pytest.raises(ValueError, match="4096 bytes"):
        Cookies().set("a", "x" * 4096)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_comes_back(text: str) -> None:
    cookies = Cookies()
    cookies.set("a", text)
    sent = cookies.outgoing()[0]
    value = sent.removeprefix("a=").removesuffix("; Path=/; SameSite=Lax")
    assert unquote(value) == text
    assert sent.isascii()
    assert ";" not in value
    assert Cookies(f"a={value}").get("a") == Cookie(text) == cookies.get("a")


@given(st.text())
def test_any_header_can_be_read(header: str) -> None:
    cookies = Cookies(header)
    assert all(cookies.has(name) for name in cookies)


# ---------------------------------------------------------------- signed


SECRET = "s" * 32


def sent(cookies: Cookies) -> Cookies:
    """The cookies that the browser sends after this response."""
    return Cookies("; ".join(header.partition(";")[0] for header in cookies.outgoing()))


def test_a_signed_cookie_can_be_read_and_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYASTRO_SECRET", SECRET)
    cookies = Cookies()
    cookies.set("cart", {"id": 7, "x": "ä; ="}, signed=True)
    assert cookies.get_signed("cart") == Cookie('{"id":7,"x":"ä; ="}')
    browser = sent(cookies)
    found = browser.get_signed("cart")
    assert found is not None and found.json() == {"id": 7, "x": "ä; ="}
    seen = browser.get("cart")
    assert seen is not None and seen.value.startswith('{"id":7')
    forged = Cookies(cookies.outgoing()[0].partition(";")[0].replace("%3A7", "%3A8"))
    assert forged.has("cart") and forged.get_signed("cart") is None
    renamed = Cookies(cookies.outgoing()[0].partition(";")[0].replace("cart=", "user="))
    assert renamed.has("user") and renamed.get_signed("user") is None
    assert Cookies("cart=7").get_signed("cart") is None
    assert Cookies().get_signed("cart") is None
    browser.delete("cart")
    assert browser.get_signed("cart") is None


def test_signed_cookies_survive_the_rotation_of_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYASTRO_SECRET", SECRET)
    cookies = Cookies()
    cookies.set("a", "1", signed=True)
    monkeypatch.setenv("PYASTRO_SECRET", f"{'n' * 32} {SECRET}")
    assert sent(cookies).get_signed("a") == Cookie("1")
    monkeypatch.setenv("PYASTRO_SECRET", "n" * 32)
    assert sent(cookies).get_signed("a") is None


def test_a_signature_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYASTRO_SECRET", SECRET)
    monkeypatch.setattr("time.time", lambda: 1000.0)
    cookies = Cookies()
    cookies.set("a", "1", signed=True)
    monkeypatch.setattr("time.time", lambda: 1061.0)
    assert sent(cookies).get_signed("a", max_age=60) is None
    assert sent(cookies).get_signed("a", max_age=61) == Cookie("1")


def test_signing_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYASTRO_SECRET", raising=False)
    with pytest.raises(SetupError, match="PYASTRO_SECRET"):
        Cookies().set("a", "1", signed=True)
    with pytest.raises(SetupError, match="PYASTRO_SECRET"):
        Cookies("a=1").get_signed("a")
