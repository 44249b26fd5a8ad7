"""Sites as files: which files there are, what is in them, and what cannot be a file."""

import asyncio
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from pyastro.adapters.static import FileSite
from pyastro.prerender.prerender import _is_long
from pyastro.runtime import Request
from pyastro.runtime.manifest import Manifest
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from pyastro.testing import parse_html
from tests.prerender.sites import build, built, text

Captured = pytest.CaptureFixture[str]
POSTS = """---
def get_static_paths():
    return [{"params": {"slug": slug}, "props": {"title": slug.upper()}} for slug in ("a", "b c", "ä/x"[:1])]
class Props:
    title: str
---
<p>{title} {Astro.url.path} {Astro.params.slug}</p>
"""


def test_each_page_becomes_a_file(tmp_path: Path) -> None:
    status = build(
        tmp_path,
        {
            "pages/index.astro": "<p>{Astro.url.path} {Astro.is_prerendered}</p>",
            "pages/about.astro": "<p>{Astro.url}</p>",
            "pages/404.astro": "<p>nothing</p>",
            "pages/posts/[slug].astro": POSTS,
            "pages/data.json.py": "from pyastro.runtime import Response\ndef GET():\n    return Response.json({'a': 1})\n",
            "public/robots.txt": "all",
        },
    )
    assert status == 0
    assert built(tmp_path) == [
        "404.html",
        "about/index.html",
        "data.json",
        "index.html",
        "posts/a/index.html",
        "posts/b c/index.html",
        "posts/ä/index.html",
        "robots.txt",
    ]
    assert text(tmp_path, "index.html") == "<p>/ </p>"  # True renders nothing
    assert text(tmp_path, "about/index.html") == "<p>http://localhost:4321/about/</p>"
    assert text(tmp_path, "posts/b c/index.html") == "<p>B C /posts/b%20c/ b c</p>"
    assert text(tmp_path, "data.json") == '{"a":1}'


@pytest.mark.parametrize(
    ("settings", "files", "path"),
    [
        ('[build]\nformat = "file"', ["docs.html", "docs/a.html", "index.html"], "/docs/a.html"),
        ('[build]\nformat = "preserve"', ["docs/a.html", "docs/index.html", "index.html"], "/docs/a.html"),
        ('trailing_slash = "never"', ["docs/a/index.html", "docs/index.html", "index.html"], "/docs/a"),
        ('base = "/b"', ["docs/a/index.html", "docs/index.html", "index.html"], "/b/docs/a/"),
    ],
)
def test_the_settings_decide_where_a_page_goes(
    tmp_path: Path, settings: str, files: list[str], path: str
) -> None:
    page = "<p>{Astro.url.path}</p>"
    site = {"pages/index.astro": page, "pages/docs/index.astro": page, "pages/docs/a.astro": page}
    assert build(tmp_path, {**site, "pyastro.toml": settings}) == 0
    assert built(tmp_path) == files
    assert text(tmp_path, next(f for f in files if f.startswith("docs/a"))) == f"<p>{path}</p>"


def test_pages_of_a_list(tmp_path: Path) -> None:
    page = """---
from pyastro.runtime.pagination import Page
def get_static_paths(paginate):
    return [paginate(range(n), page_size=2, params={"tag": tag}) for tag, n in (("x", 3), ("y", 0))]
class Props:
    page: Page[int]
---
<p>{page.data!r} {page.start}-{page.end}/{page.total} {page.current_page}/{page.last_page} {page.url.prev} {page.url.next}</p>
"""
    assert build(tmp_path, {"pages/[tag]/[...page].astro": page}) == 0
    assert built(tmp_path) == ["x/2/index.html", "x/index.html", "y/index.html"]
    assert text(tmp_path, "x/index.html") == "<p>[0, 1] 0-1/3 1/2  /x/2/</p>"
    assert text(tmp_path, "x/2/index.html") == "<p>[2] 2-2/3 2/2 /x/ </p>"
    assert text(tmp_path, "y/index.html") == "<p>[] 0--1/0 1/1  </p>"


ASKS = {
    'Astro.cookies.get("a")': "Astro.cookies",
    'Astro.request.headers.get("a")': "Astro.request.headers",
    "await Astro.request.form_data()": "Astro.request.form_data()",
    "await Astro.request.text()": "Astro.request.text()",
    "await Astro.request.json()": "Astro.request.json()",
    "await Astro.request.body()": "Astro.request's body",
    'await Astro.session.get("a")': "Astro.session",
    "Astro.client_address": "Astro.client_address",
    "Astro.preferred_locale": "Astro.preferred_locale",
}


