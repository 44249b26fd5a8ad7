import asyncio
from pathlib import Path

from pyastro.runtime.context import Context
from pyastro.runtime.middleware import Next, run_middleware, sequence
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
    assert get(one(tmp_path / "b", "context.locals['n'] = 2\nreturn context.rewrite('/api')"), "/") == (
        200,
        "2",
    )
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

    async def last(target: str | None = None) -> Response:
        return Response(f"{context.locals['path']} {target}")

    context = Context(Request("GET", "http://localhost/"))
    handlers = sequence(adding("a"), lambda context, next: None, adding("b"))  # type: ignore[arg-type]  # object above
    response = asyncio.run(run_middleware(handlers, context, last))
    assert (response.body, response.headers["x"]) == ("ab None", "b, a")
