import asyncio
import traceback
from pathlib import Path
from typing import Any

import pytest

from pyastro.asgi import Application
from pyastro.asgi.environment import application_from
from pyastro.asgi.protocol import Message
from pyastro.asgi.responses import BrokenResponse
from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.limits import Limits
from pyastro.runtime.manifest import ManifestError
from tests.asgi.exchange import Exchange, ask, started
from tests.runtime.site_builds import endpoint, html, make_site, page, write_build

ECHO = endpoint(
    "async def ALL(context):\n    request = context.request\n"
    "    return Response.json({'url': str(context.url), 'params': [context.params.x], 'root': request.root_path, "
    "'client': context.client_address, 'body': (await request.body()).decode()})\n"
)
WAITING = (
    "import asyncio, sys\nstate = sys.modules[__name__].__dict__\n"
    "try:\n    await asyncio.sleep(30)\nexcept asyncio.CancelledError:\n    state['ended'] = True\n    raise"
)


def application(folder: Path, modules: dict[str, str], **options: Any) -> Application:
    own = {name: options.pop(name) for name in ("trust_forwarded", "limits", "deadlines") if name in options}
    return Application(make_site(folder, modules, **options), **own)


def module_of(made: Application, name: str) -> Any:
    return made.site.build.module(name)


# ---------------------------------------------------------------- requests


def test_a_request_and_its_answer(tmp_path: Path) -> None:
    tea = (
        "context.cookies.set('a', '1')\ncontext.cookies.set('b', '2')\n"
        "return Response('t', 418, headers={'X-Tea': '\\u00e9', 'connection': 'close', 'server': 'x', 'date': 'x'})"
    )
    made = application(tmp_path, {"/": html("home"), "/tea": page(tea), "/none": page("return Response()")})

    async def main() -> None:
        home = await ask(made)
        assert (home.status, home.body) == (200, b"home")
        assert [name for name, _ in home.fields] == ["content-type", "x-request-id", "content-length"]
        answer = await ask(made, b"/tea")
        assert (answer.status, answer.headers["x-tea"], answer.headers["connection"]) == (418, "é", "close")
        assert [value[:3] for name, value in answer.fields if name == "set-cookie"] == ["a=1", "b=2"]
        assert not {"server", "date"} & set(answer.headers)
        assert "connection" not in (await ask(made, b"/tea", http_version="2")).headers
        none = await ask(made, b"/none")
        assert (none.status, none.headers["content-length"], none.body) == (200, "0", b"")
        head = await ask(made, b"/", "HEAD")
        assert (head.headers["content-length"], head.body) == ("4", b"")

    asyncio.run(main())


def test_the_path_is_the_one_that_was_sent(tmp_path: Path) -> None:
    made = application(tmp_path, {"/[...x].py": ECHO})

    async def seen(target: bytes, **scope: Any) -> bytes:
        return (await ask(made, target, **scope)).body

    async def main() -> None:
        # `path` is decoded, and says something else here: it is not looked at
        answer = await seen(b"/a%2Fb/%2e?q=%26+y&\xc3\xa9", path="/elsewhere")
        assert b'"url":"http://localhost/a%2Fb/%2e?q=%26+y&%C3%A9"' in answer
        assert b'"params":["a/b/."]' in answer
        assert b'"http://localhost:7/x"' in await seen(b"http://localhost:7/x")
        assert b'"http://localhost/a%252Fb/c%20d"' in await seen(b"", raw_path=None, path="/a%2Fb/c d")
        assert (await ask(made, b"*", "OPTIONS")).status == 400
        assert (await ask(made, b"/%zz")).status == 400

    asyncio.run(main())


