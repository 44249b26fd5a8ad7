from pathlib import Path
from typing import Any

import pytest

from pyastro.runtime.locale import Locale, Locales
from pyastro.runtime.manifest import Manifest, ManifestError, PublicFile, Route, SiteConfig
from pyastro.runtime.sessions import CookieSettings, SessionSettings

ROUTE: dict[str, Any] = {
    "pattern": "/post/[id]",
    "kind": "page",
    "module": "pages.post.param_id",
    "source": "pages/post/[id].astro",
    "segments": [[["static", "post"]], [["param", "id"]]],
    "prerender": True,
}


def test_a_whole_manifest() -> None:
    manifest = Manifest.from_json(
        {
            "version": 1,
            "routes": [ROUTE],
            "errors": {"404": "pages._404"},
            "middleware": "middleware",
            "public": {"robots.txt": {"size": 12, "hash": "ab"}},
            "sources": {"pages/index.astro": "cd"},
            "config": {"site": "https://example.com", "base": "/docs", "trailing_slash": "always"},
        }
    )
    route = Route(
        "/post/[id]",
        "page",
        "pages.post.param_id",
        "pages/post/[id].astro",
        ((("static", "post"),), (("param", "id"),)),
        prerender=True,
    )
    assert manifest.routes == (route,)
    assert route.param_names == ("id",)
    assert manifest.errors == {404: "pages._404"}
    assert manifest.middleware == "middleware"
    assert manifest.public == (PublicFile("robots.txt", 12, "ab"),)
    assert manifest.sources == {"pages/index.astro": "cd"}
    assert manifest.config == SiteConfig("https://example.com", "/docs", "always")


def test_sessions_and_languages() -> None:
    manifest = Manifest.from_json(
        {
            "version": 1,
            "environment": "env",
            "needs_secret": True,
            "config": {
                "session": {
                    "driver": "redis",
                    "url": "redis://x",
                    "prefix": "p",
                    "idle": 60,
                    "cookie": COOKIE,
                },
                "i18n": {"locales": [{"path": "a", "codes": ["en", "en-GB"]}], "default_locale": "a"},
            },
        }
    )
    assert (manifest.environment, manifest.needs_secret) == ("env", True)
    cookie = CookieSettings("__Secure-a", "/p", "example.org", "none", True)
    assert manifest.config.session == SessionSettings("redis", None, "redis://x", "p", 60.0, cookie)
    assert manifest.config.i18n == Locales((Locale("a", ("en", "en-GB")),), "a")


COOKIE = {"name": "__Secure-a", "path": "/p", "domain": "example.org", "same_site": "none", "secure": True}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"session": {"driver": "files"}},
            "session: 'driver' should be one of sqlite, memory, redis, cookie",
        ),
        ({"session": {"idle": "x"}}, "session: 'idle' should be int"),
        ({"session": {"cookie": {"name": "a b"}}}, "the session's cookie: 'a b' is not the name of a cookie"),
        ({"session": {"cookie": {**COOKIE, "secure": False}}}, "the session's cookie: "),
        ({"i18n": {"locales": []}}, "i18n: 'default_locale' is missing"),
        ({"i18n": {"locales": [], "default_locale": "en"}}, "'default_locale' should be one of the locales"),
        (
            {"i18n": {"locales": [{"path": "en", "codes": [1]}], "default_locale": "en"}},
            "'codes' should be a list",
        ),
    ],
)
def test_errors_in_the_settings_name_the_key(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ManifestError) as error:
        Manifest.from_json({"version": 1, "config": config})
    assert message in str(error.value)


def test_what_is_missing_has_defaults() -> None:
    assert Manifest.from_json({"version": 1}) == Manifest()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "manifest should be an object, and is list"),
        ({}, "manifest: 'version' is missing"),
        ({"version": 2}, "version 2 was written by another pyastro"),
        ({"version": 1, "routes": [{}]}, "a route: 'pattern' is missing"),
        (
            {"version": 1, "routes": [{**ROUTE, "kind": "x"}]},
            "'kind' should be one of page, endpoint, redirect, and is 'x'",
        ),
        (
            {"version": 1, "routes": [{**ROUTE, "module": None}]},
            "route '/post/[id]': 'module' should be str, and is null",
        ),
        (
            {"version": 1, "routes": [{**ROUTE, "segments": [[["x", "y"]]]}]},
            "['x', 'y'] is no part of a segment",
        ),
        ({"version": 1, "routes": [{**ROUTE, "segments": [[]]}]}, "a segment should be a list of parts"),
        ({"version": 1, "public": {"a": {"size": "1"}}}, "public file 'a': 'size' should be int, and is str"),
        ({"version": 1, "config": {"trailing_slash": "no"}}, "one of ignore, always, never"),
    ],
)
def test_errors_name_the_key(data: object, message: str) -> None:
    with pytest.raises(ManifestError) as error:
        Manifest.from_json(data)
    assert message in str(error.value)


def test_reading(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"is not a build: it has no manifest\.json"):
        Manifest.read(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ManifestError, match="is damaged"):
        Manifest.read(tmp_path)
    (tmp_path / "manifest.json").write_text('{"version": 1}')
    assert Manifest.read(tmp_path) == Manifest()
