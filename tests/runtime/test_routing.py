import time

import pytest

from pyastro.runtime.manifest import Manifest, Route
from pyastro.runtime.routing import Router
from tests.runtime.site_builds import route


def router(*paths: str) -> Router:
    routes: tuple[Route, ...] = Manifest.from_json(
        {"version": 1, "routes": [route(path) for path in paths]}
    ).routes
    return Router(routes)


def match(found: Router, *segments: str) -> tuple[str, dict[str, str | None]] | None:
    result = found.match(segments)
    return None if result is None else (result.route.pattern, result.params)


def test_static_routes() -> None:
    found = router("/", "/about", "/blog/first")
    assert match(found) == ("/", {})
    assert match(found, "about") == ("/about", {})
    assert match(found, "blog", "first") == ("/blog/first", {})
    assert match(found, "About") is None
    assert match(found, "blog") is None
    assert match(found, "about", "") is None


def test_params_are_what_a_match_owns() -> None:
    found = router("/about")
    first = found.match(("about",))
    assert first is not None
    first.params["x"] = "1"
    assert match(found, "about") == ("/about", {})


def test_params() -> None:
    found = router("/post/[id]", "/u/[user]/[tab]", "/[lang]-[version]/info", "/api/[id].json")
    assert match(found, "post", "a/b") == ("/post/[id]", {"id": "a/b"})
    assert match(found, "post") is None
    assert match(found, "post", "") is None
    assert match(found, "u", "ann", "likes") == ("/u/[user]/[tab]", {"user": "ann", "tab": "likes"})
    assert match(found, "en-v1", "info") == ("/[lang]-[version]/info", {"lang": "en", "version": "v1"})
    assert match(found, "api", "a.b.json") == ("/api/[id].json", {"id": "a.b"})


def test_rest_params() -> None:
    found = router("/docs/[...path]", "/[...a]/edit", "/og/[...slug].png")
    assert match(found, "docs") == ("/docs/[...path]", {"path": None})
    assert match(found, "docs", "a", "b") == ("/docs/[...path]", {"path": "a/b"})
    assert match(found, "edit") == ("/[...a]/edit", {"a": None})
    assert match(found, "x", "edit", "edit") == ("/[...a]/edit", {"a": "x/edit"})
    assert match(found, "og", "a", "b.png") == ("/og/[...slug].png", {"slug": "a/b"})
    assert match(found, "og") is None
    assert match(found, "x") is None


def test_the_manifests_order_decides() -> None:
    paths = ("/posts/create", "/posts/[id]", "/posts/[...slug]", "/[...any]")
    found = router(*paths)
    assert match(found, "posts", "create") == ("/posts/create", {})
    assert match(found, "posts", "1") == ("/posts/[id]", {"id": "1"})
    assert match(found, "posts", "1", "2") == ("/posts/[...slug]", {"slug": "1/2"})
    assert match(found, "posts") == ("/posts/[...slug]", {"slug": None})
    assert match(found) == ("/[...any]", {"any": None})
    # The tree finds the static branch first; the route that stands first wins all the same.
    other = router("/[a]/x/[...rest]", "/b/[c]/[d]")
    assert match(other, "b", "x", "y") == ("/[a]/x/[...rest]", {"a": "b", "rest": "y"})
    assert match(other, "b", "z", "y") == ("/b/[c]/[d]", {"c": "z", "d": "y"})


def test_backtracking() -> None:
    found = router("/a/[x]/end", "/[y]/b/other")
    assert match(found, "a", "b", "other") == ("/[y]/b/other", {"y": "a"})


@pytest.mark.parametrize(
    "paths", [("/[...a]/x/[...b]/y",), ("/[...a]/[b]/[...c]/[d]/z",), ("/[...a]/[...b]/[...c]/z",)]
)
def test_no_path_is_expensive(paths: tuple[str, ...]) -> None:
    start = time.perf_counter()
    assert match(router(*paths), *["x"] * 8000) is None
    assert time.perf_counter() - start < 2
