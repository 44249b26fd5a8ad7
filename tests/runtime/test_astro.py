"""`Astro`, and the props that it holds."""

import copy
from typing import Any

import pytest

from pyastro.runtime.astro import DEFAULT, Astro, AstroProps, create_astro, given
from pyastro.runtime.context import Context
from pyastro.runtime.errors import NoRequest
from pyastro.runtime.request import Request
from pyastro.runtime.trusted import FromData


def test_props_are_a_mapping_with_attributes() -> None:
    props = AstroProps({"title": "a", "data-id": 1, "items": [1]})
    assert props.title == props["title"] == "a"
    assert props["data-id"] == 1 and props.get("none") is None
    assert {**props} == {"title": "a", "data-id": 1, "items": [1]}
    assert callable(props.items) and props["items"] == [1]


def test_a_prop_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="there is no prop 'titel'; did you mean 'title'"):
        _ = AstroProps({"title": 1}).titel
    with pytest.raises(AttributeError, match="there is no prop 'x'; given: title, n"):
        _ = AstroProps({"title": 1, "n": 2}).x
    with pytest.raises(AttributeError, match="given: none"):
        _ = AstroProps({}).x
    assert getattr(AstroProps({}), "x", 3) == 3


def test_props_by_what_python_calls_them() -> None:
    props = AstroProps({"class": "a", "aria-label": "b", "data_x": "c", "get": 1})
    assert (props.class_, props.aria_label, props.data_x, props["get"]) == ("a", "b", "c", 1)
    with pytest.raises(AttributeError, match="there is no prop 'clas_'; did you mean 'class'"):
        _ = props.clas_


def test_handlers_that_a_template_wrote() -> None:
    props = AstroProps({"onclick": "f()", "onload": FromData("g()"), "title": "t"})
    assert props == {"onclick": "f()", "onload": "g()", "title": "t"}
    assert props.is_written("onclick", props["onclick"])
    assert not props.is_written("onload", props["onload"])
    assert not props.is_written("onclick", "other()")
    assert not props.is_written("oninput", None)


def test_handlers_that_came_later_are_data() -> None:
    props = AstroProps({"onclick": "f()"})
    props.update({"onclick": "g()", "onload": "h()"})
    assert not any(props.is_written(name, value) for name, value in props.items())


@pytest.mark.parametrize("duplicate", [copy.copy, dict, lambda props: props | {}, lambda props: props.copy()])
def test_copies_hold_the_same(duplicate: Any) -> None:
    assert duplicate(AstroProps({"title": 1})) == {"title": 1}


def test_props_that_were_given() -> None:
    assert given({"a": 1, "b": DEFAULT, "c": None}) == {"a": 1, "c": None}
    assert given({"class": 1, "aria_label": 2, "data_x": 3, "max_items": 4}) == {
        "class": 1,
        "aria-label": 2,
        "data-x": 3,
        "max_items": 4,
    }
    props = AstroProps(given({"onclick": "f()"}))
    assert props == {"onclick": "f()"} and not props.is_written("onclick", props["onclick"])
    assert repr(DEFAULT) == "DEFAULT"


def test_the_astro_of_a_component() -> None:
    context, component = Context(), object()
    astro = create_astro(context, component, {}, {"a": 1}, {"b": 2, "onclick": FromData("f()")})
    assert astro.context is context and astro.self is component
    assert astro.props == {"a": 1, "b": 2, "onclick": "f()"}
    assert astro.attrs == {"b": 2, "onclick": "f()"}
    assert not astro.slots.has("default")


def test_no_component_sees_anothers_props() -> None:
    context = Context()
    first, second = (create_astro(context, None, {}) for _ in range(2))
    first.attrs["a"] = 1
    assert second.attrs == second.props == {}


def test_everything_of_the_context() -> None:
    request = Request("GET", "http://localhost/a?b=c")
    astro = Astro(
        request, params={"id": "1"}, locals={"user": "x"}, client_address="::1", route_pattern="/[id]"
    )
    assert astro.request is request and astro.url is request.url
    assert (astro.params.id, astro.locals.user) == ("1", "x")
    assert (astro.client_address, astro.route_pattern, astro.site) == ("::1", "/[id]", None)
    assert (astro.origin_pathname, astro.is_prerendered) == ("/a", False)
    assert astro.cookies is astro.context.cookies and astro.response is astro.context.response
    assert astro.generator.startswith("pyastro v")
    assert astro.redirect("/login").status == 302
    assert astro.rewrite("/new").status == 200
    assert astro.props == astro.attrs == {} and astro.self is None


@pytest.mark.parametrize("name", ["request", "url", "cookies", "session", "origin_pathname"])
def test_without_a_request(name: str) -> None:
    with pytest.raises(NoRequest):
        getattr(Astro(), name)
    assert Astro().params == {} and Astro().client_address is None


def test_unknown_attributes() -> None:
    with pytest.raises(AttributeError):
        Astro().foo = 1  # type: ignore[attr-defined]  # that is the point