def test_what_only_a_request_brings_is_an_error_at_its_line(tmp_path: Path, capsys: Captured) -> None:
    pages = {f"pages/p{n}.astro": f"---\nx = 1\ny = {code}\n---\n<p>{{y}}</p>" for n, code in enumerate(ASKS)}
    assert build(tmp_path, {"pages/index.astro": "<p>fine</p>", **pages}) == 1
    said = capsys.readouterr().err
    for n, name in enumerate(ASKS.values()):
        assert f"pages/p{n}.astro:3: error: NeedsRequest: {name} comes with a request" in said
    assert said.count("`prerender = False`") == len(ASKS)
    assert "Traceback" not in said
    assert said.endswith("9 errors. Nothing was written.\n")
    assert not (tmp_path / "dist").exists()


def test_a_request_is_missed_in_a_component_and_in_middleware_as_well(
    tmp_path: Path, capsys: Captured
) -> None:
    files = {
        "pages/index.astro": "---\nfrom ..components import Who\n---\n<Who />",
        "components/Who.astro": '<p>{Astro.cookies.has("a")}</p>',
    }
    assert build(tmp_path, files) == 1
    said = capsys.readouterr().err
    assert "components/Who.astro:1: error: NeedsRequest" in said
    assert "reached from pages/index.astro:4" in said
    middleware = "async def on_request(context, next):\n    context.session\n    return await next()\n"
    assert build(tmp_path, {"middleware.py": middleware}) == 1
    assert "middleware.py:2: error: NeedsRequest: Astro.session" in capsys.readouterr().err


def test_middleware_surrounds_pages_that_are_rendered_ahead(tmp_path: Path) -> None:
    middleware = """
opened = []
def on_startup(site):
    opened.append("db")
async def on_request(context, next):
    context.locals.db = opened[0] if context.is_prerendered else None
    return await next()
def on_shutdown(site):
    opened.clear()
"""
    assert (
        build(tmp_path, {"pages/index.astro": "<p>{Astro.locals.db}</p>", "middleware.py": middleware}) == 0
    )
    assert text(tmp_path, "index.html") == "<p>db</p>"


@pytest.mark.parametrize("page", ["<p/>", "{1 / 0}"])
def test_what_the_middleware_raises_at_the_end_is_told(tmp_path: Path, capsys: Captured, page: str) -> None:
    middleware = "def on_shutdown(site):\n    raise OSError('it does not close')\n"
    assert build(tmp_path, {"pages/index.astro": page, "middleware.py": middleware}) == 1
    said = capsys.readouterr().err
    assert "middleware.py:2: error: OSError: it does not close" in said
    assert ("ZeroDivisionError" in said) == (page != "<p/>")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {"pages/[id].astro": "<p/>"},
            "pages/[id].astro: error: /[id] has params, so rendering it ahead needs `get",
        ),
        (
            {"pages/a.py": "def POST(): ..."},
            "pages/a.py: error: /a answers 405, which a file cannot. A file answers GET",
        ),
        (
            {"pages/a.astro": "---\nreturn Response('x', status=503)\n---\n"},
            "pages/a.astro: error: /a/ answers 503, which a file cannot.",
        ),
        ({"pages/a.astro": "<p/>", "public/a/index.html": "x"}, "which public/ has as well"),
        (
            {
                "pages/a.py": "from pyastro.runtime import Response\ndef GET(): return Response('')",
                "pages/a/b.astro": "<p/>",
            },
            "a folder and a file of one name",
        ),
        (
            {
                "pages/[id].astro": '---\ndef get_static_paths():\n    return [{"params": {"id": ".."}}]\n---\n'
            },
            "makes the segment '..' of /[id]",
        ),
        (
            {
                "pages/[id].astro": '---\ndef get_static_paths():\n    return [{"params": {"id": "a/b"}}]\n---\n'
            },
            "makes the segment 'a/b' of /[id]",
        ),
        (
            {"pages/[id].astro": "---\ndef get_static_paths():\n    return 1 / 0\n---\n"},
            "pages/[id].astro:3: error: ZeroDivisionError",
        ),
        ({"pages/[id].astro": "---\ndef get_static_paths(x):\n    return []\n---\n"}, "asks for x"),
        (
            {"pages/[id].astro": "---\ndef get_static_paths(paginate):\n    return paginate([])\n---\n"},
            "needs a param called page",
        ),
        (
            {"pages/a.astro": "---\nprerender = False\n---\n"},
            "pages/a.astro is rendered on demand, which files alone",
        ),
        (
            {"pages/a.astro": "<p/>", "pyastro.toml": 'adapter = "x"'},
            "There is no adapter 'x'; there are: ",
        ),
        (
            {
                "pages/a.py": "from pyastro.runtime import Response\nasync def events():\n    yield 1\n"
                "def GET(): return Response.event_stream(events())\n"
            },
            "it sends events without end",
        ),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value[:40],
)
def test_what_cannot_be_a_file_is_an_error(
    tmp_path: Path, capsys: Captured, files: dict[str, str | bytes], sentence: str
) -> None:
    assert build(tmp_path, files) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()


