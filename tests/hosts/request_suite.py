"""What every host has to answer alike: the questions that are asked of `examples/anywhere`, wherever it runs.

A host's tests are a module with a fixture `origin`, the address at which the site answers, and a class made of this one:

    @pytest.fixture(scope="module")
    def origin(...) -> Iterator[str]: ...

    class TestNowhere(RequestSuite): ...

What a host cannot do is said by an attribute of its class, with the reason in a comment.
"""

from urllib.parse import urlsplit

import pytest

from tests.hosts.deployment import ANYWHERE
from tests.hosts.visitor import Visitor

EVERY_BYTE = bytes(range(256))
FORM = {"content_type": "application/x-www-form-urlencoded"}


class RequestSuite:
    """The suite; each test has a visitor of its own."""

    longest_body = 512 * 1024
    """The bytes of the largest request that the suite sends."""

    @pytest.fixture
    def visitor(self, origin: str) -> Visitor:
        """Somebody who was never here before."""
        return Visitor(urlsplit(origin).port or 80)

    def test_a_page(self, visitor: Visitor) -> None:
        answer = visitor.get("/")
        assert (answer.status, answer.media_type) == (200, "text/html;charset=utf-8")
        assert answer.text.startswith("<!DOCTYPE html>") and "<h1>Anywhere</h1>" in answer.text
        assert "<p>Hello!</p>" in answer.text and "This is /, rendered" in answer.text
        assert "set-cookie" not in answer.headers

    def test_the_head_of_a_page(self, visitor: Visitor) -> None:
        answer = visitor.ask("HEAD", "/")
        assert (answer.status, answer.media_type, answer.body) == (200, "text/html;charset=utf-8", b"")

    def test_a_page_that_was_rendered_ahead(self, visitor: Visitor) -> None:
        answer = visitor.get("/about")
        if answer.status in (301, 302, 307, 308):  # where the host adds the slash of the folder
            answer = visitor.get(urlsplit(answer.headers["location"]).path)
        assert (answer.status, answer.media_type) == (200, "text/html;charset=utf-8")
        assert "One site, whatever its host." in answer.text

    def test_a_header_comes_back(self, visitor: Visitor) -> None:
        answer = visitor.get("/headers", x_echo="a, b; c=<d>")
        assert answer.headers["x-echo"] == "a, b; c=<d>"
        assert "<p>a, b; c=&lt;d&gt;</p>" in answer.text
        assert visitor.get("/headers").headers["x-echo"] == "nothing"

    def test_security_headers(self, visitor: Visitor) -> None:
        for path in ("/", "/nothing"):
            headers = visitor.get(path).headers
            assert (headers["x-frame-options"], headers["x-content-type-options"]) == (
                "SAMEORIGIN",
                "nosniff",
            )

    def test_two_cookies_stay_two(self, visitor: Visitor) -> None:
        answer = visitor.get("/cookies", cookie="sent=a%20b; other=1")
        found = answer.headers.get_all("set-cookie", [])
        assert [each.partition("=")[0] for each in found] == ["first", "second"]
        assert "max-age=60" in found[1].lower() and "max-age" not in found[0].lower()
        assert {name: morsel.value for name, morsel in answer.cookies.items()} == {
            "first": "1",
            "second": "2%2C%20two",
        }
        assert "<p>a b</p>" in answer.text

    def test_a_redirect(self, visitor: Visitor) -> None:
        answer = visitor.get("/old")
        assert (answer.status, urlsplit(answer.headers["location"]).path) == (301, "/about")

    def test_what_is_not_there(self, visitor: Visitor) -> None:
        for path in ("/nothing", "/no%2Fthing", "/nothing/at/all.html"):
            answer = visitor.get(path)
            assert (answer.status, answer.media_type) == (404, "text/html;charset=utf-8"), path
            assert f"There is nothing at {path}." in answer.text

    def test_every_byte_of_a_body_arrives(self, visitor: Visitor) -> None:
        answer = visitor.ask(
            "POST", "/api/echo?a=1&b=%26%20%C3%A9", EVERY_BYTE, content_type="application/octet-stream"
        )
        assert (answer.status, answer.media_type) == (201, "application/json")
        assert answer.json == {
            "size": 256,
            "bytes": list(EVERY_BYTE),
            "query": {"a": "1", "b": "& \u00e9"},
        }

    def test_every_byte_of_a_body_comes_back(self, visitor: Visitor) -> None:
        body = (EVERY_BYTE * (self.longest_body // 256 + 1))[: self.longest_body]
        answer = visitor.ask("PUT", "/api/echo", body, content_type="application/octet-stream")
        assert (answer.status, answer.media_type) == (200, "application/octet-stream")
        assert answer.body == body

    def test_a_body_of_nothing(self, visitor: Visitor) -> None:
        answer = visitor.ask("POST", "/api/echo", b"")
        assert (answer.status, answer.json["size"]) == (201, 0)

    def test_methods(self, visitor: Visitor) -> None:
        answer = visitor.get("/api/echo")
        assert (answer.status, answer.headers["allow"]) == (405, "POST, PUT, OPTIONS")

    def test_a_file(self, visitor: Visitor) -> None:
        for name, kind in (("hello.txt", "text/plain"), ("icon.png", "image/png")):
            answer = visitor.get(f"/{name}")
            assert (answer.status, answer.media_type.partition(";")[0]) == (200, kind)
            assert answer.body == (ANYWHERE / "public" / name).read_bytes()

    def test_nothing_but_files_is_sent(self, visitor: Visitor) -> None:
        for path in ("/manifest.json", "/pages/index.py", "/../manifest.json", "/%2e%2e/manifest.json"):
            assert visitor.get(path).status in (400, 403, 404), path

    def test_a_session(self, visitor: Visitor) -> None:
        assert "<form method" in visitor.get("/login").text
        answer = visitor.ask("POST", "/login", b"name=Ada+%26+co", **FORM)
        assert (answer.status, urlsplit(answer.headers["location"]).path) == (303, "/")
        assert "<p>Hello, Ada &amp; co!</p>" in visitor.get("/").text
        assert "<p>Hello!</p>" in Visitor(visitor.port).get("/").text

    def test_a_form_from_another_site_is_refused(self, visitor: Visitor) -> None:
        answer = visitor.ask("POST", "/login", b"name=x", sec_fetch_site="cross-site", **FORM)
        assert answer.status == 403
        assert visitor.ask("POST", "/login", b"name=x", origin="https://evil.example", **FORM).status == 403
