import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project.layout import discover
from pyastro.compiler.project.routes import Part, Route, find_routes, priority, read_route, read_segment

Write = Callable[..., Path]


def route(path: str) -> Route:
    found = read_route(path, "pages")
    assert isinstance(found, Route), found
    return found


def problems(path: str) -> list[Diagnostic]:
    found = read_route(path, "pages")
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("path", "pattern", "kind"),
    [
        ("pages/index.astro", "/", "page"),
        ("pages/about.astro", "/about", "page"),
        ("pages/about/index.astro", "/about", "page"),
        ("pages/post/[id].astro", "/post/[id]", "page"),
        ("pages/[lang]-[version]/info.astro", "/[lang]-[version]/info", "page"),
        ("pages/[...rest].astro", "/[...rest]", "page"),
        ("pages/[...rest]/index.astro", "/[...rest]", "page"),
        ("pages/api/[id].json.py", "/api/[id].json", "endpoint"),
        ("pages/rss.xml.py", "/rss.xml", "endpoint"),
        ("pages/index.json.py", "/index.json", "endpoint"),
        ("pages/blog/index.json.py", "/blog.json", "endpoint"),
        ("pages/blog/[id]/index.json.py", "/blog/[id].json", "endpoint"),
        ("pages/[...slug].md.py", "/[...slug].md", "endpoint"),
        ("pages/404.astro", "/404", "page"),
        ("pages/my index.astro", "/my index", "page"),
    ],
)
def test_patterns(path: str, pattern: str, kind: str) -> None:
    assert (route(path).pattern, route(path).kind) == (pattern, kind)


def test_segments() -> None:
    assert route("pages/index.astro").segments == ()
    assert read_segment("[lang]-[version]") == (
        Part("param", "lang"),
        Part("static", "-"),
        Part("param", "version"),
    )
    assert read_segment("[...path]") == (Part("rest", "path"),)
    assert read_segment("u\u0308ber") == (Part("static", "über"),)


def test_error_pages() -> None:
    assert route("pages/404.astro").error == 404
    assert route("pages/500.astro").error == 500
    assert route("pages/404.py").error is None
    assert route("pages/blog/404.astro").error is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("[].astro", "empty-param-name"),
        ("[...].astro", "empty-param-name"),
        ("[a.astro", "unbalanced-brackets"),
        ("a].astro", "unbalanced-brackets"),
        ("[a[b]].astro", "unbalanced-brackets"),
        ("[a][b].astro", "adjacent-params"),
        ("[post-id].astro", "bad-param-name"),
        ("[a b].py", "bad-param-name"),
        ("x[...a].astro", "rest-inside-segment"),
        ("[...a]-x/index.astro", "rest-inside-segment"),
        ("[...a]-[...b].py", "rest-inside-segment"),
        ("[id]/[id].astro", "duplicate-param"),
        ("[a]-[a].astro", "duplicate-param"),
    ],
)
def test_names_that_are_no_route(name: str, code: str) -> None:
    (problem,) = problems(f"pages/{name}")
    assert (problem.code, problem.path, problem.line, problem.column) == (code, f"pages/{name}", 1, 1)


def test_an_empty_parameter_is_told_so() -> None:
    (problem,) = problems("pages/[].astro")
    assert "empty name" in problem.message


def test_a_bad_name_suggests_a_good_one() -> None:
    (problem,) = problems("pages/[...post-id].astro")
    assert problem.hint == "Write `[...post_id]`."


ORDER = [
    "pages/posts/create.astro",
    "pages/posts/[id].json.py",
    "pages/posts/[id].[format].astro",
    "pages/posts/img-[id]/index.astro",
    "pages/posts/[id]/comments.astro",
    "pages/posts/[id]/[comment].astro",
    "pages/posts/[id].astro",
    "pages/posts/[...slug]/edit.astro",
    "pages/posts/index.astro",
    "pages/posts/[...slug].astro",
    "pages/[lang]/about.astro",
    "pages/[page].astro",
    "pages/index.astro",
    "pages/[...any].astro",
]


def test_priority() -> None:
    routes = sorted(map(route, reversed(ORDER)), key=priority)
    assert [each.source for each in routes[4:]] == ORDER[4:]
    assert {each.source for each in routes[:4]} == set(ORDER[:4])


def test_more_literal_text_goes_first() -> None:
    paths = ["pages/[id].[format].astro", "pages/[id].json.py", "pages/[id].astro"]
    assert [r.source for r in sorted(map(route, paths), key=priority)] == [paths[1], paths[0], paths[2]]


def test_priority_does_not_depend_on_the_order_of_files() -> None:
    for paths in itertools.permutations(ORDER[4:9]):
        assert [r.source for r in sorted(map(route, paths), key=priority)] == ORDER[4:9]


def find(write: Write, *paths: str) -> tuple[list[str], list[Diagnostic]]:
    root = write(dict.fromkeys(paths, ""))
    routes, found = find_routes(discover(root / "pages")[0])
    return [each.source for each in routes], found


def test_private_files_and_folders_are_no_routes(write: Write) -> None:
    paths = [
        "pages/index.astro",
        "pages/_hidden.astro",
        "pages/_c/Card.astro",
        "pages/_util.py",
        "components/X.astro",
    ]
    assert find(write, *paths) == (["pages/index.astro"], [])


def test_two_pages_of_one_route_are_an_error_at_the_first(write: Write) -> None:
    _, (problem,) = find(write, "pages/about.astro", "pages/about/index.astro")
    assert (problem.code, problem.path, problem.line, problem.column) == (
        "duplicate-route",
        "pages/about.astro",
        1,
        1,
    )
    assert "pages/about/index.astro" in problem.message


def test_the_names_of_parameters_make_no_difference(write: Write) -> None:
    _, (problem,) = find(write, "pages/[id].astro", "pages/[slug].astro", "pages/[...rest].astro")
    assert problem.path == "pages/[id].astro"
    assert "pages/[slug].astro" in problem.message


def test_two_endpoints_of_one_route_are_an_error(write: Write) -> None:
    _, (problem,) = find(write, "pages/a/[x].py", "pages/a/[y].py")
    assert problem.code == "duplicate-route"


def test_three_of_a_kind_are_one_error(write: Write) -> None:
    _, (problem,) = find(write, "pages/[a].astro", "pages/[b].astro", "pages/[c].astro")
    assert "pages/[b].astro" in problem.message
    assert "pages/[c].astro" in problem.message


def test_an_endpoint_wins_over_a_page_of_its_shape(write: Write) -> None:
    sources, (problem,) = find(write, "pages/[id].astro", "pages/[name].py")
    assert sources == ["pages/[name].py"]
    assert (problem.code, problem.severity, problem.path) == (
        "page-behind-endpoint",
        "warning",
        "pages/[id].astro",
    )
    assert "pages/[name].py" in problem.message


def test_literal_text_is_no_parameter(write: Write) -> None:
    assert find(write, "pages/[id].astro", "pages/id.astro")[1] == []