def test_of_two_routes_with_one_address_the_first_is_written(tmp_path: Path, capsys: Captured) -> None:
    any_page = '---\ndef get_static_paths():\n    return [{"params": {"id": x}} for x in ("a", "b", "b")]\n---\n<p>any</p>'
    assert build(tmp_path, {"pages/a.astro": "<p>own</p>", "pages/[id].astro": any_page}) == 0
    assert text(tmp_path, "a/index.html") == "<p>own</p>"
    assert "pages/[id].astro: /a/ is not written: pages/a.astro answers it." in capsys.readouterr().err


def test_a_page_that_is_not_there_is_left_out(tmp_path: Path, capsys: Captured) -> None:
    page = "---\nreturn Response(None, status=404)\n---\n"
    assert build(tmp_path, {"pages/a.astro": page, "pages/index.astro": "<p>x</p>"}) == 0
    assert built(tmp_path) == ["index.html"]
    assert "/a/ is not written: it answers 404." in capsys.readouterr().err


def test_redirects_become_pages(tmp_path: Path, capsys: Captured) -> None:
    files = {
        "pages/index.astro": '---\nreturn Astro.redirect("/posts/a/?a=1&b=\\"")\n---\n',
        "pages/posts/[slug].astro": POSTS,
        "pyastro.toml": 'site = "https://e.org"\n[redirects]\n"/old/[slug]" = "/posts/[slug]"\n"/x/[y]" = "/z/[y]"\n',
    }
    assert build(tmp_path, files) == 0
    html = text(tmp_path, "index.html")
    assert '<meta http-equiv="refresh" content="0;url=/posts/a/?a=1&amp;b=%22">' in html
    assert '<link rel="canonical" href="https://e.org/posts/a/?a=1&amp;b=%22">' in html
    assert 'url=/posts/b%20c"' in text(tmp_path, "old/b c/index.html")
    assert "the redirect /x/[y] is left out" in capsys.readouterr().err
    assert "old" not in text(tmp_path, "sitemap.xml")


def test_the_site_map_lists_what_is_to_be_found(tmp_path: Path) -> None:
    files = {
        "pages/index.astro": "<p>x</p>",
        "pages/ä&b.astro": "<p>x</p>",
        "pages/hidden.astro": '<meta content="a" name="robots" content="noindex">',
        "pages/404.astro": "<p>x</p>",
        "pages/data.json.py": "from pyastro.runtime import Response\ndef GET(): return Response('')",
        "pyastro.toml": 'site = "https://e.org"\nbase = "/b"',
    }
    assert build(tmp_path, files) == 0
    urls = text(tmp_path, "sitemap.xml").split("<loc>")[1:]
    assert [url.partition("<")[0] for url in urls] == ["https://e.org/b/", "https://e.org/b/%C3%A4&amp;b/"]
    assert build(tmp_path, {"pyastro.toml": 'site = "https://e.org"\nsitemap = false'}) == 0
    assert "sitemap.xml" not in built(tmp_path)


def test_the_site_map_lists_pages_on_demand_whatever_they_will_answer(tmp_path: Path) -> None:
    hidden = '<meta name="robots" content="noindex">'
    files: dict[str, str | bytes] = {
        "pages/index.astro": f"---\nprerender = True\n---\n{hidden}",
        "pages/moved.astro": '---\nprerender = True\nreturn Astro.redirect("/late")\n---\n',
        "pages/late.astro": hidden,
        "pages/away.astro": '---\nreturn Astro.redirect("/")\n---\n',
        "pages/teas/[id].astro": "<p>x</p>",
        "pyastro.toml": 'site = "https://e.org"\nadapter = "server"',
    }
    assert build(tmp_path, files) == 0
    urls = re.findall("<loc>([^<]*)", (tmp_path / "dist/public/sitemap.xml").read_text())
    assert urls == ["https://e.org/away", "https://e.org/late"]


