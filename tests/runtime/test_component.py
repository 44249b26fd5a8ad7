"""Components: binding of props, calls from Python, and tags whose meaning is known only when they render."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from markupsafe import Markup

from pyastro.runtime.astro import DEFAULT, Astro, AstroProps
from pyastro.runtime.component import Component, PropError, component
from pyastro.runtime.context import Context
from pyastro.runtime.response import Response
from pyastro.runtime.slots import NO_SLOTS, Slots
from pyastro.runtime.tags import render_component, spread_props, undeclared
from pyastro.runtime.trusted import FromData, trusted

Write = Callable[[str], object]


@component
async def card(
    write: Write,
    context: Context,
    slots: Slots = NO_SLOTS,
    /,
    *,
    title: str,
    class_: str = "",
    data_id: Any = DEFAULT,
) -> None:
    write(f"{title}|{class_}|{data_id!r}")


@component
async def link(
    write: Write, context: Context, slots: Slots = NO_SLOTS, /, *, to: str = "", **attrs: Any
) -> None:
    write(f"{to}|{AstroProps(attrs)}")


@component
async def anything(write: Write, context: Context, slots: Slots = NO_SLOTS, /, **props: Any) -> None:
    write(f"{AstroProps(props)}")
    if slot := slots.get("default"):
        await slot(write)


@component
async def bare(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
    write("bare")


@component(returns=True)
async def guard(
    write: Write, context: Context, slots: Slots = NO_SLOTS, /, *, result: Any
) -> Response | None:
    write("before")
    return result  # type: ignore[no-any-return]  # a component may return what it must not


def rendered(each: Component[..., Any, Any], *args: Any, **props: Any) -> Any:
    return asyncio.run(each(*args, **props))


def tag(
    target: Any, props: Mapping[str, Any] | None = None, slots: Slots | None = None, scope: str | None = None
) -> str:
    out: list[str] = []
    asyncio.run(render_component(out.append, Context(), "Tag", target, props or {}, slots or {}, scope))
    return "".join(out)


class Module:
    """A compiled module, as far as a tag sees it."""

    def __init__(self, render: Any) -> None:
        self.render = render


def test_a_call_gives_safe_html() -> None:
    html = rendered(card, title="a", class_="b", data_id=1)
    assert html == "a|b|1" and html.__class__ is Markup
    assert rendered(card, Context(), None, title="a") == "a||DEFAULT"
    assert rendered(card, Astro(), {}, title="a") == "a||DEFAULT"


def test_spellings_of_a_prop() -> None:
    assert card.bind({"title": 1, "class": 2, "data-id": 3}) == {"title": 1, "class_": 2, "data_id": 3}
    assert card.bind({"title": 1, "class_": 2, "data_id": 3}) == {"title": 1, "class_": 2, "data_id": 3}
    with pytest.raises(PropError, match="<test_component> is given the prop 'class_' in two spellings"):
        card.bind({"title": 1, "class": 2, "class_": 3})


def test_props_that_do_not_fit() -> None:
    with pytest.raises(PropError, match="needs the prop 'title'"):
        rendered(card)
    with pytest.raises(PropError, match="has no prop 'titel'; did you mean 'title'"):
        rendered(card, titel=1)
    with pytest.raises(PropError, match=r"has no prop 'x'$"):
        rendered(bare, x=1)


def test_which_props_are_accepted() -> None:
    assert card.accepts("class") and card.accepts("class_") and card.accepts("data-id")
    assert not card.accepts("x")
    assert link.accepts("x") and anything.accepts("x")
    assert not bare.accepts("x")
    assert anything.is_open and not link.is_open and not card.is_open


def test_undeclared_props_are_attributes() -> None:
    assert rendered(link, to="/", class_="b", data_id=1, aria_label="l", for_="x") == (
        "/|{'class': 'b', 'data-id': 1, 'aria-label': 'l', 'for': 'x'}"
    )
    assert undeclared({"a": 1}) == {"a": 1}


def test_names_that_the_component_uses_itself() -> None:
    assert (
        rendered(anything, write=1, context=2, slots=3, self=4)
        == "{'write': 1, 'context': 2, 'slots': 3, 'self': 4}"
    )


def test_an_early_response() -> None:
    response = Response.redirect("/login")
    assert rendered(guard, result=response) is response
    assert rendered(guard, result=None) == "before"
    with pytest.raises(
        TypeError, match="<test_component> returned int; a component returns a Response, or nothing"
    ):
        rendered(guard, result=1)


def test_an_early_response_passes_those_who_catch_exceptions() -> None:
    response = Response("no", status=403)

    @component
    async def page(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        try:
            await guard.into(write, context, {}, result=response)
        except Exception:
            write("caught")

    assert rendered(page) is response


def test_repr_and_name() -> None:
    assert card.name == "test_component"
    assert repr(card) == f"<component {__name__}>"


# ---------------------------------------------------------------- tags


def test_a_tag_that_names_a_component() -> None:
    assert (
        tag(Module(card), {"title": "a", "class": "b"})
        == tag(card, {"title": "a", "class": "b"})
        == "a|b|DEFAULT"
    )
    with pytest.raises(PropError, match="needs the prop"):
        tag(card)


def test_only_a_component_with_attrs_receives_the_scope() -> None:
    assert tag(link, {}, scope="data-s") == "|{'data-s': True}"
    assert tag(anything, {}, scope="data-s") == "{}"
    assert tag(card, {"title": 1}, scope="data-s") == "1||DEFAULT"


def test_a_tag_that_names_an_element() -> None:
    async def content(write: Write) -> None:
        write("x")

    assert tag("p", {"a": "<"}, {"default": content}) == '<p a="&lt;">x</p>'
    assert tag("x-y.z", {}, scope="data-s") == "<x-y.z data-s></x-y.z>"
    assert tag("br", {"a": None, "b": True}, {"default": content}) == "<br b>"
    assert tag(type("Name", (str,), {})("p")) == "<p></p>"


@pytest.mark.parametrize("name", ["", "p x", "p>", "1p", "script", "Style", "XMP", "p\n", "é", "p/", "!--"])
def test_names_that_no_element_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of an element here"):
        tag(name)


def test_attributes_of_such_an_element_are_checked() -> None:
    with pytest.raises(ValueError, match="cannot be the name of an attribute"):
        tag("p", {"><script>": 1})
    with pytest.raises(ValueError, match="comes from data"):
        tag("p", {"onclick": FromData("f()")})
    assert (
        tag("p", {"onclick": FromData(trusted("f()"))})
        == tag("p", {"onclick": "f()"})
        == '<p onclick="f()"></p>'
    )


@pytest.mark.parametrize(
    ("target", "kind"), [(None, "None"), (1, "of the type int"), (object, "of the type type")]
)
def test_what_is_no_tag(target: object, kind: str) -> None:
    with pytest.raises(TypeError, match=f"<Tag> is {kind}, neither a component nor the name of an element"):
        tag(target)


def test_an_object_with_a_render_of_its_own() -> None:
    async def render(context: Context, slots: Slots, **props: Any) -> str:
        assert isinstance(context, Context)
        return f"<i>{props}</i>"

    assert tag(Module(render), {"a": 1, "onclick": FromData("f()")}) == "<i>{'a': 1, 'onclick': 'f()'}</i>"


# ---------------------------------------------------------------- spreads


def test_a_spread_gives_its_items() -> None:
    assert spread_props(None) == {}
    data = {"a": 1}
    assert spread_props(data) is data
    for value in (1, "a", [("a", 1)]):
        with pytest.raises(TypeError, match=r"\{\*\*…\} takes a mapping, not"):
            spread_props(value)


def test_event_handlers_in_a_spread_are_data() -> None:
    spread = spread_props({"onClick": "f()", "a": 1})
    assert spread["a"] == 1 and spread["onClick"].__class__ is FromData
    assert spread_props(AstroProps({"onclick": "f()"})) == {"onclick": "f()"}
    again = spread_props(AstroProps(spread))
    assert again["onClick"].__class__ is FromData and again["onClick"].value == "f()"


def test_a_declared_prop_receives_the_value_itself() -> None:
    @component
    async def button(write: Write, context: Context, slots: Slots = NO_SLOTS, /, *, onclick: Any) -> None:
        write(repr(onclick))

    assert tag(button, spread_props({"onclick": "f()"})) == "'f()'"
