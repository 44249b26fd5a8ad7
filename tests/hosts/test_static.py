"""Files alone: under a plain server of files, and what Netlify reads of the two files for hosts."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dev.browsers import browser
from tests.hosts.parts import require_part
from tests.hosts.running import Host, running
from tests.hosts.visitor import Visitor
from tests.prerender.sites import build

__all__ = ["browser"]
FILES: dict[str, str | bytes] = {
    "pyastro.toml": '[redirects]\n"/old" = "/about/"\n"/moved" = {to = "https://e.org/a b", status = 302}\n'
    "[security]\nheaders = true\nhsts = 60\ncsp = true",
    "pages/index.astro": '<link rel="icon" href="/icon.png"><p>Home</p>',
    "pages/about.astro": '---\nAstro.response.headers["x-about"] = "a: b # c"\n---\n<p>About</p>',
    "pages/posts/[slug].astro": "---\ndef get_static_paths():\n"
    '    return [{"params": {"slug": slug}} for slug in ("a b", "\u00e9", "x*y:z")]\n'
    'Astro.response.headers["x-slug"] = "1"\n---\n<p>{Astro.params.slug}</p>',
    "pages/seen.astro": "<style>p { color: rgb(1, 2, 3) }</style><p>Seen</p>"
    '<script>document.title = "It ran"</script><script is:inline>document.title = "And not allowed"</script>',
    "pages/404.astro": "<p>Nothing here</p>",
    "public/icon.png": bytes(range(256)),
}
SERVER = Host("files", "http.server --bind 127.0.0.1 --directory dist", "{port}")
READ = """
import { parseAllHeaders } from "@netlify/headers-parser";
import { parseAllRedirects } from "@netlify/redirect-parser";
const [folder] = process.argv.slice(-1);
const { headers, errors } = await parseAllHeaders({ headersFiles: [`${folder}/_headers`], minimal: true });
const redirects = await parseAllRedirects({ redirectsFiles: [`${folder}/_redirects`], minimal: true });
console.log(JSON.stringify({
  headers, redirects: redirects.redirects, errors: [...errors, ...redirects.errors].map((error) => error.message),
}));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    assert build(folder, FILES) == 0
    return folder


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Iterator[Visitor]:
    with running(SERVER, folder) as server:
        yield Visitor(server.port)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "<p>Home</p>"),
        ("/about/", "<p>About</p>"),
        ("/posts/a%20b/", "<p>a b</p>"),
        ("/posts/%C3%A9/", "<p>\u00e9</p>"),
        ("/posts/x*y:z/", "<p>x*y:z</p>"),
        ("/404.html", "<p>Nothing here</p>"),
        ("/old/", 'content="0;url=/about/"'),
        ("/moved/", 'content="0;url=https://e.org/a%20b"'),
    ],
)
def test_a_page(visitor: Visitor, path: str, text: str) -> None:
    answer = visitor.get(path)
    assert answer.status == 200 and answer.media_type.startswith("text/html")
    assert text in answer.text


def test_a_file(visitor: Visitor) -> None:
    answer = visitor.get("/icon.png")
    assert (answer.status, answer.media_type, answer.body) == (200, "image/png", bytes(range(256)))


def test_a_browser_shows_it(visitor: Visitor, browser: Any) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"http://127.0.0.1:{visitor.port}/old/")
    page.wait_for_url("**/about/")
    assert page.inner_text("p") == "About"
    page.goto(f"http://127.0.0.1:{visitor.port}/seen/")
    assert page.title() == "It ran"
    assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
    (refused,) = [text for text in complaints if "404" not in text]  # a browser asks for a favicon by itself
    assert "inline script" in refused
    page.close()


def test_what_is_not_there(visitor: Visitor) -> None:
    for path in ("/nothing", "/pages/index.astro", "/pyastro.toml", "/../pyastro.toml"):
        assert visitor.get(path).status == 404


def test_netlify_reads_what_is_told(folder: Path) -> None:
    place = require_part("@netlify/headers-parser").parents[2]
    require_part("@netlify/redirect-parser")
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", READ, str(folder / "dist")],
        cwd=place,
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    read = json.loads(done.stdout)
    assert read["errors"] == []
    headers = {each["for"]: each["values"] for each in read["headers"]}
    assert headers["/*"]["strict-transport-security"] == "max-age=60"
    assert headers["/about"] == headers["/about/"] == {"x-about": "a: b # c"}
    assert headers["/posts/x%2Ay%3Az"] == {"x-slug": "1"}
    assert {(each["from"], each["to"], each["status"]) for each in read["redirects"]} == {
        ("/old", "/about/", 301),
        ("/old/", "/about/", 301),
        ("/moved", "https://e.org/a%20b", 302),
        ("/moved/", "https://e.org/a%20b", 302),
    }