def test_minified_pages_mean_the_same(tmp_path: Path) -> None:
    pytest.importorskip("minify_html")
    page = "<html><head><title>x</title></head><body>\n  <p>a   b</p>\n  <pre>  x\n</pre> <!-- c -->\n</body></html>"
    settings = "[build]\nminify = true"
    assert build(tmp_path, {"pages/index.astro": page, "pyastro.toml": settings}) == 0
    assert (tmp_path / "dist/index.html").read_text() == (
        "<!doctype html><html><head><title>x</title></head><body><p>a b</p><pre>  x\n</pre></body></html>"
    )


POLICY = {"csp": {"directives": {"default-src": ["'self'"]}, "report_only": False}}
CSP = "[security]\ncsp = true\n"
STYLED = "<html><head><title>x</title></head><body><p>x</p><style>p { color: red }</style></body></html>"


def test_a_policy_stands_in_the_page_that_is_a_file_alone(tmp_path: Path) -> None:
    assert build(tmp_path, {"pages/index.astro": STYLED, "pyastro.toml": CSP}) == 0
    html = text(tmp_path, "index.html")
    assert re.search(r"<head><meta http-equiv=\"content-security-policy\" content=\"", html)
    assert "sha256-" in html and "frame-ancestors" not in html


def test_a_policy_allows_what_a_minified_page_holds(tmp_path: Path) -> None:
    pytest.importorskip("minify_html")
    page = STYLED.replace("<p>x</p>", "<p>x</p><script>\n  let a = 1\n  console.log(a)\n</script>")
    settings = f"{CSP}[build]\nminify = true\n"
    assert build(tmp_path, {"pages/index.astro": page, "pyastro.toml": settings}) == 0
    document = parse_html(text(tmp_path, "index.html"))
    policy = document.one("meta[http-equiv=content-security-policy]")["content"]
    for element in document.select("script, style"):
        assert f"'sha256-{b64encode(sha256(element.raw_text.encode()).digest()).decode()}'" in policy
    assert policy.count("sha256-") == len(document.select("script, style")) == 2


def test_files_are_looked_at_without_headers_that_no_host_of_files_sends(tmp_path: Path) -> None:
    assert build(tmp_path, {"pages/index.astro": STYLED, "pyastro.toml": f"{CSP}headers = true\n"}) == 0
    site = FileSite(tmp_path / "dist", Manifest.from_json({"version": 1, "config": {"security": POLICY}}))
    response = asyncio.run(site.handle(Request("GET", "http://localhost/")))
    assert not response.headers.has("content-security-policy")


def test_a_server_sends_the_headers_of_a_page_that_was_rendered_ahead(tmp_path: Path) -> None:
    page = f'---\nprerender = True\nAstro.response.headers["x-a"] = "b"\n---\n{STYLED}'
    assert build(tmp_path, {"pages/index.astro": page, "pyastro.toml": f'adapter = "server"\n{CSP}'}) == 0
    site = Site.load(tmp_path / "dist", session_store=MemoryStore())
    response = asyncio.run(site.handle(Request("GET", "http://localhost/")))
    assert response.headers["x-a"] == "b"
    assert "sha256-" in response.headers["content-security-policy"]
    assert "<meta" not in asyncio.run(response.text())


WITH_NONCES = (
    '<html><head><title>x</title></head><body><script is:inline nonce={Astro.nonce} data-a="a > b">let a = 1</script>'
    '<script nonce={Astro.nonce} define:vars={{"b": 2}}>use(b)</script><script src="/own.js" nonce={Astro.nonce}></script>'
    "<script>own()</script></body></html><style>p { color: red }</style>"
)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("start", ["", "return Astro.rewrite('/other')\n"])
def test_a_nonce_is_not_shared_by_all_visitors(tmp_path: Path, stream: bool, start: str) -> None:
    head = f"import asyncio\nstream = {stream}\n---\n<p>1</p>"
    page = f"{head}{{await asyncio.sleep(0)}}{WITH_NONCES}"
    pages = {"pages/index.astro": f"---\n{start}{page}", "pages/other.astro": f"---\n{page}"}
    assert build(tmp_path, {**pages, "pyastro.toml": CSP}) == 0
    html = text(tmp_path, "index.html")
    assert "nonce" not in html
    document = parse_html(html)
    policy = document.one("meta[http-equiv=content-security-policy]")["content"]
    inline = document.select("script:not([src]), style")
    assert len(inline) == 4
    for element in inline:
        assert f"'sha256-{b64encode(sha256(element.raw_text.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize(
    "page",
    [
        "<script is:inline define:vars={{'n': Astro.nonce}}>use(n)</script>",
        '<meta name="nonce" content={Astro.nonce}>',
        "<script src='https://elsewhere.example/a.js' nonce={Astro.nonce}></script>",
        "---\nAstro.response.headers['x-nonce'] = Astro.nonce\n---\n<p>x</p>",
    ],
)
def test_a_nonce_that_nothing_can_replace_is_refused(tmp_path: Path, page: str, capsys: Captured) -> None:
    assert build(tmp_path, {"pages/index.astro": page, "pyastro.toml": CSP}) == 1
    error = capsys.readouterr().err
    assert "pages/index.astro: error: " in error and "Astro.nonce" in error and "prerender = False" in error


