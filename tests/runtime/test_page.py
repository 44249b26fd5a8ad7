"""Pages."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from markupsafe import Markup

from pyastro.runtime.context import Context
from pyastro.runtime.page import Page, document, page
from pyastro.runtime.response import Response
from pyastro.runtime.slots import NO_SLOTS, Slots

Write = Callable[[str], object]
STYLE = "<style>p{}</style>"


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<p>1</p>", "<!DOCTYPE html>\n<p>1</p>"),
        ("", "<!DOCTYPE html>\n"),
        ("<!DOCTYPE html><p>", "<!DOCTYPE html><p>"),
        ("\n <!doctype HTML ><p>", "\n <!doctype HTML ><p>"),
        ("<!-- a --> <!-- b --><!doctype html>", "<!-- a --> <!-- b --><!doctype html>"),
        ("<!-- <!doctype html> --><p>", "<!DOCTYPE html>\n<!-- <!doctype html> --><p>"),
        ("text <!doctype html>", "<!DOCTYPE html>\ntext <!doctype html>"),
    ],
)
def test_a_doctype_is_added_where_there_is_none(html: str, whole: str) -> None:
    assert document(html, "") == whole


@pytest.mark.parametrize(
    "html",
    [
        "§<p>1</p>",
        "text §<p>1</p>",
        "<!-- <p> -->§<p>1</p>",
        "<html>§<body>",
        "<html lang='>' class=\"<p>\">\n§<body>",
        "<HTML>§<P>",
        "a < b & 1<2 §<i>",
        "</p>§<p>",
        "only text§",
        "§<htmlx>",
    ],
)
def test_styles_stand_before_the_first_element(html: str) -> None:
    html = "<!DOCTYPE html>" + html
    assert document(html.replace("§", ""), STYLE) == html.replace("§", STYLE)


def test_time_is_linear() -> None:
    start = time.perf_counter()
    for html in ("<!-- a -->" * 20_000, "<!-- " * 2_000, " " * 10**6, "<html " + "'" * 10**4, "<" * 10**5):
        document(html + "<p>", STYLE)
    assert time.perf_counter() - start < 5


@pytest.fixture
def package() -> Iterator[str]:
    """A package of two modules with style sheets."""
    name = "site_of_test_page"
    for each, css in (("", ""), (".one", "a{}"), (".two", "b{}")):
        module = ModuleType(name + each)
        module.__dict__.update(STYLE=css, __path__=[])
        sys.modules[name + each] = module
    yield name
    for each in ("", ".one", ".two"):
        del sys.modules[name + each]


def a_page(package: str, html: str, **options: Any) -> Page[..., Any]:
    namespace: dict[str, Any] = {"__name__": f"{package}.page", "__package__": package, "html": html}
    source = """
async def render(write, context, /, *, result=None):
    before, _, after = html.partition("</head>")
    write(before)
    if _:
        write(context.render_head() + _)
    write(after)
    return result
"""
    exec(source, namespace)
    made: Page[..., Any] = page(**options)(namespace["render"]) if options else page(namespace["render"])
    return made


def rendered(each: Page[..., Any], *args: Any, **props: Any) -> Markup | Response:
    return asyncio.run(each(*args, **props))


def test_styles_stand_in_the_head(package: str) -> None:
    each = a_page(package, "<head></head><p>", styles=(".one", ".two"))
    assert rendered(each) == "<!DOCTYPE html>\n<head><style>a{}b{}</style></head><p>"
    assert rendered(each) == rendered(each)
    assert rendered(each).__class__ is Markup


def test_styles_of_a_page_without_a_head(package: str) -> None:
    assert rendered(a_page(package, "<p>", styles=(".one",))) == "<!DOCTYPE html>\n<style>a{}</style><p>"


def test_a_page_without_styles(package: str) -> None:
    assert rendered(a_page(package, "<p>")) == "<!DOCTYPE html>\n<p>"
    assert rendered(a_page(package, "<p>", styles=())) == "<!DOCTYPE html>\n<p>"


def test_nothing_is_added_to_a_partial(package: str) -> None:
    assert rendered(a_page(package, "<head></head><p>", styles=(".one",), partial=True)) == "<head></head><p>"


def test_two_heads(package: str) -> None:
    context = Context()
    each = a_page(package, "<head></head>", styles=(".one",))
    rendered(each, context)
    assert context.render_head() == ""


def test_a_page_inside_of_a_page_is_a_fragment(package: str) -> None:
    out: list[str] = []
    inner = a_page(package, "<p>", styles=(".one",))
    asyncio.run(inner.into(out.append, Context()))  # type: ignore[arg-type]  # a coroutine, as compiled
    assert out == ["<p>", ""]


def test_an_early_response(package: str) -> None:
    response = Response(None, status=404)
    each = a_page(package, "<p>", returns=True)
    assert rendered(each, result=response) is response
    with pytest.raises(TypeError, match="returned int"):
        rendered(each, result=1)


def test_pages_do_not_share_what_they_render() -> None:
    async def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        write(context.render_once("k", "<i>"))

    each: Page[[]] = page(render)
    assert rendered(each) == rendered(each) == "<!DOCTYPE html>\n<i>"
