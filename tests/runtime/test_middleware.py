import asyncio
import logging
from pathlib import Path

import pytest

from pyastro.runtime.context import Context
from pyastro.runtime.middleware import MiddlewareError, Next, run_middleware, sequence
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.site import Site
from tests.runtime.site_builds import ask, endpoint, get, html, make_site, page, text_of

MODULES = {
    "/": html("{context.locals['n']}"),
    "/api.py": endpoint("def GET(locals):\n    return Response.json(locals['n'])\n"),
    "/fails": page("raise ValueError"),
    "/404": html("nf {context.locals['n']}"),
}


def one(folder: Path, body: str) -> Site:
    text = "from pyastro.runtime.response import Response, Rewrite\n\nasync def on_request(context, next):\n"
    return make_site(
        folder,
        MODULES,
        middleware=text + "".join(f"    {line}\n" for line in body.splitlines()),
        public={"a.txt": b"a"},
    )


def test_it_runs_around_pages_endpoints_and_404_but_not_files(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "context.locals['n'] = 1\nresponse = await next()\nresponse.headers['x-mw'] = 'on'\nreturn response",
    )
    for path, status, text in (("/", 200, "1"), ("/api", 200, "1"), ("/nope", 404, "nf 1")):
        response = ask(site, path)
        assert (response.status, text_of(response), response.headers["x-mw"]) == (status, text, "on")
    assert ask(site, "/a.txt").headers.get("x-mw") is None


def test_none_means_the_next_response(tmp_path: Path) -> None:
    assert get(one(tmp_path / "a", "context.locals['n'] = 1"), "/") == (200, "1")
    assert get(one(tmp_path / "b", "context.locals['n'] = 1\nawait next()"), "/") == (200, "1")


def test_an_early_response(tmp_path: Path) -> None:
    site = one(tmp_path, "context.cookies.set('a', '1')\nreturn Response('early', 401)")
    response = ask(site, "/")
    assert (response.status, text_of(response)) == (401, "early")
    assert response.headers["set-cookie"].startswith("a=1")


def test_errors_and_rewrites_of_its_own(tmp_path: Path) -> None:
    assert get(one(tmp_path / "a", "context.locals['n'] = 2\nreturn Response(None, 404)"), "/") == (
        404,
        "nf 2",
    )
    body = "context.locals['n'] = 2\nif context.url.path == '/':\n    return context.rewrite('/api')"
    assert get(one(tmp_path / "b", body), "/") == (200, "2")
    assert get(one(tmp_path / "c", "context.locals['n'] = 3\nreturn await next('/api')"), "/") == (200, "3")
    assert get(one(tmp_path / "d", "return 'text'"), "/")[0] == 500


def test_a_shared_response_stays_as_it_is(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "context.cookies.set('a', '1')\nglobal shared\nshared = globals().get('shared') or Response('x')\nreturn shared",
    )
    for _ in range(2):
        assert len(ask(site, "/").headers.get_all("set-cookie")) == 1


def test_it_sees_exceptions_and_may_answer_them(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "context.locals['n'] = 1\ntry:\n    return await next()\nexcept ValueError:\n    return Response('caught', 503)",
    )
    assert get(site, "/fails") == (503, "caught")


def test_a_plain_function(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        MODULES,
        middleware="def on_request(context, next):\n    context.locals['n'] = 4\n    return next()\n",
    )
    assert get(site, "/") == (200, "4")


def test_sequence() -> None:
    def adding(letter: str) -> object:
        async def on_request(context: Context, next: Next) -> Response:
            context.locals["path"] = context.locals.get("path", "") + letter
            response = await next()
            response.headers.append("x", letter)
            return response

        return on_request

    async def last(target: object = None) -> Response:
        return Response(f"{context.locals['path']} {target}")

    context = Context(Request("GET", "http://localhost/"))
    handlers = sequence(adding("a"), lambda context, next: None, adding("b"))  # type: ignore[arg-type]  # object above
    response = asyncio.run(run_middleware(handlers, context, last))
    assert (response.body, response.headers["x"]) == ("ab None", "b, a")


def test_next_may_be_returned_without_being_awaited(tmp_path: Path) -> None:
    assert get(one(tmp_path, "context.locals['n'] = 5\nreturn next()"), "/") == (200, "5")


