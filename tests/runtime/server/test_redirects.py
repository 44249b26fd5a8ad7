"""The redirects of the settings, and the one URL of each page, over HTTP."""

from itertools import product
from pathlib import Path

import pytest

from pyastro.cli import main
from tests.runtime.server.servers import ask, live_build

SETTINGS = """\
base = "/docs"

[redirects]
"/old" = "/docs/new"
"/blog/[...slug]" = "/docs/articles/[...slug]"
"/[lang]/p/[id]" = "/docs/[id]?lang=[lang]"
"/away/[...x]" = { to = "https://example.org/[...x]", status = 302 }
"/any/[...x]" = "/[...x]"
"/part" = "/docs/new#part"
"""


def compiled(folder: Path, settings: str, *pages: str) -> Path:
    (folder / "pages").mkdir(parents=True)
    (folder / "pyastro.toml").write_text(settings)
    for page in ("index", *pages):
        file = folder / "pages" / f"{page}.astro"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<p>{Astro.route_pattern}</p>")
    (folder / "pages/feed.xml.py").write_text(
        "from pyastro.runtime import Response\n\ndef GET(context):\n    return Response('feed')\n"
    )
    assert main(["compile", str(folder / "pages"), "-o", str(folder / "build")]) == 0
    return folder / "build"


def test_redirects(tmp_path: Path) -> None:
    expected = [
        ("/docs/old", "GET", 301, "/docs/new"),
        ("/docs/old/", "HEAD", 301, "/docs/new"),
        ("/docs/old?x=1", "POST", 308, "/docs/new?x=1"),
        ("/docs/old/?x=1&y=%26", "GET", 301, "/docs/new?x=1&y=%26"),
        ("/docs/de/p/7?x=1", "GET", 301, "/docs/7?lang=de"),
        ("/docs/away/a?token=secret", "GET", 302, "https://example.org/a"),
        ("/docs/part?x=1", "GET", 301, "/docs/new?x=1#part"),
        ("/docs/blog/2024/a%20b", "GET", 301, "/docs/articles/2024/a%20b"),
        ("/docs/blog", "GET", 301, "/docs/articles"),
        ("/docs/de/p/7%3Fx", "GET", 301, "/docs/7%3Fx?lang=de"),
        ("/docs/away/a/b", "POST", 302, "https://example.org/a/b"),
        ("/docs/any//evil.example/", "GET", 301, "/evil.example"),
        ("/docs/any/%2Fevil.example", "GET", 301, "/evil.example"),
    ]

    async def test(port: int) -> None:
        for path, method, status, location in expected:
            answer = await ask(port, path, method)
            assert (answer.status, answer.headers.get("location"), answer.body) == (status, location, b"")
        assert (await ask(port, "/docs/blog/kept")).status == 200
        assert (await ask(port, "/old")).status == 404

    live_build(compiled(tmp_path, SETTINGS, "blog/kept"), test)


@pytest.mark.parametrize("policy", ["always", "never"])
def test_a_redirect_is_one_step_whatever_the_slash(tmp_path: Path, policy: str) -> None:
    async def test(port: int) -> None:
        for path in ("/old", "/old/"):
            answer = await ask(port, path)
            assert (answer.status, answer.headers["location"]) == (301, "/new/")

    live_build(compiled(tmp_path, f'trailing_slash = "{policy}"\n[redirects]\n"/old" = "/new/"\n'), test)


PATHS = ("/", "/about", "/about/", "/about//", "/feed.xml", "/feed.xml/", "/none", "/none/")
WHERE = {
    "ignore": {"/about//": "/about/"},
    "always": {"/about": "/about/", "/about//": "/about/", "/none": "/none/"},
    "never": {"/about/": "/about", "/about//": "/about", "/feed.xml/": "/feed.xml", "/none/": "/none"},
}
"""Where a path of a site with a policy is redirected."""


@pytest.mark.parametrize("policy", ["ignore", "always", "never"])
@pytest.mark.parametrize("base", ["", "/docs", "/docs/de"])
def test_every_combination_of_slash_and_base(tmp_path: Path, policy: str, base: str) -> None:
    settings = f'trailing_slash = "{policy}"\nbase = "{base}/"\n'

    async def test(port: int) -> None:
        for path, method in product(PATHS, ("GET", "POST")):
            answer = await ask(port, f"{base}{path}?q=1", method)
            location = WHERE[policy].get(path)
            if path == "/" and base and policy == "never":
                location = ""
            if location is not None:
                assert answer.status == (301 if method == "GET" else 308), (path, answer.status)
                assert answer.headers["location"] == f"{base}{location}?q=1"
            elif path.startswith("/none"):
                assert answer.status == 404
            elif path.startswith("/feed"):
                assert answer.status == (200 if method == "GET" else 405)
            else:
                assert answer.body.endswith(b"<p>%b</p>" % path.rstrip("/").encode().ljust(1, b"/"))
        if base:
            root = await ask(port, base)
            assert (root.status, root.headers.get("location")) == (
                (301, f"{base}/") if policy == "always" else (200, None)
            )
            assert (await ask(port, "/about")).status in (301, 404)
            assert (await ask(port, f"{base}x/about")).status in (301, 404)

    live_build(compiled(tmp_path, settings, "about"), test)
