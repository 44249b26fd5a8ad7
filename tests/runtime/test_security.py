"""Security headers and the Content-Security-Policy, switched on in the settings."""

import asyncio
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from pyastro.cli import main
from pyastro.compiler.project import compile_project
from pyastro.runtime.response import Response
from pyastro.runtime.security import Csp, Policy, SecuritySettings
from pyastro.testing import Answer, Client

SITE = {
    "pages/index.astro": (
        "---\nfrom ..components import Card\n---\n<html><head><title>A</title></head><body><Card/><Card/>"
        "<script nonce={Astro.nonce} is:inline>let a = 1</script></body></html>"
        "<style>p { color: red }</style>"
    ),
    "components/Card.astro": "<p>Card</p><script>console.log('é <card>')</script><style>p { margin: 0 }</style>",
    "pages/plain.astro": "<p>plain</p>",
    "pages/stream.astro": (
        "---\nimport asyncio\nfrom ..components import Card\nstream = True\n---\n"
        "<html><head><title>A</title></head><body><p>first</p>{await asyncio.sleep(0)}<Card/></body></html>"
        "<style>p { color: red }</style>"
    ),
    "pages/own.astro": (
        "---\nAstro.response.headers['content-security-policy'] = \"default-src 'none'\"\n"
        "Astro.response.headers['x-frame-options'] = 'DENY'\n---\n<p>own</p>"
    ),
    "pages/oops.astro": "{1 / 0}",
    "pages/moved.astro": "---\nreturn Astro.rewrite('/')\n---\n",
    "pages/404.astro": "<h1>nothing</h1><style>h1 { color: red }</style>",
    "pages/500.astro": "<h1>sorry</h1><style>h1 { color: blue }</style>",
    "pages/data.json.py": (
        "from pyastro.runtime import Response\n\n\ndef GET(nonce):\n    return Response.json(nonce is None)\n"
    ),
    "public/a.txt": "a",
}
BOTH = "[security]\nheaders = true\ncsp = true\n"


def build(folder: Path, settings: str) -> Path:
    for path, text in {**SITE, "pyastro.toml": settings}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    report = compile_project(folder / "pages", folder / "build")
    assert not report.diagnostics
    return folder / "build"


def directives(answer: Answer, header: str = "content-security-policy") -> dict[str, list[str]]:
    """What a policy says."""
    parts = (part.split() for part in answer.headers[header].split("; "))
    return {name: sources for name, *sources in parts}


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def allowed(answer: Answer, kind: str) -> list[bool]:
    """Whether a browser would run each inline element (CSP Level 3, 6.7.3.3)."""
    sources = directives(answer)[f"{kind}-src"]
    return [
        hash_of(each.raw_text) in sources
        or (bool(each.get("nonce")) and f"'nonce-{each['nonce']}'" in sources)
        for each in answer.select(f"{kind}:not([src])")
    ]


def test_without_settings_nothing_is_added(tmp_path: Path) -> None:
    with Client(build(tmp_path, "")) as client:
        headers = client.get("/").headers
        assert not [
            name for name in headers if name.startswith(("content-sec", "x-frame", "referrer", "cross"))
        ]
        assert "nonce" not in client.get("/").text
        assert client.get("/data.json").json() is True


@pytest.mark.parametrize("path", ["/", "/nowhere", "/oops", "/data.json", "/a.txt", "/%ff", "/plain/"])
def test_every_answer_has_the_headers(tmp_path: Path, path: str) -> None:
    with Client(build(tmp_path, BOTH)) as client:
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert not headers.has("strict-transport-security")


def test_headers_of_ones_own(tmp_path: Path) -> None:
    text = "[security]\nhsts = 60\n[security.headers]\nx-frame-options = false\nX-Own = 'a b'\n"
    with Client(build(tmp_path, text), base_url="https://localhost") as client:
        headers = client.get("/").headers
        assert not headers.has("x-frame-options")
        assert headers["x-own"] == "a b"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"] == "max-age=60"
        assert client.get("/own").headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/stream", "/moved", "/nowhere", "/oops"])
def test_the_sites_own_scripts_and_styles_may_run(tmp_path: Path, path: str) -> None:
    with Client(build(tmp_path, BOTH)) as client:
        answer = client.get(path)
        for kind in ("script", "style"):
            assert all(allowed(answer, kind))
        assert allowed(answer, "style")
        assert "'unsafe-inline'" not in directives(answer)["script-src"] + directives(answer)["style-src"]


def test_hashes_where_a_page_is_whole_and_nonces_where_it_streams(tmp_path: Path) -> None:
    with Client(build(tmp_path, BOTH)) as client:
        page, again, plain = client.get("/"), client.get("/"), client.get("/plain")
        assert hash_of(page.select("script")[0].raw_text) in directives(page)["script-src"]
        assert len([each for each in page.select("script") if "nonce" in each]) == 1
        assert directives(page)["style-src"][:2] == directives(again)["style-src"][:2]
        assert "nonce-" not in plain.headers["content-security-policy"]
        stream = client.get("/stream")
        nonces = {each["nonce"] for each in stream.select("script, style")}
        assert len(nonces) == 1
        assert nonces != {each["nonce"] for each in client.get("/stream").select("script, style")}
        assert re.fullmatch(r"[\w-]{24}", nonces.pop())