@pytest.mark.parametrize(("value", "kind"), [("'text'", "str"), ("{}", "dict"), ("404", "int")])
def test_what_is_no_response_is_an_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, value: str, kind: str
) -> None:
    with caplog.at_level(logging.ERROR):
        assert get(one(tmp_path, f"return {value}"), "/")[0] == 500
    assert f"the middleware on_request should return a Response or None, and returned {kind}" in caplog.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "def onRequest(context, next): ...",
            "middleware.py defines onRequest; it is called on_request here",
        ),
        ("def onStartup(site): ...", "defines onStartup; it is called on_startup here"),
        (
            "def on_request(context): ...",
            "on_request takes two arguments, context and next: too many positional",
        ),
        (
            "def on_request(a, b, c): ...",
            "on_request takes two arguments, context and next: missing a required",
        ),
        ("on_request = 1", "on_request takes two arguments, context and next: 1 is not a callable object"),
        ("async def on_startup(): ...", "on_startup takes one argument, the site: too many positional"),
        ("def on_shutdown(site, other): ...", "on_shutdown takes one argument, the site: missing a required"),
        (
            "from pyastro.runtime import sequence\non_request = sequence(1)",
            "a middleware of a sequence takes two arguments, context and next: 1 is not a callable object",
        ),
    ],
)
def test_a_middleware_that_cannot_work_is_an_error_at_the_start(
    tmp_path: Path, text: str, message: str
) -> None:
    site = make_site(tmp_path, MODULES, middleware=f"{text}\n")
    with pytest.raises(MiddlewareError) as caught:
        asyncio.run(site.startup())
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def on_request(*args): ...",
        "on_startup = print\ndef onRequest(): ...\non_request = lambda c, n, x=1: None",
    ],
)
def test_a_middleware_that_may_work(tmp_path: Path, text: str) -> None:
    asyncio.run(make_site(tmp_path, MODULES, middleware=f"{text}\n").startup())


SHOWS = {
    "/": html("home"),
    "/item/[id]": html(
        "{context.params.id} {context.url.path} {context.origin_pathname} {context.route_pattern} "
        "{context.request.method} {context.request.headers.get('x')} {context.locals.get('seen')}"
    ),
    "/to.py": endpoint("def GET(context):\n    return context.rewrite('/item/9?a=1')\n"),
}


def test_rewrites_by_url_and_by_request(tmp_path: Path) -> None:
    for name, target, expected in (
        ("path", "'/item/7'", "7 /item/7 / /item/[id] GET None None"),
        ("relative", "'item/7'", "7 /item/7 / /item/[id] GET None None"),
        ("url", "context.url.join('/item/7')", "7 /item/7 / /item/[id] GET None None"),
        (
            "request",
            "Request('POST', context.url.join('/item/7'), {'x': 'y'})",
            "7 /item/7 / /item/[id] POST y None",
        ),
    ):
        for how in ("await next({})", "context.rewrite({})"):
            text = "from pyastro.runtime import Request\nasync def on_request(context, next):\n"
            text += f"    return {how.format(target)} if context.url.path == '/' else await next()\n"
            site = make_site(tmp_path / f"{name}{how[0]}", SHOWS, middleware=text)
            assert get(site, "/") == (200, expected)


def test_a_page_sees_the_path_that_was_asked_for(tmp_path: Path) -> None:
    assert get(make_site(tmp_path, SHOWS), "/to") == (200, "9 /item/9 /to /item/[id] GET None None")


def test_a_rewrite_to_another_site_is_an_error(tmp_path: Path) -> None:
    assert get(one(tmp_path, "return await next('https://example.org/')"), "/")[0] == 500


SEQUENCE = """
from pyastro.runtime import Response, sequence

def guard(context, next):
    context.locals.seen = context.url.path + " " + context.route_pattern + " " + str(context.params.get("id"))
    if context.url.path == "/item/secret":
        return Response("no", 403)

async def first(context, next):
    response = await next(TARGET)
    response.headers["x-first"] = "1"
    return response

on_request = sequence(first, guard)
"""


