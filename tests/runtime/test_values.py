"""What a value renders as."""

import asyncio
import enum
import functools
from collections import UserString
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pyastro.runtime.context import Context
from pyastro.runtime.holes import filled
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.values import _text, plain_text, raw, render_child, text
from tests.runtime.browser import AWKWARD, only

CONTEXT = Context()


def whole(html: str) -> str:
    return asyncio.run(filled(html, CONTEXT))


def rendered(value: Any) -> str:
    return whole(text(value, CONTEXT))


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def items(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield await later(value)


def bold(content: str) -> MarkupValue:
    async def body(write: Callable[[str], object], content: str) -> None:
        write(f"<b>{text(content, CONTEXT)}</b>")

    return MarkupValue(CONTEXT, body, content)


class Html:
    def __html__(self) -> str:
        return "<i>html</i>"

    def __str__(self) -> str:
        return "<str>"


class Shout(str):
    __slots__ = ()

    def __str__(self) -> str:
        return self.upper()


class Color(str, enum.Enum):  # noqa: UP042 — a StrEnum is its value
    RED = "<red>"


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (None, ""),
        (True, ""),
        (False, ""),
        (0, "0"),
        (0.0, "0.0"),
        ("", ""),
        (-1.5, "-1.5"),
        (10**30, "1" + "0" * 30),
        (Level.HIGH, "3"),
        (Color.RED, "Color.RED"),
        (Shout("<b>"), "&lt;B&gt;"),
        (Decimal("1.10"), "1.10"),
        (date(2024, 2, 29), "2024-02-29"),
        ("<&\"'>", "&lt;&amp;&#34;&#39;&gt;"),
        (UserString("a<b"), "a&lt;b"),
        (Markup("<b>x</b>"), "<b>x</b>"),
        (Html(), "<i>html</i>"),
        (["a<", 1, None, ["b", ("c",)], True], "a&lt;1bc"),
        (range(3), "012"),
        ({"a": "<"}, "{&#39;a&#39;: &#39;&lt;&#39;}"),
        ({}, "{}"),
        ({1: 2}.items(), "12"),
        (ValueError("<x>"), "&lt;x&gt;"),
        (int, "&lt;class &#39;int&#39;&gt;"),
        (Html, "&lt;class"),
    ],
)
def test_values(value: Any, html: str) -> None:
    assert rendered(value).startswith(html) if value is Html else rendered(value) == html


def test_what_must_be_awaited() -> None:
    assert rendered(later("<")) == "&lt;"
    assert rendered(later(later(later(None)))) == ""
    assert rendered(items("a", later("<"), items(1, [2]))) == "a&lt;12"
    assert rendered([later(1), later(["x", bold("<")])]) == "1x<b>&lt;</b>"


def test_an_iterable_that_is_both_is_awaited() -> None:
    class Rows:
        def __iter__(self) -> Iterator[str]:
            raise AssertionError("this would block")

        def __aiter__(self) -> AsyncIterator[str]:
            return items("a", "b")

    assert rendered(Rows()) == "ab"


def test_generators_run_in_order() -> None:
    seen: list[int] = []

    def numbers() -> Iterator[Any]:
        for number in range(3):
            seen.append(number)
            yield later(number)

    assert rendered(numbers()) == "012"
    assert seen == [0, 1, 2]


def test_functions_without_required_arguments() -> None:
    async def asynchronous() -> str:
        return "<"

    assert rendered(lambda: "<") == "&lt;"
    assert rendered(lambda a=1, *b, **c: [a, b, c]) == "1{}"
    assert rendered(asynchronous) == "&lt;"
    assert rendered(lambda: lambda: bold("x")) == "<b>x</b>"
    assert rendered("ab".upper) == "AB"
    assert rendered(functools.partial(str.upper, "ab")) == "AB"
    assert rendered(functools.cache(lambda: "<")) == "&lt;"
    assert rendered([].copy) == ""


def test_functions_with_required_arguments() -> None:
    def greet(name: str) -> str:
        return name

    with pytest.raises(
        TypeError, match="the function greet cannot be rendered: missing a required argument: 'name'"
    ):
        rendered(greet)
    with pytest.raises(TypeError, match="<lambda>"):
        rendered([lambda *, key: key])


def test_an_error_inside_of_a_function_is_its_own() -> None:
    def broken() -> str:
        raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        rendered(broken)


@pytest.mark.parametrize("value", [b"x", bytearray(b"x"), memoryview(b"x"), [b""]])
def test_bytes(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be rendered: decode them first"):
        rendered(value)


def test_a_list_that_holds_itself() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(RecursionError, match="this value holds itself, or is nested too deeply"):
        rendered(endless)
    function: Callable[[], Any] = lambda: function  # noqa: E731  # it must be a function that gives itself
    with pytest.raises(RecursionError, match="this value holds itself"):
        rendered(function)


def test_deep_nesting() -> None:
    value: Any = "x"
    for _ in range(100):
        value = [value]
    assert rendered(value) == "x"


class Instance:
    """Trusted only by an attribute of the instance: that is, by data."""

    def __init__(self) -> None:
        self.__html__ = lambda: "<script>"

    def __str__(self) -> str:
        return "<instance>"


class Anything:
    """An object that has every attribute, as mocks and clients of remote services have."""

    def __getattr__(self, name: str) -> Any:
        return lambda: "<script>"

    def __str__(self) -> str:
        return "<anything>"


class NotCallable:
    __html__ = "<script>"

    def __str__(self) -> str:
        return "<not callable>"


@pytest.mark.parametrize(
    "value", [Instance(), Anything(), NotCallable(), Shout("<b>"), {"__html__": "<script>"}]
)
def test_who_is_trusted_is_decided_by_the_type(value: Any) -> None:
    assert "<" not in rendered(value)


def test_text_that_says_it_is_markup() -> None:
    """What `str(value)` gives is text, whatever its own type: the escaping function is given an exact `str`."""

    class Odd:
        def __str__(self) -> str:
            return Markup("<&")

    assert _text(Odd(), lambda given: type(given).__name__, CONTEXT, 0) == "str"
    assert rendered(Odd()) == "&lt;&amp;"


def test_raw() -> None:
    assert (
        whole(raw(["<b>", Markup("<i>"), later("&"), None, 1, bold("<")], CONTEXT)) == "<b><i>&1<b>&lt;</b>"
    )
    with pytest.raises(TypeError):
        raw(b"<b>", CONTEXT)


def test_a_child() -> None:
    assert render_child(CONTEXT, lambda a, b: f"{a}<{b}", 1, 2) == "1&lt;2"
    assert render_child(CONTEXT, lambda: "x") == "x"
    assert render_child(CONTEXT, "x", 1) == "x"


def test_plain_text() -> None:
    assert plain_text("<", "x") == "<"
    assert plain_text(1.5, "x") == "1.5"
    assert plain_text(Markup("&amp;"), "x").__class__ is str
    for value in (len, b"", bold("x")):
        with pytest.raises(TypeError, match=r"^the place cannot hold a value of the type "):
            plain_text(value, "the place")


@given(st.recursive(AWKWARD, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_text_comes_back_whole(value: Any) -> None:
    element = only(f"<p>{rendered(value)}</p>")
    assert (element.text or "") == _joined(value)
    assert not len(element)


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "".join(map(_joined, value))


@given(
    st.none() | st.integers() | st.floats() | st.text() | st.dictionaries(st.text(), st.text()) | st.dates()
)
def test_nothing_is_markup_by_itself(value: Mapping[str, str] | float | str | date | None) -> None:
    assert not set(rendered(value)) & set("<>\"'")
