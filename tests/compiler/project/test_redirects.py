"""The redirects of the settings become routes, in Astro's order of priority."""

from pathlib import Path

import pytest

from pyastro.compiler.project.config import Config, Redirect
from pyastro.compiler.project.redirects import with_redirects
from pyastro.compiler.project.routes import Route, read_route


def routes_of(*paths: str) -> list[Route]:
    routes = [read_route(f"pages/{path}", "pages") for path in paths]
    return [route for route in routes if isinstance(route, Route)]


def settings(redirects: dict[str, str]) -> Config:
    return Config(
        redirects={path: Redirect(to) for path, to in redirects.items()},
        lines={f"redirects.{path}": 3 for path in redirects},
    )


def test_order() -> None:
    files = routes_of("blog/[slug].astro", "[...all].astro", "blog/[id].json.py", "index.astro")
    redirects = {"/blog/old": "/", "/blog/[...rest]": "/[...rest]", "/[page].json": "/[page]", "/a/": "/b"}
    routes, problems = with_redirects(files, settings(redirects))
    assert problems == []
    assert [(route.pattern, route.kind) for route in routes] == [
        ("/a", "redirect"),
        ("/blog/old", "redirect"),
        ("/blog/[id].json", "endpoint"),
        ("/blog/[slug]", "page"),
        ("/blog/[...rest]", "redirect"),
        ("/[page].json", "redirect"),
        ("/", "page"),
        ("/[...all]", "page"),
    ]


def test_a_file_wins_over_a_redirect_of_its_shape() -> None:
    routes, (problem,) = with_redirects(routes_of("[id].astro"), settings({"/[name]": "/x/[name]"}))
    assert [route.kind for route in routes] == ["page"]
    assert (problem.code, problem.severity, problem.line) == ("redirect-behind-file", "warning", 3)
    assert "pages/[id].astro" in problem.message


def test_a_path_may_be_percent_encoded() -> None:
    (route,), _ = with_redirects([], settings({"/caf%C3%A9/a%20b": "/"}))
    assert route.pattern == "/café/a b"


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        ("/a?b", "/b", "without a query"),
        ("/a#b", "/b", "without a query"),
        ("/a//b", "/b", "a path is expected"),
        ("/[a", "/b", "a parameter is written as"),
        ("/a]", "/b", "a parameter is written as"),
        ("/[]", "/b", "a parameter is written as"),
        ("/[a-b]", "/b", "a parameter is written as"),
        ("/[a][b]", "/b", "with text between"),
        ("/[a]/[a]", "/b", "two of its parameters"),
        ("/[a]", "/[b]", "its target uses `b`"),
        ("/a", "b", "should lead to a path"),
        ("/a", "//evil.example/", "should lead to a path"),
        ("/a", "/\\evil.example", "should lead to a path"),
        ("/a", "ftp://a.example/", "should lead to a path"),
        ("/a", "https:///b", "should lead to a path"),
        ("/[a]", "https://[a].example/", "should lead to a path"),
        ("/a", "/a/", "leads to itself"),
    ],
)
def test_what_is_wrong(path: str, to: str, words: str) -> None:
    routes, (problem,) = with_redirects([], settings({path: to}))
    assert routes == []
    assert (problem.code, problem.path, problem.line) == ("bad-redirect", "pyastro.toml", 3)
    assert problem.message.startswith(f"The redirect of `{path}`: ")
    assert words in problem.message


def test_a_target_in_full(tmp_path: Path) -> None:
    for to in ("https://example.org/[...path]?from=[id]#x", "/[id]/b/[...path]", "/b?id=[id]"):
        _, problems = with_redirects([], settings({"/x/[id]/[...path]": to}))
        assert problems == []
