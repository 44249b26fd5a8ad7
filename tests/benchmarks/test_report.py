"""Results become tables, a chart, and a part of the documentation."""

from xml.etree import ElementTree

import pytest

from benchmarks.plot import Bar, bar_chart
from benchmarks.report import DOCUMENT, Target, replace_section, table, targets_table


def test_a_target_is_a_bound_from_above_or_below() -> None:
    assert Target("a", 1.0, 1.0).is_met
    assert not Target("a", 1.01, 1.0).is_met
    assert Target("a", 14.0, 14.0, is_minimum=True).is_met
    assert not Target("a", 13.9, 14.0, is_minimum=True).is_met


def test_targets_say_whether_they_are_met() -> None:
    text = targets_table(
        [Target("speed", 1234.0, 340, is_minimum=True, unit="KB/s"), Target("time", 2.5, 1, unit="s")]
    )
    assert text.splitlines() == [
        "| target | wanted | found |  |",
        "| --- | ---: | ---: | --- |",
        "| speed | ≥ 340 KB/s | 1,234 KB/s | met |",
        "| time | ≤ 1.00 s | 2.50 s | **not met** |",
    ]


def test_a_table_sets_numbers_to_the_right() -> None:
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_a_section_is_replaced_and_the_prose_stays() -> None:
    text = "Before.\n\n<!-- render -->\n\nold\n\n<!-- /render -->\n\nAfter.\n"
    new = replace_section(text, "render", r"new \1")
    assert new == text.replace("old", r"new \1")
    assert replace_section(new, "render", r"new \1") == new


def test_a_document_without_the_section_is_an_error() -> None:
    with pytest.raises(ValueError, match="no section between <!-- render -->"):
        replace_section("nothing", "render", "x")


@pytest.mark.parametrize("name", ["render", "growth", "server", "build", "dev", "compile"])
def test_the_documentation_has_a_place_for_every_result(name: str) -> None:
    replace_section(DOCUMENT.read_text("utf-8"), name, "x")


def test_the_chart_is_svg_with_a_bar_for_each_value() -> None:
    svg = bar_chart(
        "a < b", [Bar("one", 1.0, "1×", is_ours=True), Bar("ten", 10.0, "10×"), Bar("hundred", 100.0, "100×")]
    )
    root = ElementTree.fromstring(svg)
    bars = [each for each in root.iter() if each.tag.endswith("rect")]
    widths = [float(each.attrib["width"]) for each in bars]
    assert [each.attrib["class"] for each in bars] == ["bar ours", "bar", "bar"]
    assert widths[2] - widths[1] == pytest.approx(widths[1] - widths[0], abs=0.2)
    assert "a < b" in "".join(root.itertext())
