"""What every driver promises a site, seen from visitors' browsers; and what the cookie driver cannot."""

import asyncio
import base64
import hmac
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from pyastro.runtime.cookies import Cookies
from pyastro.runtime.errors import SetupError
from pyastro.runtime.sessions import CookieSettings, MemoryStore, Session, SessionSettings
from pyastro.runtime.sessions.cookie import CookieSessions, SessionTooLarge
from pyastro.runtime.sessions.drivers import open_driver
from pyastro.runtime.sessions.fernet import BadToken, PackageFernet, WebFernet
from pyastro.runtime.sessions.redis import RedisStore
from pyastro.runtime.sessions.sqlite import SqliteStore
from pyastro.runtime.sessions.visits import Visits

SECRET, NEWER = "an-old-secret-of-enough-characters", "a-new-secret-of-enough-characters!"
DRIVERS = ["memory", "sqlite", "redis", "cookie"]

Work = Callable[[Session], Awaitable[Any]]


class Browser:
    """A visitor's cookie jar."""

    def __init__(self, visits: Visits, cookie: str | None = None) -> None:
        self.visits = visits
        self.cookie = cookie
        self.headers: list[str] = []

    async def begin(self) -> tuple[Cookies, Session]:
        cookies = Cookies(self.cookie)
        return cookies, self.visits.session(cookies)

    async def end(self, cookies: Cookies, session: Session) -> None:
        await session.save()
        self.visits.set_cookie(session, cookies, is_secure=False)
        self.headers = cookies.outgoing()
        for header in self.headers:
            self.cookie = None if "1970" in header else header.partition(";")[0]

    async def visit(self, work: Work) -> Any:
        """One request, answered whole."""
        cookies, session = await self.begin()
        result = await work(session)
        await self.end(cookies, session)
        return result

    async def get(self, key: str) -> Any:
        return await self.visit(lambda session: session.get(key))

    async def set(self, key: str, value: Any) -> None:
        await self.visit(lambda session: session.set(key, value))


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(driver: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionSettings]:
    options: dict[str, Any] = {"driver": driver}
    if driver == "sqlite":
        options["path"] = str(tmp_path / "sessions.db")
    if driver == "redis":
        options |= {"url": request.getfixturevalue("redis").url, "prefix": f"{uuid.uuid4()}:"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYASTRO_SECRET", SECRET)
        yield SessionSettings(**options)


def run(settings: SessionSettings, test: Callable[[Visits], Awaitable[None]]) -> None:
    async def main() -> None:
        visits = Visits(settings)
        visits.prepare()
        try:
            await test(visits)
        finally:
            await visits.close()

    asyncio.run(main())


def test_values_survive(settings: SessionSettings) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits)
        assert await browser.get("a") is None
        assert browser.headers == []
        await browser.set("a", {"x": [1, None, "ä\ud83d"]})
        await browser.set("b", 2)
        assert await browser.get("a") == {"x": [1, None, "ä\ud83d"]}
        await browser.visit(lambda session: session.delete("a"))
        assert await browser.visit(lambda session: session.keys()) == ["b"]
        assert browser.headers == []
        assert await Browser(visits).get("b") is None

    run(settings, test)


def test_a_visitor_that_only_looks_gets_no_cookie(settings: SessionSettings) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits, "pyastro-session=invented; other=1")
        cookies, session = await browser.begin()
        await browser.end(cookies, session)
        assert browser.headers == []
        assert await browser.get("a") is None
        assert "Expires=Thu, 01 Jan 1970" in browser.headers[0]

    run(settings, test)


def test_an_invented_id_is_not_adopted(settings: SessionSettings) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits, "pyastro-session=invented")
        await browser.set("a", 1)
        assert browser.cookie not in (None, "pyastro-session=invented")
        assert await Browser(visits, "pyastro-session=invented").get("a") is None

    run(settings, test)


def test_a_login_is_worth_nothing_to_who_knew_the_id_before(settings: SessionSettings, driver: str) -> None:
    async def test(visits: Visits) -> None:
        attacker = Browser(visits)
        await attacker.set("cart", 1)
        planted = attacker.cookie
        victim = Browser(visits, planted)

        async def login(session: Session) -> None:
            await session.regenerate()
            if driver != "cookie":  # at once, not only when the request is answered
                assert await Browser(visits, planted).get("cart") is None
            await session.set("user", "ann")

        await victim.visit(login)
        assert victim.cookie != planted
        assert (await victim.get("user"), await victim.get("cart")) == ("ann", 1)
        copy = Browser(visits, planted)
        assert await copy.get("user") is None
        assert await copy.get("cart") == (1 if driver == "cookie" else None)

    run(settings, test)


def test_what_is_destroyed_stays_destroyed(settings: SessionSettings, driver: str) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits)
        await browser.set("a", 1)
        before = browser.cookie
        slow = Browser(visits, before)
        cookies, session = await slow.begin()
        await session.set("b", 2)
        await browser.visit(lambda session: session.destroy())
        assert browser.cookie is None
        await slow.end(cookies, session)
        is_revocable = driver != "cookie"
        assert await Browser(visits, before).get("a") == (None if is_revocable else 1)
        assert await slow.get("b") == (None if is_revocable else 2)

    run(settings, test)