def test_hosts_and_proxies(tmp_path: Path) -> None:
    proxied = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-host", b"a.example")]
    proxied.append((b"x-forwarded-for", b"6.6.6.6, 9.9.9.9"))
    careful = application(tmp_path / "1", {"/[...x].py": ECHO})
    trusting = application(
        tmp_path / "2", {"/[...x].py": ECHO}, trust_forwarded=True, config={"site": "https://a.example"}
    )

    async def main() -> None:
        answer = await ask(careful, headers=proxied)
        assert b'"url":"http://localhost/"' in answer.body and b'"client":"1.2.3.4"' in answer.body
        answer = await ask(trusting, headers=proxied)
        assert b'"url":"https://a.example/"' in answer.body and b'"client":"9.9.9.9"' in answer.body
        for server, seen in (
            (("::1", 80), b"[::1]:80"),
            (("/run/x", None), b"localhost"),
            (None, b"localhost"),
        ):
            exchange = Exchange(server=server, client=None)
            exchange.scope["headers"] = [(b"host", b"evil.example")]
            await careful(exchange.scope, exchange.receive, exchange.send)
            assert b'"url":"http://' + seen + b'/"' in exchange.body
        for headers in ([(b"host", b"b")], [(b"x", b"a\x00b")], [(b"x y", b"")]):
            assert (await ask(careful, headers=headers)).status == 400
        bare = Exchange(http_version="2")
        bare.scope["headers"] = []
        await careful(bare.scope, bare.receive, bare.send)
        assert bare.status == 200

    asyncio.run(main())


def test_a_mount_point(tmp_path: Path) -> None:
    modules = {"/": page("return Response(str(context.url))"), "/[...x].py": ECHO}
    modules["/away"] = page("return Rewrite('/x')")
    made = application(tmp_path, modules, public={"a.txt": b"file"}, config={"trailing_slash": "never"})

    async def get(path: bytes, root: str, whole: str | None = None) -> Exchange:
        return await ask(made, path, root_path=root, path=whole or path.decode())

    async def main() -> None:
        assert (await get(b"/site/", "/site")).body == b"http://localhost/site/"
        assert (await get(b"/site", "/site")).body == b"http://localhost/site"
        assert (await get(b"/%73ite/a.txt", "/site", "/site/a.txt")).body == b"file"
        answer = (await get(b"/site/a%2Fb?c", "/site", "/site/a/b")).body
        assert b'"url":"http://localhost/site/a%2Fb?c","params":["a/b"],"root":"/site"' in answer
        assert b'"params":["x"],"root":"/site"' in (await get(b"/site/away", "/site")).body
        assert (await get(b"/site/x/", "/site")).headers["location"] == "/site/x"
        # a proxy cut the path off
        assert b'"url":"http://localhost/my%20site/x"' in (await get(b"/x", "/my site")).body
        assert b'"root":"/my%20site"' in (await get(b"/my%20site/x", "/my site/", "/my site/x")).body
        # what the host took for its mount point is none as it was sent
        assert (await get(b"/site%2Fx", "/site", "/site/x")).status == 400
        assert (await get(b"/sitemap", "/site")).body.startswith(b'{"url":"http://localhost/site/sitemap"')

    asyncio.run(main())


@pytest.mark.parametrize(
    ("base", "root"), [("/shop", "/shop"), ("/shop", ""), ("/", "/shop"), ("/shop/", "/a")]
)
def test_a_mount_point_and_a_base(tmp_path: Path, base: str, root: str) -> None:
    made = application(tmp_path, {"/x": html("x"), "/": html("home")}, config={"base": base})

    async def main() -> None:
        below = "/a/shop" if root == "/a" else "/shop"
        for path, body in ((f"{below}/x", b"x"), (f"{below}/", b"home")):
            assert (await ask(made, path.encode(), path=path, root_path=root)).body == body

    asyncio.run(main())


