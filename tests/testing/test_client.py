"""Requests to a site without a socket."""

import asyncio
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from pyastro.testing import AsyncClient, Client, render

FILES = {
    "pages/index.astro": '---\nfrom ..components import Card\n---\n<h1>Home</h1><Card title="A & B"/>\n',
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<h2>{title}</h2><slot/>\n",
    "pages/early.astro": "---\nreturn Astro.redirect('/')\n---\n",
    "pages/visits.astro": (
        "---\ncount = (await Astro.session.get('count') or 0) + 1\nawait Astro.session.set('count', count)\n---\n"
        "<p>{count}</p>"
    ),
    "pages/cookies.astro": (
        "---\nif Astro.url.query.get('drop'):\n    Astro.cookies.delete('a')\n"
        "elif not Astro.cookies.has('a'):\n    Astro.cookies.set('a', 'x y')\n---\n"
        "<p>{Astro.cookies.get('a') and Astro.cookies.get('a').value}</p>"
    ),
    "pages/form.astro": (
        "---\nform = await Astro.request.form_data() if Astro.request.method == 'POST' else None\n"
        "sent = list(form.items()) if form else list(Astro.url.query.items())\n---\n"
        "<p>{', '.join(f'{n}={v}' for n, v in sent)}</p>"
        '<form method="post"><input type="hidden" name="token" value="t"><input name="name">'
        '<input type="checkbox" name="news" checked><input type="checkbox" name="spam"><textarea name="text">\n'
        'old</textarea><select name="size"><option>S<option value="m" selected>M</select><input disabled name="no" value="1">'
        '<button name="do" value="save">Save</button></form>'
        '<form action="/form?x=1" id="search"><input name="q" value="tea"></form>'
    ),
    "pages/api/echo.py": (
        "from pyastro.runtime import Response\n\n\nasync def ALL(request):\n    return Response.json({\n"
        "        'method': request.method, 'url': str(request.url), 'type': request.headers.get('content-type'),\n"
        "        'length': request.headers.get('content-length'), 'x': request.headers.get('x-a'),\n"
        "        'address': request.client_address, 'body': (await request.body()).decode()})\n"
    ),
    "pages/api/upload.py": (
        "from pyastro.runtime import Response\n\n\nasync def POST(request):\n    form = await request.form_data()\n"
        "    file = form.files['photo']\n"
        "    return Response.json([form['title'], file.filename, file.content_type, await file.text()])\n"
    ),
    "pages/chain/[n].py": (
        "from pyastro.runtime import Response\n\n\ndef ALL(params, request):\n    n = int(params.n)\n"
        "    status = 307 if request.method == 'PUT' else 303\n"
        "    return Response.redirect(f'/chain/{n - 1}', status) if n else Response(request.method)\n"
    ),
    "pages/slow.py": "import asyncio\n\n\nasync def GET():\n    await asyncio.sleep(60)\n",
    "pages/away.py": "from pyastro.runtime import Response\n\n\ndef GET():\n    return Response.redirect('https://example.org/')\n",
    "middleware.py": (
        "def note(site, word):\n    log = site.build.folder.parent / 'log'\n"
        "    log.write_text((log.read_text() if log.exists() else '') + word)\n\n\nasync def on_request(context, next):\n    return await next()\n\n\n"
        "async def on_startup(site):\n    note(site, 'start ')\n\n\n"
        "async def on_shutdown(site):\n    note(site, 'stop ')\n"
    ),
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, compiled."""
    folder = tmp_path_factory.mktemp("site")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    assert not compile_project(folder / "pages", folder / "build").diagnostics
    return folder / "build"


def test_a_page(build: Path) -> None:
    (build.parent / "log").unlink(missing_ok=True)
    with Client(build, headers={"x-a": "b"}, client_address="192.0.2.1") as client:
        answer = client.get("/")
        assert (answer.status, answer.one("h1").text, answer.one("h2").text) == (200, "Home", "A & B")
        assert answer.headers["x-request-id"]
        assert client.get("/nothing").status == 404
        assert (build.parent / "log").read_text() == "start "
    assert (build.parent / "log").read_text() == "start stop "


def test_what_is_sent(build: Path) -> None:
    with Client(build, headers={"x-a": "b"}, client_address="192.0.2.1") as client:
        assert client.get("/api/echo?q=%20").json() == {
            "method": "GET", "url": "http://localhost/api/echo?q=%20", "type": None, "length": None, "x": "b",
            "address": "192.0.2.1", "body": "",
        }  # fmt: skip
        for method in ("post", "put", "patch", "delete", "options"):
            assert getattr(client, method)("/api/echo").json()["method"] == method.upper()
        assert client.head("/api/echo").body == b""
        sent = client.post("/api/echo", json={"a": 1}, headers={"x-a": "c"}).json()
        assert (sent["type"], sent["body"], sent["length"], sent["x"]) == (
            "application/json",
            '{"a": 1}',
            "8",
            "c",
        )
        sent = client.post("/api/echo", form={"a": ["1", "é"], "b": "2"}).json()
        assert (sent["type"], sent["body"]) == ("application/x-www-form-urlencoded", "a=1&a=%C3%A9&b=2")
        sent = client.post("/api/echo", data="text", headers={"content-type": "text/plain"}).json()
        assert (sent["type"], sent["body"]) == ("text/plain", "text")
        with pytest.raises(TypeError, match="one body, not json and form or files"):
            client.post("/api/echo", json={}, form={})


def test_files(build: Path) -> None:
    with Client(build) as client:
        files: dict[str, tuple[str, str, str]] = {"photo": ('a"b.txt', "content", "text/plain")}
        answer = client.post("/api/upload", form={"title": "T"}, files=files)
        assert answer.json() == ["T", 'a"b.txt', "text/plain", "content"]


def test_cookies_and_sessions_are_kept(build: Path) -> None:
    with Client(build) as client:
        assert [client.get("/visits").one("p").text for _ in range(3)] == ["1", "2", "3"]
        answer = client.get("/cookies")
        assert answer.cookies == {"a": "x%20y"}
        assert client.get("/cookies").one("p").text == "x y"
        client.get("/cookies?drop=1")
        assert "a" not in client.cookies
        client.cookies.clear()
        assert client.get("/visits").one("p").text == "1"


def test_redirects(build: Path) -> None:
    with Client(build) as client:
        assert client.get("/early").location == "/"
        answer = client.post("/chain/3", data="x", follow_redirects=True)
        assert (answer.text, str(answer.url), len(answer.history)) == ("GET", "http://localhost/chain/0", 3)
        assert client.put("/chain/2", follow_redirects=True).text == "PUT"
        assert client.get("/away", follow_redirects=True).status == 302
        with pytest.raises(AssertionError, match="More than 20 redirects"):
            client.get("/chain/30", follow_redirects=True)


def test_forms(build: Path) -> None:
    with Client(build) as client:
        page = client.get("/form?a=b")
        sent = client.submit(page.one("form[method]"), {"name": "Ada", "do": "save"})
        assert sent.one("p").text == "token=t, news=on, text=old, size=m, name=Ada, do=save"
        assert client.submit(page.one("#search"), {"q": "x y"}).one("p").text == "q=x y"
        with pytest.raises(AssertionError, match=r"has no control 'nme'; it has .*name"):
            client.submit(page.one("form[method]"), {"nme": "Ada"})


def test_an_answer_that_takes_too_long(build: Path) -> None:
    with Client(build, timeout=0.05) as client, pytest.raises(TimeoutError):
        client.get("/slow")


def test_the_event_loop_of_a_test(build: Path) -> None:
    async def test() -> None:
        async with AsyncClient(Site.load(build, session_store=MemoryStore())) as client:
            answers = await asyncio.gather(*[client.post("/api/echo", data=str(n)) for n in range(3)])
            assert [answer.json()["body"] for answer in answers] == ["0", "1", "2"]
            assert (await client.get("/")).one("h1").text == "Home"

    asyncio.run(test())


def test_a_client_outside_of_its_block(build: Path) -> None:
    with pytest.raises(RuntimeError, match="use the client in a block"):
        Client(build).get("/")


def test_rendering(build: Path) -> None:
    with Client(build) as client:
        card = client.module("components.Card")
        assert render(card, title="<b>").one("h2").text == "<b>"
        assert render(card.render, None, {"default": "inside"}, title="x").text == "xinside"
        with pytest.raises(AssertionError, match="ask for it with a Client"):
            render(client.module("pages.early"))
