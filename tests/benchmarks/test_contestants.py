"""Every contestant renders the same pages: compared on little data, never timed."""

from dataclasses import replace

import pytest

from benchmarks.contestants import Asynchronous, Contestant, Synchronous
from benchmarks.data import PAGES, Data, Guide, make_links, make_products, make_table, make_texts
from benchmarks.dom import difference, dom
from benchmarks.engines import ENGINES, load_engine
from benchmarks.node import SOURCES

PRODUCTS = [
    replace(
        each, name=f"<b>{each.name}", slug='"<' + each.slug, description="a<b", tags=("<i>", *each.tags[1:])
    )
    for each in make_products(12)
]
LINKS = [replace(each, href="/?a=1&amp=<2", label=f"<{each.label}>") for each in make_links()]
GUIDE: Guide = {"title": "<Title>", "author": '"A" & B', "user": "<i>", "edition": 2}
TINY = Data("<Ada>", make_table(3), make_texts(7), LINKS, PRODUCTS, GUIDE)


@pytest.fixture(scope="module")
def limit() -> Contestant:
    return load_engine("limit_pages", TINY)


@pytest.fixture(scope="module", params=[each for each in ENGINES if each != "limit_pages"])
def contestant(request: pytest.FixtureRequest) -> Contestant:
    try:
        return load_engine(request.param, TINY)
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is not installed: pip install -e '.[bench]'")


@pytest.mark.parametrize("page", PAGES)
def test_contestants_render_what_the_limit_renders(
    contestant: Contestant, limit: Contestant, page: str
) -> None:
    if not contestant.can_render(page):
        assert contestant.name == "JinjaX"
        return
    assert difference(dom(limit.html(page)), dom(contestant.html(page))) is None


@pytest.mark.parametrize("page", PAGES)
def test_the_limit_shows_all_data(limit: Contestant, page: str) -> None:
    lines = dom(limit.html(page))
    expected = {
        "table": ("<td>", 30),
        "escape": ("<script>alert(1)</script>", 0),
        "cards": ("<footer>", 12),
        "static": ("<Title>", 2),
        "hello": ("Hello, <Ada>!", 1),
    }
    text, count = expected[page]
    assert lines.count(text) == count


def test_the_limit_escapes_in_text_and_attributes(limit: Contestant) -> None:
    lines = dom(limit.html("escape"))
    text = TINY.texts[5]
    assert "<script>" in text
    assert text in lines
    assert f"<li title={text!r}>" in lines
    assert not any(line.startswith("<script") for line in lines)


def test_the_cards_have_all_that_makes_them_differ(limit: Contestant) -> None:
    html = limit.html("cards")
    for part in (
        "card-featured",
        "card-sold-out",
        "badge-new",
        "badge-sale badge-strong",
        "<s>EUR",
        " disabled>",
        'aria-current="page"',
        "12 products",
    ):
        assert part in html


def test_astros_pages_are_there() -> None:
    pages = {file.name.partition(".")[0] for file in (SOURCES / "src/pages").iterdir()}
    assert pages == {"cards", "escape", "hello", "measure", "table"}  # static is made from pyastro's


@pytest.mark.parametrize("kind", [Synchronous, Asynchronous])
def test_a_contestant_renders_as_often_as_it_is_asked(kind: type) -> None:
    calls = []

    def render() -> str:
        calls.append(1)
        return "x"

    async def render_async() -> str:
        return render()

    contestant = kind("a", "1", {"hello": render if kind is Synchronous else render_async})
    assert contestant.html("hello") == "x"
    assert contestant.measure("hello", 4) >= 0
    assert len(calls) == 5
    assert not contestant.can_render("cards")
