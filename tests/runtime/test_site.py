import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from pyastro.runtime.manifest import ManifestError
from pyastro.runtime.request import Request
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from tests.runtime.site_builds import ask, endpoint, get, html, make_site, page, text_of, write_build

NOT_FOUND = html("nf {context.request.url.path}")


def test_pages(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"/": html("home"), "/about": html("about"), "/post/[id]": html("{context.params.id}")}
    )
    response = ask(site, "/")
    assert (response.status, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert get(site, "/about?x=1") == get(site, "/about/") == (200, "about")
    assert get(site, "/post/b%C3%A9") == (200, "bé")
    assert get(site, "/tag%2Fa") == (404, get(site, "/x")[1])
    assert get(site, "/post/a%2Fb%252F") == (200, "a/b%2F")
    assert ask(site, "/bad%ff").status == ask(site, "/bad%zz").status == 400


def test_the_folder_may_be_anywhere_and_is_not_imported_at_load(tmp_path: Path) -> None:
    build = write_build(tmp_path / "some folder-1", {"/": "1 / 0", "/ok": html("ok")})
    site = Site.load(build, session_store=MemoryStore())
    assert get(site, "/ok") == (200, "ok")
    with pytest.raises(ZeroDivisionError):
        asyncio.run(site.startup())
    with pytest.raises(ManifestError):
        Site.load(tmp_path)


def test_methods_of_pages(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"/": html("{context.request.method}")})
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert get(site, "/", method) == (200, method)
    head = ask(site, "/", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, None, "4")
    refused = ask(site, "/", "PROPFIND")
    assert refused.status == 501


def test_a_pages_response(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "/": page(
                "context.response.status = 404\ncontext.response.status_text = 'Gone Away'\n"
                "context.response.headers.append('x-many', 'a')\ncontext.response.headers.append('x-many', 'b')\n"
                "context.cookies.set('a', '1')\ncontext.cookies.set('b', '2')\nreturn Markup('kept')"
            ),
            "/early": page(
                "context.cookies.set('a', '1')\nreturn Response('tea', 418, 'Short', {'x-tea': 'green'})"
            ),
            "/404": NOT_FOUND,
        },
    )
    response = ask(site, "/")
    assert (response.status, response.status_text, text_of(response)) == (404, "Gone Away", "kept")
    assert response.headers["x-many"] == "a, b"
    assert [value.partition(";")[0] for value in response.headers.get_all("set-cookie")] == ["a=1", "b=2"]
    early = ask(site, "/early")
    assert (early.status, early.status_text, early.headers["x-tea"]) == (418, "Short", "green")
    assert early.headers.get_all("set-cookie")[0].startswith("a=1")


def test_not_found(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "/404": NOT_FOUND,
            "/gone": page("return Response(None, status=404, headers={'x-a': '1', 'content-type': 'a/b'})"),
            "/own": page("return Response('own', status=404)"),
            "/api.py": endpoint("def GET():\n    return Response('own', status=404)\n"),
        },
    )
    assert get(site, "/nope") == (404, "nf /nope")
    assert get(site, "/404") == (404, "nf /404")
    gone = ask(site, "/gone")
    assert (gone.status, gone.headers["x-a"], text_of(gone)) == (404, "1", "nf /gone")
    assert gone.headers.get_all("content-type") == ["text/html; charset=utf-8"]
    assert get(site, "/own") == get(site, "/api") == (404, "own")


def test_without_a_page_for_errors(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"/five": page("return Response(None, 500)"), "/four": page("return Response(None, 404)")}
    )
    assert "404 Not Found" in get(site, "/nope")[1]
    assert "404 Not Found" in get(site, "/four")[1]
    assert get(site, "/five")[0] == 500
    assert "500 Internal Server Error" in get(site, "/five")[1]


def test_rewrites(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "/old": page(
                "context.locals['a'] = 1\ncontext.response.headers['x'] = '1'\nreturn Rewrite('/item/7?x=1')"
            ),
            "/item/[id]": html(
                "{context.params.id} {context.url.query_string} {context.request.method} {context.locals['a']} {context.route_pattern}"
            ),
            "/nowhere": page("return Rewrite('/nope')"),
            "/loop": page("return Rewrite('/loop')"),
            "/away": page("return Rewrite('https://evil.example/item/7')"),
            "/api.py": endpoint(
                "def GET(context):\n    context.locals['a'] = 2\n    return context.rewrite('/item/8')\n"
            ),
            "/form": page("return Rewrite('/target')"),
            "/target": page("return Markup(await context.request.text())"),
            "/404": NOT_FOUND,
        },
    )
    response = ask(site, "/old")
    assert (text_of(response), response.headers.get("x")) == ("7 x=1 GET 1 /item/[id]", None)
    assert get(site, "/nowhere") == (404, "nf /nope")
    assert get(site, "/api") == (200, "8  GET 2 /item/[id]")
    assert text_of(ask(site, "/form", "POST", body=b"sent")) == "sent"
    assert get(site, "/loop")[0] == get(site, "/away")[0] == 500


def test_base_path(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "/": html("home"),
            "/a/[id]": html("{context.params.id}"),
            "/r": page("return Rewrite('/docs/a/2')"),
            "/s": page("return Rewrite('/a/3')"),
        },
        public={"x.txt": b"x"},
        config={"base": "/docs/"},
    )
    assert get(site, "/docs") == get(site, "/docs/") == (200, "home")
    assert get(site, "/docs/a/1") == (200, "1")
    assert get(site, "/docs/x.txt") == (200, "x")
    assert get(site, "/docs/r")[1] == "2"
    assert get(site, "/docs/s")[1] == "3"
    assert (
        get(site, "/")[0] == get(site, "/a/1")[0] == get(site, "/x.txt")[0] == get(site, "/docsa")[0] == 404
    )


