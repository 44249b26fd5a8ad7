import asyncio
import gzip
import hashlib
import os
from pathlib import Path

import pytest

from pyastro.runtime.content_types import content_type
from pyastro.runtime.dates import read_http_date
from pyastro.runtime.file_body import FileChanged
from pyastro.runtime.ranges import ByteRange, UnsatisfiableRange, parse_range
from pyastro.runtime.response import Response
from pyastro.runtime.site import Site
from tests.runtime.site_builds import ask, endpoint, get, html, make_site, text_of

DATA = bytes(range(256)) * 4


@pytest.fixture
def site(tmp_path: Path) -> Site:
    public = {
        "robots.txt": b"User-agent: *\n",
        "img/dot.svg": b"<svg/>",
        "a b/\u00e9.bin": DATA,
        ".env": b"secret",
        ".git/config": b"secret",
        ".well-known/security.txt": b"ok",
        "_astro/app.a1b2.js": b"1",
    }
    return make_site(tmp_path, {"/[...all]": html("all {context.params.all}")}, public=public)


def fetch(site: Site, path: str, **headers: str) -> Response:
    return ask(site, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_files_come_before_routes_with_their_types(site: Site) -> None:
    robots = fetch(site, "/robots.txt")
    assert (robots.status, robots.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert robots.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert robots.headers["x-content-type-options"] == "nosniff"
    assert text_of(robots) == "User-agent: *\n"
    assert fetch(site, "/img/dot.svg").headers["content-type"] == "image/svg+xml"
    assert asyncio.run(fetch(site, "/a%20b/%C3%A9.bin").bytes()) == DATA
    assert "immutable" in fetch(site, "/_astro/app.a1b2.js").headers["cache-control"]
    assert get(site, "/.well-known/security.txt") == (200, "ok")


@pytest.mark.parametrize(
    "path",
    [
        "/nope.txt", "/.env", "/.git/config", "/img%2Fdot.svg", "/img/../robots.txt", "/%2e%2e/manifest.json", "/img/..%5Crobots.txt",
        "/robots.txt%00", "//robots.txt", "/robots.txt/", "/img", "/ROBOTS.TXT", "/%2Fetc/passwd", "/manifest.json",
    ],
)  # fmt: skip
def test_any_other_spelling_is_a_route(site: Site, path: str) -> None:
    status, text = get(site, path)
    assert status == 200
    assert text.startswith("all ")


def test_only_get_and_head(site: Site) -> None:
    assert get(site, "/robots.txt", "POST") == (200, "all robots.txt")
    head = ask(site, "/robots.txt", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, None, "14")


def test_tags(site: Site) -> None:
    tag = fetch(site, "/robots.txt").headers["etag"]
    for value in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = fetch(site, "/robots.txt", if_none_match=value)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, None, tag)
    assert fetch(site, "/robots.txt", if_none_match='"x"').status == 200


def test_dates(site: Site) -> None:
    modified = fetch(site, "/robots.txt").headers["last-modified"]
    assert read_http_date(modified) == int(os.stat(site.build.folder / "public/robots.txt").st_mtime)
    before, after = "Sun, 06 Nov 1994 08:49:37 GMT", "Wed, 06 Nov 2999 08:49:37 GMT"
    for since, status in ((modified, 304), (after, 304), (before, 200), ("yesterday", 200)):
        assert fetch(site, "/robots.txt", if_modified_since=since).status == status
        # a tag is more exact than a date
        assert fetch(site, "/robots.txt", if_modified_since=since, if_none_match='"x"').status == 200
    os.utime(site.build.folder / "public/robots.txt", (1, 1))
    assert "last-modified" not in fetch(site, "/robots.txt").headers


def test_conditions_that_are_not_met(site: Site) -> None:
    first = fetch(site, "/robots.txt").headers
    tag, modified = first["etag"], first["last-modified"]
    for header, status in ((tag, 200), ("*", 200), (f'"x", {tag}', 200), (f"W/{tag}", 412), ('"x"', 412)):
        assert fetch(site, "/robots.txt", if_match=header).status == status
    assert fetch(site, "/robots.txt", if_unmodified_since=modified).status == 200
    late = fetch(site, "/robots.txt", if_unmodified_since="Sun, 06 Nov 1994 08:49:37 GMT")
    assert (late.status, late.body, late.headers.has("etag")) == (412, None, False)


def test_ranges(site: Site) -> None:
    path = "/a%20b/%C3%A9.bin"
    part = fetch(site, path, range="bytes=10-19")
    assert (part.status, part.headers["content-range"], part.headers["content-length"]) == (
        206,
        "bytes 10-19/1024",
        "10",
    )
    assert asyncio.run(part.bytes()) == DATA[10:20]
    late = fetch(site, path, range="bytes=2000-")
    assert (late.status, late.headers["content-range"], late.body) == (416, "bytes */1024", None)
    assert fetch(site, path, range="bytes=1-2,4-5").status == 200
    tag = part.headers["etag"]
    assert fetch(site, path, range="bytes=0-1", if_range=tag).status == 206
    assert fetch(site, path, range="bytes=0-1", if_range=part.headers["last-modified"]).status == 206
    for other in ('"other"', f"W/{tag}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        assert fetch(site, path, range="bytes=0-1", if_range=other).status == 200
    assert ask(site, path, "HEAD", {"range": "bytes=0-1"}).status == 200


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None), ("", None), ("bytes=", None), ("bytes=-", None), ("items=0-1", None), ("bytes=5-2", None), ("bytes=x-2", None),
        ("bytes=0-0", ByteRange(0, 1)), ("bytes=0-", ByteRange(0, 10)), ("bytes=-3", ByteRange(7, 3)), ("bytes=-99", ByteRange(0, 10)),
        ("bytes=8-99", ByteRange(8, 2)), ("BYTES=1-2", ByteRange(1, 2)), ("bytes=" + "9" * 9000 + "-", None),
    ],
)  # fmt: skip
def test_parsing_ranges(header: str | None, expected: ByteRange | None) -> None:
    assert parse_range(header, 10) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-1", 0)]
)
def test_ranges_beyond_the_end(header: str, size: int) -> None:
    with pytest.raises(UnsatisfiableRange):
        parse_range(header, size)