def test_bodies(tmp_path: Path) -> None:
    modules = {"/[...x].py": ECHO, "/unread": html("unread")}
    made = application(tmp_path, modules, limits=Limits(body=1000), deadlines=Deadlines(silence=0.1))

    async def sent(*pieces: bytes, end: bool = True, **options: Any) -> Exchange:
        exchange = Exchange(b"/", "POST", **options)
        exchange.received = asyncio.Queue()
        for piece in pieces:
            exchange.give(piece, more=True)
        if end:
            exchange.give(b"", more=False)
        async with started(exchange, made):
            pass
        return exchange

    async def main() -> None:
        assert b'"body":"abcd"' in (await sent(b"ab", b"", b"cd")).body
        assert b'"body":"' + b"x" * 900 in (await sent(*[b"x" * 30] * 30)).body
        assert (await sent(*[b"x" * 30] * 50)).status == 413
        announced = await sent(b"", headers=[(b"content-length", b"1001")])
        assert announced.status == 413
        assert (await sent(b"a", end=False)).status == 408
        refused = await sent(b"", headers=[(b"expect", b"more")])
        assert (refused.status, refused.headers["connection"]) == (417, "close")
        old = await sent(b"", http_version="1.0", headers=[(b"transfer-encoding", b"chunked")])
        assert old.status == 400
        assert (await sent(b"", headers=[(b"transfer-encoding", b"gzip, chunked")])).status == 501
        assert (await ask(made, b"/unread", "POST", b"x" * 5000)).body == b"unread"

    asyncio.run(main())


def test_a_body_is_only_asked_for_when_it_is_wanted(tmp_path: Path) -> None:
    made = application(tmp_path, {"/[...x].py": ECHO, "/unread": html("unread")})
    expecting = [(b"expect", b"100-continue"), (b"content-length", b"4")]

    async def main() -> None:
        unread = await ask(made, b"/unread", "POST", b"sent", headers=expecting)
        assert (unread.body, unread.receives) == (b"unread", 0)
        read = await ask(made, b"/", "POST", b"sent", headers=expecting)
        assert b'"body":"sent"' in read.body and read.receives

    asyncio.run(main())


# ---------------------------------------------------------------- responses