def test_what_came_from_elsewhere_may_not_run(tmp_path: Path) -> None:
    folder = build(tmp_path, BOTH)
    (tmp_path / "pages/index.astro").write_text(
        "---\nevil = '<script>alert(1)</script><style>p {}</style>'\n---\n<div set:html={evil}></div><script>own()</script>"
    )
    assert not compile_project(tmp_path / "pages", folder).diagnostics
    with Client(folder) as client:
        answer = client.get("/")
        assert allowed(answer, "script") == [False, True]
        assert allowed(answer, "style") == [False]


def test_a_policy_of_ones_own(tmp_path: Path) -> None:
    text = "[security.csp]\nimg_src = [\"'self'\", 'https://img.example.org']\nscript-src = [\"'none'\"]\n"
    text += "form-action = false\nupgrade-insecure-requests = true\nreport-only = true\n"
    with Client(build(tmp_path, text)) as client:
        found = directives(client.get("/"), "content-security-policy-report-only")
        assert found["img-src"] == ["'self'", "https://img.example.org"]
        assert "form-action" not in found
        assert found["upgrade-insecure-requests"] == []
        assert "'none'" not in found["script-src"]
        assert directives(client.get("/plain"), "content-security-policy-report-only")["script-src"] == [
            "'none'"
        ]
        assert not client.get("/").headers.has("content-security-policy")
        assert client.get("/own").headers["content-security-policy"] == "default-src 'none'"


def test_only_documents_have_a_policy(tmp_path: Path) -> None:
    with Client(build(tmp_path, BOTH)) as client:
        assert client.get("/data.json").json() is False
        for path in ("/data.json", "/a.txt", "/%ff"):
            assert not client.get(path).headers.has("content-security-policy")
        assert client.get("/oops").headers["content-security-policy"]


INLINE = "<p>x</p><script>let a = '</b>'</script><script src=/b.js></script><style>p { color: red }</style><![x[<!-- <script>"


def test_what_a_file_of_the_site_holds_may_run(tmp_path: Path) -> None:
    """It is the author's own, as a page's text is. What a page was given by data, and was rendered ahead, is not."""
    folder = build(tmp_path, BOTH)
    (tmp_path / "public/old.html").write_text(INLINE)
    assert not compile_project(tmp_path / "pages", folder).diagnostics
    with Client(folder) as client:
        answer = client.get("/old.html")
        assert allowed(answer, "script") == allowed(answer, "style") == [True]
        same = client.get("/old.html", headers={"if-none-match": answer.headers["etag"]})
        assert same.status == 304
        assert same.headers["content-security-policy"] == answer.headers["content-security-policy"]
        (folder / "public/old.html").write_text(INLINE.replace("let a", "let b"))
        assert allowed(client.get("/old.html"), "script") == [True]


def test_a_page_that_was_rendered_ahead_has_its_policy_under_every_name(tmp_path: Path) -> None:
    page = "---\nprerender = True\n---\n<div set:html={'<script>evil()</script>'}/><script>own()</script>"
    for path, text in {"pages/index.astro": page, "pyastro.toml": f"adapter = 'server'\n{BOTH}"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert main(["build", str(tmp_path / "pages"), "--out", str(tmp_path / "dist")]) == 0
    with Client(tmp_path / "dist") as client:
        for path in ("/", "/index.html"):
            assert allowed(client.get(path), "script") == [False, True]


def test_newlines_are_those_that_a_browser_sees() -> None:
    policy = Policy(Csp({"script-src": ("'self'",)}))
    assert policy.allow("<script>a\r\nb\rc</script>") == "<script>a\r\nb\rc</script>"
    response = Response("", headers={"content-type": "text/html"})
    policy.add_to(response)
    assert hash_of("a\nb\nc") in response.headers["content-security-policy"]


def test_a_directive_for_elements_alone_gets_the_hashes() -> None:
    policy = Policy(Csp({"default-src": ("'none'",), "script-src": (), "script-src-elem": ("'self'",)}))
    policy.allow("<script>a</script><style>b</style>")
    response = Response("", headers={"content-type": "text/html; charset=utf-8"})
    policy.add_to(response)
    assert response.headers["content-security-policy"] == (
        f"default-src 'none'; script-src; script-src-elem 'self' {hash_of('a')}; style-src {hash_of('b')}"
    )


def test_settings_that_say_nothing_add_nothing() -> None:
    response = Response("")
    SecuritySettings().complete(response, "https")
    assert response.headers.keys() == ["content-type"]
    assert asyncio.run(response.text()) == ""
