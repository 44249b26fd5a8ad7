"""What hosts of files are told besides the files."""

from pathlib import Path

from tests.prerender.sites import build, built

FILES: dict[str, str | bytes] = {
    "pyastro.toml": 'base = "/docs"\n[redirects]\n"/old" = "/new"\n"/a:b" = {to = "https://e.org/x y", status = 302}\n'
    "[security]\nheaders = true\ncsp = true\nhsts = 60",
    "pages/new.astro": '---\nAstro.response.headers["x-a"] = "b"\n---\n<p>New</p>',
    "pages/moved.astro": '---\nreturn Astro.redirect("/docs/new", 307)\n---',
    "pages/feed*.xml.py": "from pyastro.runtime import Response\n"
    "def GET():\n    return Response('x', headers={'x-c': 'd'})\n",
}


def test_redirects(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    assert (tmp_path / "dist/_redirects").read_text().splitlines() == [
        "/docs/a%3Ab/ https://e.org/x%20y 302",
        "/docs/a%3Ab https://e.org/x%20y 302",
        "/docs/moved/ /docs/new 307",
        "/docs/moved /docs/new 307",
        "/docs/old/ /new 301",
        "/docs/old /new 301",
    ]
    assert "old/index.html" in built(tmp_path)  # for hosts that know nothing of it


def test_headers(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    blocks: dict[str, dict[str, str]] = {}
    path = ""
    for line in (tmp_path / "dist/_headers").read_text().splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            blocks[path][name] = value
        else:
            path = line
            blocks[path] = {}
    assert blocks["/docs/*"]["x-frame-options"] == "SAMEORIGIN"
    assert blocks["/docs/*"]["strict-transport-security"] == "max-age=60"
    assert "immutable" in blocks["/docs/_astro/*"]["cache-control"]
    assert blocks["/docs/new"] == blocks["/docs/new/"] == {"x-a": "b"}
    assert blocks["/docs/feed%2A.xml"] == {"x-c": "d"}
    assert all("content-security-policy" not in each for each in blocks.values())


def test_no_redirects_no_file(tmp_path: Path) -> None:
    assert build(tmp_path, {"pages/index.astro": "<p>Hi</p>"}) == 0
    assert built(tmp_path) == ["index.html"]
    assert (tmp_path / "dist/_headers").read_text().startswith("/*\n  x-content-type-options: nosniff\n")


def test_what_the_site_tells_itself_stays(tmp_path: Path) -> None:
    own: dict[str, str | bytes] = {"public/_headers": "/*\n  x-own: 1\n", "public/_redirects": "/a /b 302\n"}
    assert build(tmp_path, {**FILES, **own}) == 0
    for name, text in own.items():
        assert (tmp_path / "dist" / name.removeprefix("public/")).read_text() == text