def test_streams(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stream = (
        "import sys\nstate = sys.modules[__name__].__dict__\nasync def pieces():\n    try:\n        yield 'one '\n"
        "        {middle}\n        yield b'two'\n    finally:\n        state['closed'] = True\n"
        "return Response(pieces())"
    )
    modules = {
        "/ok": page(stream.format(middle="pass")),
        "/breaks": page(stream.format(middle="raise ValueError('in the middle')")),
        "/exits": page(stream.format(middle="raise SystemExit")),
        "/big": page("return Markup('x' * 200_000)"),
    }
    made = application(tmp_path, modules)

    async def main() -> None:
        whole = await ask(made, b"/ok")
        assert [message["body"] for message in whole.sent[1:]] == [b"one ", b"two", b""]
        assert [message["more_body"] for message in whole.sent[1:]] == [True, True, False]
        assert "content-length" not in whole.headers
        for path in ("breaks", "exits"):
            exchange = Exchange(f"/{path}".encode())
            with pytest.raises(BrokenResponse) as error:
                await made(exchange.scope, exchange.receive, exchange.send)
            assert error.value.__cause__ is None
            assert len(traceback.format_exception(error.value)) == 1
            *_, record = caplog.records
            name = exchange.headers["x-request-id"]
            assert (
                record.getMessage() == f"GET '/' broke while it was sent (request {name})" and record.exc_info
            )
            assert record.__dict__["request_id"] == name and name in str(error.value)
            assert record.exc_info[0] is (ValueError if path == "breaks" else SystemExit)
            assert exchange.body == b"one " and exchange.sent[-1]["more_body"]
            assert module_of(made, f"pages.{path}").closed
        head = await ask(made, b"/ok", "HEAD")
        assert (head.body, head.status) == (b"", 200)
        big = await ask(made, b"/big")
        assert (len(big.body), big.headers["content-length"], len(big.sent)) == (200_000, "200000", 5)

    asyncio.run(main())


def test_files(tmp_path: Path) -> None:
    large = bytes(range(256)) * 2000
    made = application(tmp_path, {}, public={"small.txt": b"small", "large.bin": large, "empty": b""})

    async def main() -> None:
        assert (await ask(made, b"/small.txt")).body == b"small"
        whole = await ask(made, b"/large.bin")
        assert whole.body == large and whole.headers["content-length"] == str(len(large))
        part = await ask(made, b"/large.bin", headers=[(b"range", b"bytes=1000-399999")])
        assert (part.status, part.body) == (206, large[1000:400000])
        assert (await ask(made, b"/large.bin", "HEAD")).headers["content-length"] == str(len(large))
        same = await ask(made, b"/large.bin", headers=[(b"if-none-match", whole.headers["etag"].encode())])
        assert (same.status, same.body, "content-length" in same.headers) == (304, b"", False)
        assert (await ask(made, b"/empty")).body == b""

    asyncio.run(main())


def test_a_file_that_becomes_shorter_breaks_its_answer(tmp_path: Path) -> None:
    made = application(tmp_path, {}, public={"large.bin": b"x" * 400_000})

    async def main() -> None:
        exchange = Exchange(b"/large.bin")

        async def send(message: Message) -> None:
            (tmp_path / "build/public/large.bin").write_bytes(b"")
            await exchange.send(message)

        with pytest.raises(BrokenResponse):
            await made(exchange.scope, exchange.receive, send)
        assert exchange.sent[-1].get("more_body", True)

    asyncio.run(main())


# ---------------------------------------------------------------- clients that go away


def test_a_client_that_goes_away_ends_the_render(tmp_path: Path) -> None:
    made = application(tmp_path, {"/": page(WAITING), "/ok": html("ok")})

    async def main() -> None:
        exchange = Exchange()
        async with started(exchange, made) as task:
            await asyncio.sleep(0.05)
            exchange.leave()
        assert (task.result(), task.cancelling(), exchange.status, exchange.body) == (None, 0, 499, b"")
        assert module_of(made, "pages.index").ended
        assert (await ask(made, b"/ok")).body == b"ok"

    asyncio.run(main())


def test_a_client_that_goes_away_ends_the_stream(tmp_path: Path) -> None:
    stream = WAITING.replace("\n", "\n    ").replace("raise", "raise\n    yield b'x'")
    made = application(
        tmp_path,
        {"/": page(f"async def pieces():\n    yield b'first'\n    {stream}\nreturn Response(pieces())")},
    )

    async def main() -> None:
        exchange = Exchange()
        async with started(exchange, made) as task:
            while len(exchange.sent) < 2:
                await asyncio.sleep(0.01)
            exchange.leave()
        assert (task.result(), exchange.body, exchange.sent[-1]["more_body"]) == (None, b"first", True)
        assert module_of(made, "pages.index").ended

    asyncio.run(main())


def test_a_client_that_goes_away_while_it_sends(tmp_path: Path) -> None:
    made = application(tmp_path, {"/[...x].py": ECHO})

    async def main() -> None:
        exchange = Exchange(b"/", "POST")
        exchange.received = asyncio.Queue()
        exchange.give(b"half", more=True)
        exchange.leave()
        async with started(exchange, made) as task:
            pass
        assert (task.result(), exchange.status) == (None, 499)

    asyncio.run(main())


def test_a_server_that_cancels_is_not_a_client_that_goes_away(tmp_path: Path) -> None:
    made = application(tmp_path, {"/": page(WAITING)})

    async def main() -> None:
        for leaves in (False, True):
            exchange = Exchange()
            async with started(exchange, made) as task:
                await asyncio.sleep(0.05)
                task.cancel()
                if leaves:
                    exchange.leave()
            assert task.cancelled()

    asyncio.run(main())


@pytest.mark.parametrize("error", [ConnectionResetError, TimeoutError, None])
def test_a_client_that_takes_nothing(tmp_path: Path, error: type[Exception] | None) -> None:
    stream = "def pieces():\n    while True:\n        yield b'x'\nreturn Response(pieces())"
    made = application(tmp_path, {"/": page(stream)}, deadlines=Deadlines(write=0.05))

    async def main() -> None:
        exchange = Exchange()

        async def send(message: Message) -> None:
            if len(exchange.sent) > 3:
                if error:
                    raise error
                await asyncio.sleep(30)
            await exchange.send(message)

        async with asyncio.timeout(5):
            await made(exchange.scope, exchange.receive, send)
        assert exchange.body == b"xxx"

    asyncio.run(main())


def test_a_receive_that_fails_is_a_client_that_went_away(tmp_path: Path) -> None:
    made = application(tmp_path, {"/": page(WAITING)})

    async def receive() -> Message:
        raise OSError("the pipe is broken")

    async def main() -> None:
        exchange = Exchange()
        async with asyncio.timeout(5):
            await made(exchange.scope, receive, exchange.send)
        assert exchange.status == 499

    asyncio.run(main())


# ---------------------------------------------------------------- other scopes, other makers


def test_other_scopes(tmp_path: Path) -> None:
    made = application(tmp_path, {"/": html("home")})

    async def main() -> None:
        exchange = Exchange(type="websocket")
        await made(exchange.scope, exchange.receive, exchange.send)
        assert [message["type"] for message in exchange.sent] == ["websocket.close"]
        with pytest.raises(ValueError, match="answers http, not telnet"):
            await made({"type": "telnet"}, exchange.receive, exchange.send)

    asyncio.run(main())


def test_many_requests_at_once_stay_apart(tmp_path: Path) -> None:
    slow = endpoint(
        "import asyncio\nasync def ALL(context):\n    await asyncio.sleep(0.01)\n"
        "    return Response.json([context.params.x, (await context.request.body()).decode()])\n"
    )
    made = application(tmp_path, {"/[...x].py": slow})

    async def main() -> None:
        names = [f"n{number}" for number in range(200)]
        answers = await asyncio.gather(*[ask(made, f"/{n}".encode(), "POST", n.encode()) for n in names])
        assert [answer.body.decode() for answer in answers] == [f'["{name}","{name}"]' for name in names]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())


