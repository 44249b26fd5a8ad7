from pathlib import Path
from typing import Any

import pytest

from pyastro.runtime.manifest import Manifest, ManifestError, PublicFile, Route, SiteConfig

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
