"""Slots."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup

from pyastro.runtime.context import Context
from pyastro.runtime.slots import AstroSlots, public_slots, slot_name


async def bold(write: Callable[[str], object]) -> None:
    write("<b>")
    await asyncio.sleep(0)
    write("</b>")


async def lone(write: Callable[[str], object], *args: object) -> None:
    write(repr(args))


def rendered(slots: AstroSlots, name: str, *args: Any) -> Markup:
    return asyncio.run(slots.render(name, *args))


def test_which_slots_there_are() -> None:
    slots = AstroSlots({"default": bold, "side": lone}, Context())
    assert slots.has("side") and "side" in slots
    assert not slots.has("other") and "other" not in slots
    assert list(slots) == ["default", "side"]
    assert repr(slots) == "<slots: default, side>"
    assert repr(AstroSlots({}, Context())) == "<slots: none>"


def test_content_is_safe_html() -> None:
    html = rendered(AstroSlots({"default": bold}, Context()), "default")
    assert html == "<b></b>" and html.__class__ is Markup


def test_a_slot_that_is_not_there_is_empty() -> None:
    html = rendered(AstroSlots({}, Context()), "default", 1)
    assert html == "" and html.__class__ is Markup


def test_arguments_reach_only_content_that_takes_them() -> None:
    slots = AstroSlots({"default": bold, "lone": lone}, Context())
    assert rendered(slots, "lone", 1, "a") == "(1, 'a')"
    assert rendered(slots, "lone") == "()"
    assert rendered(slots, "default", 1) == "<b></b>"


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (Markup("<b>x</b>"), "<b>x</b>"),
        ("<b>", "&lt;b&gt;"),
        (None, ""),
        (0, "0"),
        ([1, Markup("<i>")], "1<i>"),
        (lambda: "<", "&lt;"),
    ],
)
def test_any_value_may_be_given_by_python(value: object, html: str) -> None:
    assert (
        rendered(AstroSlots(public_slots({"default": value}, Context(), True), Context()), "default") == html
    )


def test_a_function_given_by_python_receives_the_arguments() -> None:
    slots = AstroSlots(public_slots({"default": lambda a, b: f"{a}<{b}"}, Context(), True), Context())
    assert rendered(slots, "default", 1, 2) == "1&lt;2"
    with pytest.raises(TypeError, match="missing a required argument"):
        rendered(slots, "default")


def test_content_may_be_rendered_again() -> None:
    slots = AstroSlots(public_slots({"default": "x"}, Context(), True), Context())
    assert rendered(slots, "default") == rendered(slots, "default") == "x"


def test_no_slots() -> None:
    assert public_slots(None, Context(), True) == public_slots({}, Context(), False) == {}


def test_names() -> None:
    assert [slot_name(value) for value in ("side", "", None)] == ["side", "default", "default"]


@pytest.mark.parametrize("value", [1, b"a", ["a"], True])
def test_what_is_no_name(value: object) -> None:
    with pytest.raises(
        TypeError, match=rf"slot=\{{…\}} takes the name of a slot, not {type(value).__name__}"
    ):
        slot_name(value)