def test_in_a_sequence_a_rewrite_leads_through_the_handlers_that_are_left(tmp_path: Path) -> None:
    site = make_site(tmp_path / "a", SHOWS, middleware=SEQUENCE.replace("TARGET", "'/item/7'"))
    response = ask(site, "/")
    assert text_of(response) == "7 /item/7 / /item/[id] GET None /item/7 /item/[id] 7"
    assert response.headers["x-first"] == "1"
    site = make_site(tmp_path / "b", SHOWS, middleware=SEQUENCE.replace("TARGET", "'/item/secret'"))
    assert get(site, "/") == (403, "no")


def test_in_a_sequence_the_outer_handlers_get_what_a_rewrite_gives(tmp_path: Path) -> None:
    text = SEQUENCE.replace("TARGET", "").replace(
        'return Response("no", 403)', 'return context.rewrite("/item/8")'
    )
    site = make_site(tmp_path, SHOWS, middleware=text)
    response = ask(site, "/item/secret")
    assert text_of(response).startswith("8 /item/8 /item/secret /item/[id]")
    assert response.headers["x-first"] == "1"


GUARD = """
from pyastro.runtime import Response

async def on_request(context, next):
    context.locals.ran = [*context.locals.get("ran", []), context.url.path]
    if context.url.segments[-2:] == ("item", "secret"):
        return Response("no", 403)
    response = await next()
    response.headers["x-ran"] = " ".join(context.locals.ran)
    return response
"""


@pytest.mark.parametrize("base", ["/", "/docs"])
def test_no_rewrite_passes_a_guard_by(tmp_path: Path, base: str) -> None:
    modules = {
        "/go/[to]": page("return Rewrite(f'/item/{context.params.to}')"),
        "/away.py": endpoint("def GET(context):\n    return context.rewrite('/item/secret')\n"),
        "/item/[id]": html("{context.params.id} {context.url.path} {context.origin_pathname}"),
    }
    site = make_site(tmp_path, modules, middleware=GUARD, config={"base": base})
    at = base.rstrip("/")
    response = ask(site, f"{at}/go/7")
    assert text_of(response) == f"7 {at}/item/7 {at}/go/7"
    assert response.headers["x-ran"] == f"{at}/go/7 {at}/item/7"
    assert get(site, f"{at}/go/secret") == get(site, f"{at}/away") == (403, "no")


def test_a_middleware_that_rewrites_without_looking_is_told_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert get(one(tmp_path, "return context.rewrite('/api')"), "/")[0] == 500
    assert "has to look at `context.url`" in caplog.text


def test_the_pattern_of_what_is_not_there(tmp_path: Path) -> None:
    body = "response = await next()\nresponse.headers['x-route'] = context.route_pattern\nreturn response"
    modules = {"/404": html("nf {context.route_pattern}"), "/500": html("oops {context.route_pattern}")}
    text = f"async def on_request(context, next):\n    {body.replace(chr(10), chr(10) + '    ')}\n"
    site = make_site(tmp_path, {**modules, "/fails": page("1 / 0")}, middleware=text)
    response = ask(site, "/nope")
    assert (text_of(response), response.headers["x-route"]) == ("nf /404", "/404")
    assert get(site, "/fails") == (500, "oops /500")


def test_locals_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError, match=r"set what it holds: context\.locals\.user = user"):
        Context(Request("GET", "http://a/")).locals = {}


REPORTS = """
async def on_request(context, next):
    response = await next({target})
    response.headers["x-route"] = f"{{context.route_pattern}} {{context.params.get('id')}} {{context.url.path}}"
    return response
"""


@pytest.mark.parametrize("target", ["'/post/7'", ""])
@pytest.mark.parametrize("is_sequence", [False, True])
def test_after_a_rewrite_the_route_is_the_one_that_answered(
    tmp_path: Path, target: str, is_sequence: bool
) -> None:
    middleware = REPORTS.format(target=target)
    if is_sequence:
        middleware = "from pyastro.runtime.middleware import sequence\n" + middleware
        middleware += "\ninner = on_request\nasync def nothing(context, next):\n    return None\n"
        middleware += "on_request = sequence(inner, nothing)\n"
    modules = {"/start": page("return Rewrite('/post/7')"), "/post/[id]": html("post")}
    site = make_site(tmp_path, modules, middleware=middleware)
    assert ask(site, "/start").headers["x-route"] == "/post/[id] 7 /start"
