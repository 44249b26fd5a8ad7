"""What of a new build can be shown without loading the page anew."""

from pathlib import Path

import pytest

from pyastro.dev.builder import Builder
from pyastro.dev.outcome import Broken, Changed

PAGE = "---\nfrom ..components import Card\nname = 'a'\n---\n<Card/>{name}\n"
CARD = "<p>card</p>\n<style>p { order: 1 }</style>\n"


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    for name, text in {
        "pages/index.astro": PAGE,
        "components/Card.astro": CARD,
        "public/site.css": "a {}",
        "public/logo.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    builder = Builder(tmp_path / "pages")
    first = builder.run()
    assert isinstance(first, Changed)
    assert first.is_reload
    return builder


def after(builder: Builder, name: str, text: str) -> Changed | Broken | None:
    (builder.root / name).write_text(text)
    return builder.run()


def test_a_style_is_told_as_it_was_and_as_it_is(builder: Builder) -> None:
    changed = after(builder, "components/Card.astro", CARD.replace("order: 1", "order: 2"))
    assert isinstance(changed, Changed)
    assert not changed.is_reload
    ((before, now),) = changed.styles
    assert "order: 1" in before
    assert now == before.replace("order: 1", "order: 2")
    again = after(builder, "components/Card.astro", CARD.replace("order: 1", "order: 3"))
    assert isinstance(again, Changed)
    assert again.styles[0][0] == now


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("components/Card.astro", CARD.replace("card", "new")),
        ("components/Card.astro", CARD.replace("order: 1", "order: 2").replace("card", "new")),
        ("components/Card.astro", "<p>card</p>\n"),
        ("pages/index.astro", PAGE + "<style>b {}</style>"),
        ("pages/index.astro", PAGE.replace("'a'", "'b'")),
        ("pages/new.astro", "new"),
        ("public/logo.svg", "<svg></svg>"),
        ("pyastro.toml", 'base = "/docs"\n'),
    ],
)
def test_more_needs_the_page_anew(name: str, text: str, builder: Builder) -> None:
    changed = after(builder, name, text)
    assert isinstance(changed, Changed)
    assert changed.is_reload


def test_a_style_sheet_of_public_is_named(builder: Builder) -> None:
    changed = after(builder, "public/site.css", "b {}")
    assert isinstance(changed, Changed)
    assert (changed.links, changed.is_reload) == ((("site.css", "site.css"),), False)


def test_what_nobody_sees_changes_nothing_on_the_page(builder: Builder) -> None:
    assert builder.run() is None
    assert after(builder, "notes.txt", "x") is None
    changed = after(builder, "pages/index.astro", PAGE.replace("name =", "# a comment\nname ="))
    assert isinstance(changed, Changed)
    assert (changed.is_reload, changed.styles, changed.links) == (False, (), ())


def test_a_removed_file(builder: Builder) -> None:
    (builder.root / "public/logo.svg").unlink()
    changed = builder.run()
    assert isinstance(changed, Changed)
    assert changed.is_reload


def test_an_error_leaves_the_build(builder: Builder) -> None:
    broken = after(builder, "pages/index.astro", PAGE.replace("{name}", "{name"))
    assert isinstance(broken, Broken)
    assert [each.path for each in broken.diagnostics] == ["pages/index.astro"]
    assert after(builder, "pages/index.astro", PAGE) is None


def test_a_style_sheet_that_a_component_names_is_told_by_its_addresses(builder: Builder) -> None:
    (builder.root / "styles").mkdir()
    (builder.root / "styles/dot.svg").write_text("<svg/>")
    (builder.root / "styles/more.css").write_text("b { order: 1 }")
    after(builder, "styles/site.css", '@import "more.css"; b { background: url("dot.svg") }')
    first = after(
        builder, "components/Card.astro", CARD + '<style is:global src="../styles/site.css"></style>'
    )
    assert isinstance(first, Changed)
    assert first.is_reload
    known = builder.build / "public/_astro"
    for name, text in {
        "more.css": "b { order: 2 }",
        "dot.svg": "<svg></svg>",
        "site.css": "b { order: 3 }",
    }.items():
        (before,) = known.glob("site.*.css")
        changed = after(builder, f"styles/{name}", text)
        assert isinstance(changed, Changed)
        (now,) = known.glob("site.*.css")
        assert (changed.is_reload, changed.styles) == (False, ())
        assert changed.links == ((f"_astro/{before.name}", f"_astro/{now.name}"),)


def test_a_file_that_a_style_names_by_its_url_comes_with_the_style(builder: Builder) -> None:
    (builder.root / "dot.svg").write_text("<svg/>")
    after(builder, "components/Card.astro", CARD.replace("order: 1", 'background: url("../dot.svg")'))
    changed = after(builder, "dot.svg", "<svg></svg>")
    assert isinstance(changed, Changed)
    ((before, now),) = changed.styles
    assert not changed.is_reload
    assert before != now and "_astro/dot." in before and "_astro/dot." in now