LONG = "".join(f".c{n} {{ color: red }}\n" for n in range(300))


def test_long_style_sheets_are_a_file_that_pages_share(tmp_path: Path) -> None:
    shell = f"<html><head><title>t</title></head><body><slot /></body></html><style is:global>{LONG}</style>"
    page = "---\nfrom ..layouts import Shell\n---\n<Shell><p>x</p></Shell>"
    files = {
        "layouts/Shell.astro": shell,
        "pages/index.astro": page,
        "pages/about.astro": page + "<style>p { margin: 0 }</style>",
        "pages/short.astro": "<html><head></head></html><style>p { color: red }</style>",
        "pyastro.toml": 'base = "/b"\n[build]\nminify = false',
    }
    assert build(tmp_path, files) == 0
    (sheet,) = [file for file in built(tmp_path) if file.endswith(".css")]
    assert re.fullmatch(r"_astro/styles\.[0-9a-f]{10}\.css", sheet)
    assert text(tmp_path, sheet) == LONG.strip()
    link = f'<link rel="stylesheet" href="/b/{sheet}">'
    assert f"{link}</head>" in text(tmp_path, "index.html")
    assert f"{link}<style>p[data-astro-cid-" in text(tmp_path, "about/index.html")
    assert "<style>p[data-astro-cid-" in text(tmp_path, "short/index.html")


def test_a_short_style_sheet_that_is_a_file_stands_in_the_page(tmp_path: Path) -> None:
    sheets = '<style is:global src="../s/long.css"></style><style is:global src="../s/short.css"></style>'
    files = {
        "pages/index.astro": f"<html><head></head></html>{sheets}<style>p {{ margin: 0 }}</style>",
        "s/short.css": "b { color: blue }",
        "s/long.css": LONG,
    }
    assert build(tmp_path, files) == 0
    html = text(tmp_path, "index.html")
    assert re.search(
        r'<link rel="stylesheet" href="/_astro/long\.\w+\.css"><style>b { color: blue }</style><style>p\[',
        html,
    )


def test_a_style_sheet_or_a_script_of_an_endpoint_is_minified(tmp_path: Path) -> None:
    pytest.importorskip("minify_html")
    endpoint = "from pyastro.runtime import Response\ndef GET():\n    return Response({!r})\n"
    files = {
        "pages/a.css.py": endpoint.format("b {\n  color: red;\n}\n"),
        "pages/b.js.py": endpoint.format("let a = 1; // x\n\nlet b = 2;\n"),
        "pages/c.txt.py": endpoint.format("a   b\n"),
        "pyastro.toml": "[build]\nminify = true",
    }
    assert build(tmp_path, files) == 0
    assert text(tmp_path, "a.css") == "b{color:red}"
    assert "\n" not in text(tmp_path, "b.js")
    assert text(tmp_path, "c.txt") == "a   b"


def test_a_file_that_is_called_as_our_manifest_is_no_hindrance(tmp_path: Path) -> None:
    files = {"pages/index.astro": "<p>x</p>", "public/manifest.json": '{"name": "App"}'}
    assert build(tmp_path, files) == 0
    assert build(tmp_path, {"pages/index.astro": "<p>y</p>"}) == 0
    assert text(tmp_path, "manifest.json") == '{"name": "App"}'


def test_paths_that_differ_in_letter_case_alone_are_told(tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, {"pages/[slug].astro": POSTS.replace('"b c"', '"A"')}) == 0
    assert "/A/ and /a/ differ in letter case alone" in capsys.readouterr().err


def test_copies_of_the_process_are_made_for_what_is_long() -> None:
    assert _is_long(0.05, 10, 100)
    assert not _is_long(0.05, 10, 15)  # the rest takes a moment
    assert not _is_long(0.01, 1, 1000)  # it is not known yet how long the rest takes
    assert not _is_long(1.0, 0, 100)
