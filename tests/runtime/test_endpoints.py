import asyncio
import logging
from pathlib import Path

import pytest

from pyastro.runtime.site import Site
from tests.runtime.site_builds import ask, endpoint, get, make_site

ALL_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


def one(folder: Path, text: str) -> Site:
    return make_site(folder, {"/x/[id].py": endpoint(text)})


def test_methods(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "def GET(context):\n    return Response('get')\nasync def POST(context):\n    return Response('post')\n",
    )
    assert get(site, "/x/1") == (200, "get")
    assert get(site, "/x/1", "POST") == (200, "post")
    refused = ask(site, "/x/1", "DELETE")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    head = ask(site, "/x/1", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, None, "3")
    options = ask(site, "/x/1", "OPTIONS")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert ask(site, "/x/1", "TRACE").status == ask(site, "/x/1", "get").status == 501


def test_all(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "GET = lambda context: Response('get')\ndef ALL(context):\n    return Response(context.request.method)\n",
    )
    assert [get(site, "/x/1", method)[1] for method in ("GET", "POST", "OPTIONS")] == [
        "get",
        "POST",
        "OPTIONS",
    ]


def test_lower_case_names(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "from os import remove as delete\nasync def get(params, request):\n    return Response(params.id)\n",
    )
    assert get(site, "/x/7") == (200, "7")
    assert ask(site, "/x/7", "DELETE").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("arguments", "expression", "expected"),
    [
        ("", "'none'", "none"),
        ("ctx", "ctx.params.id", "7"),
        ("context", "context.params.id", "7"),
        ("params", "params['id']", "7"),
        ("request", "request.method", "GET"),
        ("url, cookies", "url.path + cookies.get('a').value", "/x/71"),
        ("locals, params, extra=3", "str(extra) + params.id", "37"),
        ("route_pattern, *args, **more", "route_pattern + str(args) + str(more)", "/x/[id](){}"),
        ("redirect", "redirect('/y').headers['location']", "/y"),
        ("props", "str(dict(props))", "{}"),
        ("context", "str(dict(context.props))", "{}"),
        ("*, params, url", "params.id + url.path", "7/x/7"),
        ("context, *, params, other=3", "context.params.id + params.id + str(other)", "773"),
        ("origin_pathname, is_prerendered", "origin_pathname + str(is_prerendered)", "/x/7False"),
    ],
)
def test_arguments_by_name(tmp_path: Path, arguments: str, expression: str, expected: str) -> None:
    site = one(tmp_path, f"def GET({arguments}):\n    return Response({expression})\n")
    assert asyncio.run(ask(site, "/x/7", headers={"cookie": "a=1"}).text()) == expected


def test_handlers_that_are_no_functions(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "import functools\n"
        "class Handler:\n"
        "    async def __call__(self, params):\n"
        "        return Response(params.id)\n"
        "def handle(kind, context):\n"
        "    return Response(kind + context.params.id) if kind == 'a' else kind\n"
        "GET = Handler()\n"
        "POST = functools.partial(handle, 'a')\n"
        "PUT = functools.partial(handle, 'b')\n",
    )
    assert get(site, "/x/7") == (200, "7")
    assert get(site, "/x/7", "POST") == (200, "a7")
    assert ask(site, "/x/7", "PUT").status == 500


def test_a_handler_that_cannot_be_called_is_an_error_at_the_start(tmp_path: Path) -> None:
    site = one(tmp_path, "GET = 5\n")
    with pytest.raises(TypeError, match=r"pages/x/\[id\].py: no handler can be called"):
        asyncio.run(site.startup())


def test_an_unknown_argument_by_name_is_an_error_at_the_start(tmp_path: Path) -> None:
    site = one(tmp_path, "def GET(*, ctx):\n    return Response('x')\n")
    with pytest.raises(TypeError, match="GET asks for 'ctx'; it may ask for: context, "):
        asyncio.run(site.startup())


def test_an_unknown_argument_is_an_error_at_the_start(tmp_path: Path) -> None:
    site = one(tmp_path, "def GET(ctx, request):\n    return Response('x')\n")
    with pytest.raises(TypeError, match=r"pages/x/\[id\].py: GET asks for 'ctx'; it may ask for: context, "):
        asyncio.run(site.startup())


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("None", "returned None"),
        ("{'a': 1}", "returned dict: return Response.json(…) for data"),
        ("'x'", "returned str"),
    ],
)
def test_what_is_no_response_is_an_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, value: str, message: str
) -> None:
    site = one(tmp_path, f"def GET():\n    return {value}\n")
    with caplog.at_level(logging.ERROR):
        assert get(site, "/x/1")[0] == 500
    assert f"pages/x/[id].py: GET should return a Response, and {message}" in caplog.text


def test_a_response_that_code_shares_stays_as_it_is(tmp_path: Path) -> None:
    text = "SHARED = Response('x')\ndef GET(cookies):\n    cookies.set('a', '1')\n    return SHARED\n"
    site = one(tmp_path, text)
    for _ in range(2):
        assert len(ask(site, "/x/1").headers.get_all("set-cookie")) == 1


def test_errors_without_a_body_stay_as_they_are(tmp_path: Path) -> None:
    site = one(tmp_path, "def GET():\n    return Response(None, 404)\n")
    assert get(site, "/x/1") == (404, "")


def test_props_of_static_paths(tmp_path: Path) -> None:
    text = endpoint(
        "def get_static_paths():\n    return [{'params': {'id': '1'}, 'props': {'title': 'One'}}]\n\n"
        "def GET(context):\n    return Response(context.props.title + context.props['title'])\n"
    )
    site = make_site(tmp_path, {"/x/[id].py": text}, prerender=("/x/[id].py",))
    assert get(site, "/x/1") == (200, "OneOne")
    assert get(site, "/x/2")[0] == 404


def test_binary_and_streamed_bodies(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "async def pieces():\n    yield 'a'\n    yield b'\\xff'\n\n"
        "def GET(context):\n    return Response(bytes(range(256)), headers={'content-type': 'image/png'})\n\n"
        "def POST(context):\n    return Response(pieces())\n",
    )
    response = ask(site, "/x/1")
    assert asyncio.run(response.bytes()) == bytes(range(256))
    assert response.headers["content-type"] == "image/png"
    assert asyncio.run(ask(site, "/x/1", "POST").bytes()) == b"a\xff"


def test_an_upload(tmp_path: Path) -> None:
    site = one(
        tmp_path,
        "async def POST(request):\n    form = await request.form_data()\n    file = form.files['photo']\n"
        "    return Response.json([form['title'], file.filename, len(await file.read())])\n",
    )
    body = (
        b'--b\r\ncontent-disposition: form-data; name="title"\r\n\r\nSea\r\n'
        b'--b\r\ncontent-disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
        + b"x" * 9000
        + b"\r\n--b--\r\n"
    )
    response = ask(site, "/x/1", "POST", {"content-type": "multipart/form-data; boundary=b"}, body)
    assert asyncio.run(response.json()) == ["Sea", "a.png", 9000]