def test_parallel_requests(settings: SessionSettings, driver: str) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits)
        await browser.set("a", 1)
        (one, first), (two, second) = await browser.begin(), await browser.begin()
        await first.set("x", 1)
        await second.set("y", 1)
        await browser.end(one, first)
        await browser.end(two, second)
        keys = await browser.visit(lambda session: session.keys())
        assert sorted(keys) == (["a", "y"] if driver == "cookie" else ["a", "x", "y"])

    run(settings, test)


def test_a_session_ends_when_it_is_idle(settings: SessionSettings) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits)
        await browser.set("a", 1)
        for _ in range(5):  # each visit keeps it alive
            await asyncio.sleep(0.3)
            assert await browser.get("a") == 1
        await asyncio.sleep(1.2)
        assert await browser.get("a") is None
        assert browser.cookie is None

    options = {name: getattr(settings, name) for name in ("driver", "path", "url", "prefix")}
    run(SessionSettings(**options, idle=1.0), test)


def test_the_cookie_is_as_configured(settings: SessionSettings) -> None:
    async def test(visits: Visits) -> None:
        browser = Browser(visits)
        await browser.set("a", 1)
        assert re.fullmatch(
            r"__Secure-sid=[^;]+; Domain=example\.org; Path=/shop; HttpOnly; Secure; SameSite=Strict",
            browser.headers[0],
        )
        assert await browser.get("a") == 1
        await browser.visit(lambda session: session.destroy())
        assert "Domain=example.org; Path=/shop; Expires=Thu, 01 Jan 1970" in browser.headers[0]

    options = {name: getattr(settings, name) for name in ("driver", "path", "url", "prefix")}
    cookie = CookieSettings("__Secure-sid", "/shop", "example.org", "strict", secure=True)
    run(SessionSettings(**options, cookie=cookie), test)


# ---------------------------------------------------------------- the cookie driver alone


def sealed(secrets: tuple[str, ...], name: str = "pyastro-session", **values: Any) -> str:
    """The cookie of a session with these values."""

    async def make() -> str:
        session = CookieSessions(secrets, name).session(None)
        for key, value in values.items():
            await session.set(key, value)
        await session.save()
        assert session.cookie_change
        return session.cookie_change

    return asyncio.run(make())


def read(secrets: tuple[str, ...], cookie: str, name: str = "pyastro-session") -> tuple[Any, str | None]:
    """The value `a` of a cookie's session, and what the cookie becomes."""

    async def get() -> tuple[Any, str | None]:
        session = CookieSessions(secrets, name).session(cookie)
        value = await session.get("a")
        await session.save()
        return value, session.cookie_change

    return asyncio.run(get())


def test_a_cookie_hides_what_it_holds_and_cannot_be_changed() -> None:
    cookie = sealed((SECRET,), a="visible?" * 10)
    assert b"visible" not in base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    assert read((SECRET,), cookie)[0] == "visible?" * 10
    for place in range(0, len(cookie) - 1, 7):
        changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
        assert read((SECRET,), changed) == (None, "")
    for other in ("", "ä", "x" * 4096, "\udcff", cookie[:-1], cookie + "A"):
        assert read((SECRET,), other)[0] is None


def test_a_cookie_is_good_for_its_name_and_its_secret_alone() -> None:
    cookie = sealed((SECRET,), a=1)
    assert read((NEWER,), cookie)[0] is None
    assert read((SECRET,), cookie, "other")[0] is None


def test_secrets_are_rotated() -> None:
    cookie = sealed((SECRET,), a=1)
    assert read((NEWER, SECRET), cookie) == (1, None)

    async def change() -> str | None:
        session = CookieSessions((NEWER, SECRET)).session(cookie)
        await session.set("b", 1)
        await session.save()
        return session.cookie_change

    renewed = asyncio.run(change())
    assert renewed
    assert read((NEWER,), renewed)[0] == 1


def test_a_session_that_no_cookie_can_hold_is_an_error() -> None:
    assert len(sealed((SECRET,), a="x" * 2950)) <= 4096
    with pytest.raises(SessionTooLarge, match=r"takes \d+ bytes, and a cookie has room for 4081"):
        sealed((SECRET,), a="x" * 3100)


def test_a_session_that_is_not_read_is_not_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        sessions = CookieSessions((SECRET,))
        monkeypatch.setattr(sessions, "unseal", lambda cookie: pytest.fail("it was"))
        session = sessions.session("anything")
        await session.save()
        assert session.cookie_change is None

    asyncio.run(test())