@pytest.mark.parametrize(
    ("policy", "path", "status", "text"),
    [
        ("ignore", "/old/", 200, "old"),
        ("ignore", "/old?a=b", 301, "/old/?a=b"),
        ("always", "/old", 301, "/old/"),
        ("always", "/old/", 200, "old"),
        ("never", "/old/", 301, "/old"),
        ("never", "/old", 200, "old"),
        ("ignore", "/", 200, "root"),
        ("ignore", "/taken/", 200, "route"),
        ("ignore", "/old//", 301, "/old/"),
        ("ignore", "//old", 404, ""),
        ("ignore", "/old%2F", 404, ""),
        ("ignore", "/.dot/", 404, ""),
    ],
)
def test_the_index_of_a_folder(tmp_path: Path, policy: str, path: str, status: int, text: str) -> None:
    public = {
        "old/index.html": b"old",
        "index.html": b"root",
        "taken/index.html": b"file",
        ".dot/index.html": b"x",
    }
    config = {"trailing_slash": policy}
    site = make_site(tmp_path, {"/taken": html("route")}, public=public, config=config)
    response = ask(site, path)
    assert response.status == status
    if status == 200:
        assert text_of(response) == text
    elif status == 301:
        assert response.headers["location"] == text
    if (status, text) == (200, "old"):
        assert ask(site, path, "POST").status == 405


