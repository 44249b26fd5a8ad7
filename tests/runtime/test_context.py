"""One request's state."""

import re

import pytest

from pyastro.runtime import context as context_module
from pyastro.runtime.context import Context
from pyastro.runtime.cookies import Cookie, Cookies
from pyastro.runtime.errors import NoRequest, NoSession
from pyastro.runtime.params import Locals, Params
from pyastro.runtime.request import Request
from pyastro.runtime.url import URL


def test_without_a_request() -> None:
    context = Context()
    for name in ("request", "url", "cookies", "session"):
        with pytest.raises(NoRequest, match=rf"Astro\.{name} is not known.*Request\("):
            getattr(context, name)
    assert not context.has_request
    assert context.client_address is None
    assert context.site is None
    assert context.params == {}
    assert len(context.locals) == 0
    assert context.route_pattern == ""
    context.locals.user = "me"
    assert context.locals.user == "me"
    assert isinstance(NoRequest("url"), RuntimeError)
    assert repr(context) == "<Context of no request>"


def test_with_a_request() -> None:
    request = Request(
        "GET", "http://a/x?y=1", [("cookie", "a=1"), ("Cookie", "b=2")], client_address="127.0.0.1"
    )
    context = Context(request, params={"id": "7"}, site="https://example.org", route_pattern="/[id]")
    assert context.request is request
    assert context.has_request
    assert context.url is request.url
    assert context.url.query["y"] == "1"
    assert context.params.id == "7"
    assert context.route_pattern == "/[id]"
    assert context.site == URL("https://example.org")
    assert context.client_address == "127.0.0.1"
    assert context.cookies.get("a") == Cookie("1")
    assert context.cookies.get("b") == Cookie("2")
    assert context.cookies is context.cookies
    assert repr(context) == "<Context of <Request GET http://a/x?y=1>>"


def test_what_is_given_is_kept() -> None:
    values, params, cookies, session = Locals({"a": 1}), Params({"b": "2"}), Cookies(), object()
    context = Context(
        Request("GET", "http://a/"),
        locals=values,
        params=params,
        cookies=cookies,
        session=session,
        client_address="::1",
    )
    assert context.locals is values
    assert context.params is params
    assert context.cookies is cookies
    assert context.session is session
    assert context.client_address == "::1"


def test_without_a_session() -> None:
    context = Context(Request("GET", "http://a/"))
    with pytest.raises(NoSession, match="no session"):
        _ = context.session
    context.session = session = object()
    assert context.session is session


def test_the_response_can_be_changed() -> None:
    context = Context()
    context.response.status = 404
    context.response.headers["x"] = "y"
    assert context.response.status == 404
    assert context.response.headers["X"] == "y"


def test_redirect_and_rewrite() -> None:
    context = Context()
    assert context.redirect("/a").headers["location"] == "/a"
    assert context.redirect("/a", 301).status == 301
    assert context.rewrite("/b").target == "/b"


def test_the_head_is_given_once() -> None:
    context = Context()
    context.head = "<style></style>"
    assert not context.head_rendered
    assert not context.is_partial
    assert [context.render_head(), context.render_head()] == ["<style></style>", ""]
    assert context.head_rendered


def test_scripts_are_given_once() -> None:
    context = Context()
    rendered = [context.render_once(key, f"<{key}>") for key in ("a", "b", "a")]
    assert rendered == ["<a>", "<b>", ""]
    assert Context().render_once("a", "<a>") == "<a>"


def test_what_stands_where_nothing_runs_does_not_count_as_rendered() -> None:
    context = Context()
    context.inert_depth += 1
    assert [context.render_once("a", "<a>") for _ in range(2)] == ["<a>", "<a>"]
    context.inert_depth -= 1
    assert [context.render_once("a", "<a>") for _ in range(2)] == ["<a>", ""]
    context.is_partial, context.inert_depth = True, 1
    assert context.render_once("b", "<b>") == ""


def test_the_generator() -> None:
    assert re.fullmatch(r"pyastro v\d+\.\d+.*", Context().generator)


def test_the_generator_of_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert context_module._generator.__wrapped__() == "pyastro"