class PackageAes:
    """The AES of a JavaScript host, by the package `cryptography`."""

    async def encrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        await asyncio.sleep(0)  # as WebCrypto does
        padder, cipher = PKCS7(128).padder(), Cipher(AES(key), CBC(vector)).encryptor()
        return cipher.update(padder.update(data) + padder.finalize()) + cipher.finalize()

    async def decrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        await asyncio.sleep(0)
        unpadder, cipher = PKCS7(128).unpadder(), Cipher(AES(key), CBC(vector)).decryptor()
        return unpadder.update(cipher.update(data) + cipher.finalize()) + unpadder.finalize()


def test_what_is_sealed_without_the_package_is_sealed_alike() -> None:
    keys = [bytes(range(32)), bytes(range(1, 33))]

    async def test() -> None:
        package, web = PackageFernet(keys), WebFernet(keys, PackageAes())
        older = WebFernet(keys[1:], PackageAes())
        for data in (b"", b"x" * 15, b"x" * 16, bytes(range(256))):
            assert await package.unseal(await web.seal(data)) == data
            assert await web.unseal(await package.seal(data)) == data
            assert await web.unseal(await older.seal(data)) == data
            with pytest.raises(BadToken):
                await older.unseal(await web.seal(data))

    asyncio.run(test())


def test_without_the_package_every_other_token_is_refused() -> None:
    key = bytes(range(32))

    async def test() -> None:
        web = WebFernet([key], PackageAes())
        token = base64.urlsafe_b64decode(await web.seal(b"data"))
        unpadded = token[:25] + bytes(16)  # well signed, and encrypted by nobody
        signed = unpadded + hmac.digest(key[:16], unpadded, "sha256")
        changed = [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in range(len(token))]
        short = b"\x80" + bytes(24)
        for wrong in (*changed, token[:-1], b"", short + hmac.digest(key[:16], short, "sha256"), signed):
            with pytest.raises(BadToken):
                await web.unseal(base64.urlsafe_b64encode(wrong))
        with pytest.raises(BadToken):
            await web.unseal(b"no base64")

    asyncio.run(test())


def test_tasks_of_one_request_share_what_its_cookie_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pyastro.runtime.sessions.cookie.make_sealer", lambda keys: WebFernet(keys, PackageAes())
    )

    async def test() -> None:
        session = CookieSessions((SECRET,)).session(sealed_value)
        assert await asyncio.gather(session.get("a"), session.get("a")) == [1, 1]
        await asyncio.gather(session.set("b", 2), session.set("c", 3))
        await asyncio.gather(session.save(), session.save())
        later = CookieSessions((SECRET,)).session(session.cookie_change)
        assert [await later.get(name) for name in "abc"] == [1, 2, 3]

    sealed_value = sealed((SECRET,), a=1)
    asyncio.run(test())


# ---------------------------------------------------------------- opening


def test_each_driver_has_its_store() -> None:
    assert isinstance(open_driver(SessionSettings(), {}), SqliteStore)
    sqlite = open_driver(SessionSettings(path="a/b.db"), {})
    assert isinstance(sqlite, SqliteStore) and sqlite.path == Path("a/b.db").absolute()
    assert isinstance(open_driver(SessionSettings("memory"), {}), MemoryStore)
    assert isinstance(open_driver(SessionSettings("cookie"), {"PYASTRO_SECRET": SECRET}), CookieSessions)
    redis = open_driver(
        SessionSettings("redis", url="redis://a"), {"PYASTRO_SESSION_URL": "rediss://u:password@b:1/2?x=1"}
    )
    assert isinstance(redis, RedisStore) and redis.place == "rediss://b:1/2"


@pytest.mark.parametrize(
    ("driver", "environment", "words"),
    [
        ("redis", {}, r"set PYASTRO_SESSION_URL, or `url ="),
        ("redis", {"PYASTRO_SESSION_URL": "http://x"}, "PYASTRO_SESSION_URL is no address"),
        ("cookie", {}, r"set PYASTRO_SECRET\. `python -c .* makes one"),
        ("cookie", {"PYASTRO_SECRET": "short"}, "less than 32 characters"),
        ("cookie", {"PYASTRO_SECRET": f"{SECRET[:20]} , "}, "less than 32 characters"),
    ],
)
def test_what_is_missing_is_said_with_the_remedy(
    driver: Any, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(SetupError, match=words):
        open_driver(SessionSettings(driver), environment)


@pytest.mark.parametrize(
    ("driver", "module", "extra"),
    [("redis", "pyastro.runtime.sessions.redis", "redis"), ("cookie", "cryptography.fernet", "cookie")],
)
def test_a_package_that_is_missing_is_named(
    driver: Any, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    environment = {"PYASTRO_SECRET": SECRET, "PYASTRO_SESSION_URL": "redis://x"}
    with pytest.raises(SetupError, match=rf"pip install 'pyastro-web\[{extra}\]'"):
        open_driver(SessionSettings(driver), environment)


def test_preparing_takes_no_time_and_no_connection() -> None:
    begin = time.monotonic()
    Visits(SessionSettings("redis", url="redis://192.0.2.1:1/0")).prepare()
    assert time.monotonic() - begin < 1