def test_trailing_slashes(tmp_path: Path) -> None:
    modules = {"/": html("home"), "/a": html("a")}
    never = make_site(tmp_path / "n", modules, config={"trailing_slash": "never"})
    moved = ask(never, "/a/?x=1")
    assert (moved.status, moved.headers["location"]) == (301, "/a?x=1")
    assert ask(never, "/a/", "POST").status == 308
    assert get(never, "/a") == (200, "a")
    always = make_site(tmp_path / "a", modules, config={"trailing_slash": "always"})
    assert ask(always, "/a").headers["location"] == "/a/"
    assert get(always, "/a/") == (200, "a")
    assert get(always, "/") == (200, "home")


def test_cross_site_requests(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"/": html("x")})
    evil = {"origin": "https://evil.example"}
    assert ask(site, "/", "POST", evil).status == 403
    assert ask(site, "/", "GET", evil).status == 200
    assert ask(site, "/", "POST").status == 200
    assert (
        ask(make_site(tmp_path / "b", {"/": html("x")}, check_origin=False), "/", "POST", evil).status == 200
    )


def test_a_whole_session(tmp_path: Path) -> None:
    count = "n = (await context.session.get('n') or 0) + 1\nawait context.session.set('n', n)\nreturn Markup(str(n))"
    site = make_site(
        tmp_path,
        {
            "/": page(count),
            "/none": html("none"),
            "/fails": page(
                "await context.session.set('n', 99)\ncontext.cookies.set('c', '1')\nraise ValueError"
            ),
            "/logout": page("await context.session.destroy()\nreturn Response(None, 204)"),
            "/login": page("await context.session.regenerate()\nraise ValueError"),
        },
    )
    first = ask(site, "/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    sent = {"cookie": cookie.partition(";")[0]}
    second = ask(site, "/", headers=sent)
    assert (text_of(second), second.headers.get("set-cookie")) == ("2", None)
    assert ask(site, "/none").headers.get("set-cookie") is None
    failed = ask(site, "/fails", headers=sent)
    assert (failed.status, failed.headers.get("set-cookie")) == (500, None)
    assert text_of(ask(site, "/", headers=sent)) == "3"
    regenerated = ask(site, "/login", headers=sent)
    assert regenerated.status == 500
    fresh = {"cookie": regenerated.headers["set-cookie"].partition(";")[0]}
    assert text_of(ask(site, "/", headers=fresh)) == "4"
    assert (
        "1970" in ask(site, "/", headers=sent).headers["set-cookie"]
        or text_of(ask(site, "/", headers=sent)) == "1"
    )
    gone = ask(site, "/logout", headers=fresh)
    assert "1970" in gone.headers["set-cookie"]
    assert text_of(ask(site, "/", headers=fresh)) == "1"


def test_a_session_is_the_one_whose_cookie_came_whatever_the_page_has_set(tmp_path: Path) -> None:
    name = "return Markup(str(await context.session.get('name')))"
    site = make_site(
        tmp_path,
        {
            "/login": page("await context.session.set('name', 'Ada')\nreturn Markup('')"),
            "/": page(name),
            "/set": page(f"context.cookies.set('pyastro-session', 'x' * 43)\n{name}"),
            "/rewrite": page(
                "await context.session.set('name', 'Eve')\nreturn context.rewrite('/')",
            ),
            "/late": page("return context.rewrite('/login')"),
        },
    )
    sent = {"cookie": ask(site, "/login").headers["set-cookie"].partition(";")[0]}
    assert sent["cookie"].startswith("pyastro-session=")
    changed = ask(site, "/set", headers=sent)
    assert text_of(changed) == "Ada"
    assert changed.headers["set-cookie"].startswith("pyastro-session=xxx")
    assert text_of(ask(site, "/rewrite", headers=sent)) == "Eve"
    assert text_of(ask(site, "/", headers=sent)) == "Eve"
    assert "set-cookie" in ask(site, "/late").headers


def test_the_session_cookie_is_secure_over_https(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"/": page("await context.session.set('a', 1)\nreturn Markup('')")})
    response = asyncio.run(site.handle(Request("GET", "https://localhost/")))
    assert "Secure" in response.headers["set-cookie"]


def test_many_requests_at_once_share_nothing(tmp_path: Path) -> None:
    body = (
        "import asyncio\ncontext.locals['id'] = context.params.id\ncontext.cookies.set('id', context.params.id)\n"
        "await asyncio.sleep(0)\nreturn Markup(context.locals['id'])"
    )
    site = make_site(tmp_path, {"/[id]": page(body)})

    async def one(number: int) -> bool:
        response = await site.handle(Request("GET", f"http://localhost/{number}"))
        return response.body == str(number).encode() and response.headers["set-cookie"].startswith(
            f"id={number};"
        )

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*[one(number) for number in range(200)])

    assert all(asyncio.run(all_of_them()))


def test_hooks(tmp_path: Path) -> None:
    middleware = (
        "events = []\nasync def on_startup(site):\n    events.append(('start', type(site).__name__))\n"
        "def on_shutdown(site):\n    events.append('stop')\n"
    )
    site = make_site(tmp_path, {"/": html("x")}, middleware=middleware)

    async def live() -> None:
        await site.startup()
        await site.handle(Request("GET", "http://localhost/"))
        await site.shutdown()

    asyncio.run(live())
    assert site.build.module("middleware").events == [("start", "Site"), "stop"]


def test_importing_the_site_pulls_in_nothing_that_hosts_lack() -> None:
    code = (
        "import sys, pyastro.runtime.site\n"
        "print([name for name in ('asyncio', 'aiohttp', 'sqlite3', 'secrets', 'random', 'concurrent.futures', 'jinja2') "
        "if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