CSS = b"p { color: red }" * 99
COMPRESSED = {
    "style.css": CSS,
    "style.css.gz": gzip.compress(CSS),
    "style.css.br": b"as if it were brotli",
    "style.css.zst": b"as if it were zstandard",
    "only.js.gz": b"no plain form",
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("zstd, *;q=0.5", "zstd"),
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("identity, br;q=0.9", None),
        ("identity;q=0.5, GZIP", "gzip"),
        ("identity;q=0", None),
        ("deflate", None),
        ("br;q=nonsense, gzip;q=0.1", "gzip"),
    ],
)
def test_compressed_forms(tmp_path: Path, accepted: str | None, coding: str | None) -> None:
    site = make_site(tmp_path, {}, public=COMPRESSED)
    answer = ask(site, "/style.css", headers={} if accepted is None else {"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert (answer.headers["content-type"], answer.headers["vary"]) == (
        "text/css; charset=utf-8",
        "accept-encoding",
    )
    assert (
        asyncio.run(answer.bytes())
        == COMPRESSED["style.css" + {None: "", "gzip": ".gz", "br": ".br", "zstd": ".zst"}[coding]]
    )


def test_a_compressed_form_is_a_file_of_its_own(tmp_path: Path) -> None:
    site = make_site(tmp_path, {}, public=COMPRESSED)
    plain, small = fetch(site, "/style.css"), fetch(site, "/style.css", accept_encoding="gzip")
    assert plain.headers["etag"] != small.headers["etag"]
    same = fetch(site, "/style.css", accept_encoding="gzip", if_none_match=small.headers["etag"])
    assert (same.status, same.headers["vary"]) == (304, "accept-encoding")
    assert (
        fetch(site, "/style.css", accept_encoding="gzip", if_none_match=plain.headers["etag"]).status == 200
    )
    part = fetch(
        site, "/style.css", accept_encoding="gzip", range="bytes=0-1", if_range=small.headers["etag"]
    )
    assert (part.status, asyncio.run(part.bytes())) == (206, COMPRESSED["style.css.gz"][:2])
    itself = fetch(site, "/style.css.gz", accept_encoding="gzip")
    assert (itself.headers["content-type"], itself.headers.has("content-encoding")) == (
        "application/gzip",
        False,
    )
    assert fetch(site, "/only.js", accept_encoding="gzip").status == 404
    os.remove(tmp_path / "build/public/style.css.gz")
    assert text_of(fetch(site, "/style.css", accept_encoding="gzip")).encode() == CSS


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.txt").write_text("s")
    site = make_site(tmp_path, {}, public={"a.txt": b"a", "d/a.txt": b"a"})
    public = tmp_path / "build" / "public"
    os.remove(public / "a.txt")
    (public / "a.txt").symlink_to(secret / "a.txt")
    os.remove(public / "d/a.txt")
    os.rmdir(public / "d")
    (public / "d").symlink_to(secret)
    assert get(site, "/a.txt")[0] == get(site, "/d/a.txt")[0] == 404


def test_files_that_changed_under_the_site(tmp_path: Path) -> None:
    site = make_site(tmp_path, {}, public={"a.txt": b"a", "b.txt": b"b"})
    (tmp_path / "build/public/a.txt").write_text("longer")
    os.remove(tmp_path / "build/public/b.txt")
    longer = ask(site, "/a.txt")
    assert (text_of(longer), longer.headers["content-length"]) == ("longer", "6")
    assert longer.headers["etag"] == f'"{hashlib.sha256(b"longer").hexdigest()[:32]}"'
    assert get(site, "/b.txt")[0] == 404


def test_no_file_is_taken_for_another_of_its_size_and_time(tmp_path: Path) -> None:
    site = make_site(tmp_path, {}, public={"a.txt": b"one", "a.txt.gz": b"1st"})
    for name, other in (("a.txt", b"two"), ("a.txt.gz", b"2nd")):
        accepted = {"accept-encoding": "gzip"} if name.endswith(".gz") else {}
        before = ask(site, "/a.txt", headers=accepted)
        path = tmp_path / "build/public" / name
        times = path.stat()
        path.with_suffix(".new").write_bytes(other)
        os.utime(path.with_suffix(".new"), ns=(times.st_atime_ns, times.st_mtime_ns))
        path.with_suffix(".new").replace(path)
        after = ask(site, "/a.txt", headers={**accepted, "if-none-match": before.headers["etag"]})
        assert (after.status, asyncio.run(after.bytes())) == (200, other)
        assert after.headers["etag"] != before.headers["etag"]
        part = {**accepted, "range": "bytes=1-", "if-range": before.headers["etag"]}
        assert ask(site, "/a.txt", headers=part).status == 200
        # the body of an answer is that of its head, or none
        with pytest.raises(FileChanged):
            asyncio.run(before.bytes())


def test_the_tag_is_that_of_the_bytes_on_every_machine(tmp_path: Path) -> None:
    data = b"x" * 400_000  # read in a thread
    tags = set()
    for name in ("one", "two"):
        site = make_site(tmp_path / name, {}, public={"a.bin": data})
        os.utime(tmp_path / name / "build/public/a.bin", (1_700_000_000, hash(name) % 1_000_000))
        tags |= {ask(site, "/a.bin").headers["etag"] for _ in range(2)}
    assert len(tags) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.JS", "text/javascript; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.tar.gz", "application/gzip"),
        ("a.unknown-thing", "application/octet-stream"),
        ("noextension", "application/octet-stream"),
    ],
)
def test_content_types(name: str, expected: str) -> None:
    assert content_type(name) == expected


def test_other_methods_are_told_which_there_are(tmp_path: Path) -> None:
    modules = {"/form.txt.py": endpoint("def POST():\n    return Response('posted')\n")}
    site = make_site(tmp_path, modules, public={"a.txt": b"a", "form.txt": b"form"})
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = ask(site, "/a.txt", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    options = ask(site, "/a.txt", "OPTIONS")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert (get(site, "/form.txt"), get(site, "/form.txt", "POST")) == ((200, "form"), (200, "posted"))
    (tmp_path / "build/public/a.txt").unlink()
    assert ask(site, "/a.txt").status == 404
