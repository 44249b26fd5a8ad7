"""Markup as a value."""

import asyncio
from collections.abc import Callable

import pytest
from markupsafe import Markup

from pyastro.runtime.context import Context
from pyastro.runtime.markup_value import MarkupValue


async def body(write: Callable[[str], object], *names: int) -> None:
    write("<b>")
    await asyncio.sleep(0)
    write(f"{names}</b>")


def test_it_renders_to_safe_html_as_often_as_one_likes() -> None:
    value = MarkupValue(Context(), body, 1, 2)
    first, second = asyncio.run(value.render()), asyncio.run(value.render())
    assert first == second == Markup("<b>(1, 2)</b>")
    assert first.__class__ is Markup


def test_two_renders_at_once() -> None:
    async def both() -> list[Markup]:
        value = MarkupValue(Context(), body)
        return list(await asyncio.gather(value.render(), value.render()))

    assert asyncio.run(both()) == ["<b>()</b>"] * 2


@pytest.mark.parametrize("use", [str, "{}".format, lambda value: f"{value!s:>5}", lambda value: f"{value}"])
def test_it_has_no_text(use: Callable[[MarkupValue], str]) -> None:
    with pytest.raises(TypeError, match=r"show it with \{…\}, or `await markup\.render\(\)`"):
        use(MarkupValue(Context(), body))


def test_repr() -> None:
    assert repr(MarkupValue(Context(), body)) == "<markup body>"


def test_it_is_true_and_not_trusted_as_it_is() -> None:
    assert MarkupValue(Context(), body)
    assert not hasattr(MarkupValue(Context(), body), "__html__")
