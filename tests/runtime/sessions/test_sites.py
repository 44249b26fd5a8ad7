"""What a site does with its configured sessions and secrets, over HTTP; and what it says when something is missing."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from pyastro.runtime.errors import SetupError
from pyastro.runtime.server import Settings
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.sessions.sqlite import SqliteStore
from pyastro.runtime.site import Site
from tests.runtime.server.servers import ask, live_site
from tests.runtime.sessions.conftest import RedisServer
from tests.runtime.site_builds import endpoint, get, html, make_site, page, write_build

SECRET = "s" * 32
COUNT = page(
    "n = await context.session.get('n', 0) + 1\nawait context.session.set('n', n)\nreturn Markup(str(n))"
)
MODULES = {"/": html("still here"), "/count": COUNT}


def configured(folder: Path, config: dict[str, Any], modules: dict[str, str] = MODULES) -> Path:
    return write_build(folder / "build", modules, config=config)


def test_a_site_keeps_its_sessions_where_it_is_configured(
    own_redis: RedisServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And while Redis is down, what needs no session answers, and the rest does as soon as it is up again."""
    monkeypatch.setenv("PYASTRO_SESSION_URL", own_redis.url)
    build = configured(tmp_path, {"session": {"driver": "redis", "cookie": {"name": "sid"}, "idle": 600}})

    async def test(port: int) -> None:
        first = await ask(port, "/count")
        assert (first.status, first.body[-1:]) == (200, b"1")
        cookie = first.headers["set-cookie"].partition(";")[0]
        assert cookie.startswith("sid=")
        assert (await ask(port, "/count", cookie=cookie)).body.endswith(b"2")
        own_redis.stop()
        down = await ask(port, "/count", cookie=cookie)
        assert (down.status, down.headers["retry-after"]) == (503, "10")
        assert "set-cookie" not in down.headers
        assert b"redis" not in down.body and b"127.0.0.1" not in down.body
        assert (await ask(port, "/", cookie=cookie)).status == 200
        own_redis.start()
        assert (await ask(port, "/count", cookie=cookie)).body.endswith(
            b"1"
        )  # this Redis keeps nothing on disk

    with caplog.at_level(logging.ERROR, "pyastro"):
        live_site(lambda: Site.load(build), test, Settings(port=0))
    (record,) = caplog.records
    assert "/count: The sessions cannot be kept in Redis at redis://127.0.0.1:" in record.getMessage()
    assert "`redis-cli -u redis://127.0.0.1:" in record.getMessage()
    assert record.exc_info is None


def test_sessions_in_cookies_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYASTRO_SECRET", SECRET)
    big = page("await context.session.set('big', 'x' * 5000)\nreturn Markup('')")
    build = configured(tmp_path, {"session": {"driver": "cookie"}}, {**MODULES, "/big": big})

    async def test(port: int) -> None:
        cookie = ""
        for number in (b"1", b"2", b"3"):
            answer = await ask(port, "/count", cookie=cookie)
            assert answer.body.endswith(number)
            cookie = answer.headers["set-cookie"].partition(";")[0]
        assert (await ask(port, "/count", cookie=cookie[:-4] + "AAAA")).body.endswith(b"1")
        failed = await ask(port, "/big", cookie=cookie)
        assert failed.status == 500 and "set-cookie" not in failed.headers

    live_site(lambda: Site.load(build), test, Settings(port=0))


def test_what_is_missing_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYASTRO_SECRET", raising=False)
    monkeypatch.delenv("PYASTRO_SESSION_URL", raising=False)
    with pytest.raises(SetupError, match="PYASTRO_SECRET"):
        Site.load(configured(tmp_path / "a", {"session": {"driver": "cookie"}}))
    with pytest.raises(SetupError, match="PYASTRO_SESSION_URL"):
        Site.load(configured(tmp_path / "b", {"session": {"driver": "redis"}}))
    # a store that the program brings needs nothing of that
    Site.load(tmp_path / "a/build", session_store=MemoryStore())


def test_a_store_that_is_down(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    store = SqliteStore(tmp_path / "file/sessions.db")
    caught = endpoint(
        "from pyastro.runtime.errors import ServiceUnavailable\n\n"
        "async def GET(context):\n"
        "    try:\n        await context.session.set('a', 1)\n        await context.session.save()\n"
        "    except ServiceUnavailable:\n        return Response('without', 200)\n"
    )
    modules = {**MODULES, "/caught.py": caught, "/500": html("our own page")}
    build = configured(tmp_path, {}, modules)
    site = Site.load(build, session_store=store)
    assert get(site, "/")[0] == 200
    status, text = get(site, "/count")
    assert status == 503 and "try again" in text and str(tmp_path) not in text
    assert f"{tmp_path}/file/sessions.db" in caplog.text and "Traceback" not in caplog.text
    told = Site.load(build, session_store=store, development=True)
    status, text = get(told, "/count")
    assert status == 503 and f"{tmp_path}/file/sessions.db" in text
    asyncio.run(store.close())
    site.build.unload()
    told.build.unload()


def test_whatever_is_down_may_be_said_so(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "/": page(
                "from pyastro.runtime.errors import ServiceUnavailable\nraise ServiceUnavailable('no database')"
            )
        },
    )
    status, text = get(site, "/")
    assert status == 503 and "no database" not in text
    site.build.unload()


def test_a_page_is_told_the_languages_also_after_a_rewrite(tmp_path: Path) -> None:
    config = {
        "i18n": {
            "locales": [{"path": "en", "codes": ["en"]}, {"path": "fr", "codes": ["fr"]}],
            "default_locale": "en",
        }
    }
    show = html("{context.current_locale} {context.preferred_locale} {context.preferred_locale_list}")
    modules = {
        "/": show,
        "/[lang]/about": show,
        "/old": page("return Rewrite('/fr/about')"),
        "/404": html("{context.current_locale}"),
    }
    site = make_site(tmp_path, modules, config=config)
    headers = {"accept-language": "fr-CA, en;q=0.5"}
    assert "en fr [" in get(site, "/", headers=headers)[1]
    assert "fr fr [" in get(site, "/fr/about", headers=headers)[1]
    assert "fr fr [" in get(site, "/old", headers=headers)[1]
    assert "fr" in get(site, "/fr/none")[1]
    site.build.unload()


def test_declared_settings_are_read_before_any_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = configured(tmp_path, {}, {"/": "raise ValueError('imported')"})
    (build / "env.py").write_text(
        "from pyastro.runtime import read_environment\n_values = read_environment({'TEST_PORT': {'type': 'int'}})\n"
    )
    manifest = build / "manifest.json"
    manifest.write_text(manifest.read_text().replace("{", '{"environment": "env", ', 1))
    monkeypatch.setenv("TEST_PORT", "x")
    site = Site.load(build)
    with pytest.raises(SetupError, match="TEST_PORT should be a whole number, and is 'x'"):
        asyncio.run(site.startup())
    monkeypatch.setenv("TEST_PORT", "1")
    with pytest.raises(ValueError, match="imported"):
        asyncio.run(site.startup())
    site.build.unload()
