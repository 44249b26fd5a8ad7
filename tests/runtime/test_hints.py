"""Advice beside an exception."""

import asyncio
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.runtime import URL, Astro, Headers, Request
from pyastro.runtime.hints import add_hint
from pyastro.runtime.loading import Build
from pyastro.runtime.tracebacks import rewrite


def notes(value: object, name: str) -> list[str]:
    try:
        getattr(value, name)
    except AttributeError as error:
        add_hint(error)
        add_hint(error)  # a failure may pass here twice
        return getattr(error, "__notes__", [])
    raise AssertionError


@pytest.mark.parametrize(
    ("value", "name", "meant"),
    [
        (URL("http://a/"), "pathname", "path"),
        (URL("http://a/"), "searchParams", "query"),
        (URL("http://a/"), "search", "query_string"),
        (URL("http://a/"), "hostname", "host"),
        (Request("GET", "http://a/"), "formData", "form_data"),
        (Request("GET", "http://a/"), "arrayBuffer", "body"),
        (Astro(), "clientAddress", "client_address"),
        (Astro(), "routePattern", "route_pattern"),
        (Astro(), "originPathname", "origin_pathname"),
        (Headers(), "getAll", "get_all"),
    ],
)
def test_a_name_of_javascript(value: object, name: str, meant: str) -> None:
    assert notes(value, name) == [f"hint: it is called {meant} here"]


def test_a_missing_await() -> None:
    async def load() -> str:
        return ""

    coroutine = load()
    assert notes(coroutine, "json") == ["hint: this is awaited first: (await …).json"]
    coroutine.close()


@pytest.mark.parametrize(
    ("value", "name"), [("text", "nothing"), (URL, "nope"), (None, "path"), (object(), "someThing")]
)
def test_no_advice(value: object, name: str) -> None:
    assert notes(value, name) == []


def test_other_exceptions_stay_as_they_are() -> None:
    for error in (ValueError("x"), AttributeError("made by hand")):
        add_hint(error)
        assert not hasattr(error, "__notes__")


def notes_of_page(folder: Path, template: str) -> list[str]:
    (folder / "pages").mkdir()
    (folder / "pages/index.astro").write_text(f"---\nxs = [1]\n---\n{template}\n")
    assert not compile_project(folder / "pages", folder / "build").diagnostics
    page = Build(folder / "build").module("pages.index")
    with pytest.raises(TypeError, match="unhashable") as caught:
        asyncio.run(page.render(Astro(Request("GET", "http://localhost/"))))
    add_hint(rewrite(caught.value))
    return getattr(caught.value, "__notes__", [])


def test_a_list_between_double_braces(tmp_path: Path) -> None:
    expected = ["hint: {{ xs }} is a set with one element: write {xs}"]
    assert notes_of_page(tmp_path, "<p>{{ xs }}</p>") == expected


@pytest.mark.parametrize("template", ["<p>{hash(xs)}</p>", "<p>{set([xs])}</p>"])
def test_a_list_that_cannot_be_hashed_elsewhere(tmp_path: Path, template: str) -> None:
    assert notes_of_page(tmp_path, template) == []