def test_what_is_no_request_is_refused_by_name_and_with_the_sites_headers(tmp_path: Path) -> None:
    config = {"security": {"headers": {"x-frame-options": "DENY"}}}
    made = application(tmp_path, {"/": html("x")}, config=config)

    async def main() -> None:
        for headers, status in [
            ([(b"content-length", b"99999999999")], 413),
            ([(b"expect", b"tea")], 417),
            ([(b"host", b"b")], 400),
            ([(b"x", b"a\x00b")], 400),
        ]:
            answer = await ask(made, headers=[(b"x-request-id", b"find-me"), *headers])
            assert answer.status == status
            assert answer.headers["x-request-id"] == "find-me"
            assert answer.headers["x-frame-options"] == "DENY"

    asyncio.run(main())


def test_options(tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", {"/": page("raise ValueError('shown')")})

    async def main() -> None:
        assert b"shown" in (await ask(Application(build, development=True))).body
        assert b"shown" not in (await ask(Application(str(build)))).body

    asyncio.run(main())
    with pytest.raises(ManifestError):
        Application(tmp_path)
    with pytest.raises(TypeError, match="takes no more options: development"):
        Application(make_site(tmp_path / "2", {}), development=True)


def test_the_application_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyastro.asgi

    build = write_build(tmp_path / "build", {"/[...x].py": ECHO})
    environment = {
        "PYASTRO_BUILD": str(build),
        "PYASTRO_ALLOWED_HOSTS": "a.example, b.example",
        "PYASTRO_TRUST_FORWARDED": "1",
    }
    made = application_from(environment)
    monkeypatch.chdir(tmp_path)
    default = pyastro.asgi.app

    async def main() -> None:
        headers = [(b"x-forwarded-host", b"b.example")]
        assert b'"http://b.example/"' in (await ask(made, headers=headers)).body
        assert b'"http://localhost/"' in (await ask(default, headers=headers)).body

    asyncio.run(main())
    assert pyastro.asgi.app is default
    monkeypatch.delattr(pyastro.asgi, "app")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        pyastro.asgi.nothing  # type: ignore[attr-defined]  # noqa: B018  # what is tested
