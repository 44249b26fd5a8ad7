"""What every host has to answer alike: the questions that are asked of `examples/anywhere`, wherever it runs.

A host's tests are a module with a fixture `origin`, the address at which the site answers, and a class made of this one:

    @pytest.fixture(scope="module")
    def origin(...) -> Iterator[str]: ...

    class TestNowhere(RequestSuite): ...

A host that sends the beginning of a response before its end is known has `StreamSuite` among its bases as well.
"""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.hosts.another_server import LONG, another_server
from tests.hosts.deployment import ANYWHERE
from tests.hosts.visitor import Visitor, raw


def visitor_of(origin: str) -> Visitor:
    """Somebody who was never at a site. Where it is mounted, its path belongs to the origin."""
    parts = urlsplit(origin)
    return Visitor(parts.port or 80, parts.path)


EVERY_BYTE = bytes(range(256))
FORM = {"content_type": "application/x-www-form-urlencoded"}


class RequestSuite:
    """The suite; each test has a visitor of its own."""

    longest_body = 512 * 1024
    """The bytes of the largest request that the suite sends."""

    @pytest.fixture
    def visitor(self, origin: str) -> Visitor:
        """Somebody who was never here before."""
        return visitor_of(origin)

    def test_a_page(self, visitor: Visitor) -> None:
        answer = visitor.get("/")
        assert (answer.status, answer.media_type) == (200, "text/html;charset=utf-8")
        assert answer.text.startswith("<!DOCTYPE html>") and "<h1>Anywhere</h1>" in answer.text
        assert "<p>Hello!</p>" in answer.text and f"This is {visitor.root}/, rendered" in answer.text
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
            assert f"There is nothing at {visitor.root}{path}." in answer.text

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

    def test_what_has_no_type_is_bytes(self, visitor: Visitor) -> None:
        answer = visitor.get("/untyped")
        assert (answer.status, answer.media_type) == (200, "application/octet-stream")
        assert answer.body == b"<script>bytes</script>"

    def test_fields_of_one_name_stay_in_order(self, visitor: Visitor) -> None:
        head = f"GET {visitor.root}/headers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        answer = raw(visitor.port, f"{head}X-Echo: one\r\nX-ECHO: two\r\n\r\n".encode())
        assert b"<p>one, two</p>" in answer.replace(b"one,two", b"one, two")

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
        assert "<p>Hello!</p>" in Visitor(visitor.port, visitor.root).get("/").text

    def test_a_form_from_another_site_is_refused(self, visitor: Visitor) -> None:
        answer = visitor.ask("POST", "/login", b"name=x", sec_fetch_site="cross-site", **FORM)
        assert answer.status == 403
        assert visitor.ask("POST", "/login", b"name=x", origin="https://evil.example", **FORM).status == 403

    # ------------------------------------------------------------ asking another server

    @pytest.fixture
    def another(self) -> Iterator[str]:
        """The origin of another server."""
        with another_server() as origin:
            yield origin

    @staticmethod
    def fetched(visitor: Visitor, url: str, **options: Any) -> dict[str, Any]:
        """What a page's `fetch` gives."""
        body = json.dumps({"url": url, **options}).encode()
        answer = visitor.ask("POST", "/fetches", body, content_type="application/json")
        assert answer.status == 200
        told: dict[str, Any] = answer.json
        return told

    def test_fetch_gives_what_another_server_says(self, visitor: Visitor, another: str) -> None:
        told = self.fetched(visitor, f"{another}/echo?a=%26&b=1", headers={"X-Given": "a, b"})
        assert (told["status"], told["ok"], told["url"]) == (201, True, f"{another}/echo?a=%26&b=1")
        fields = [(name.lower(), value) for name, value in told["headers"]]
        assert ("content-type", "application/json") in fields
        assert [value for name, value in fields if name == "set-cookie"] == ["a=1; Path=/", "b=2"]
        echo = json.loads(told["text"])
        assert (echo["method"], echo["query"], echo["headers"]["x-given"]) == ("GET", "a=%26&b=1", "a, b")
        again = json.loads(self.fetched(visitor, f"{another}/echo")["text"])
        assert "cookie" not in again["headers"]

    def test_fetch_gives_every_byte(self, visitor: Visitor, another: str) -> None:
        told = self.fetched(visitor, f"{another}/bytes")
        assert (told["status"], told["ok"], told["bytes"]) == (404, False, list(EVERY_BYTE))
        assert self.fetched(visitor, f"{another}/latin")["text"] == "\u00e9"
        assert self.fetched(visitor, f"{another}/gzip")["text"] == "unpacked"
        assert self.fetched(visitor, f"{another}/large", stream=True)["size"] == 3_000_000
        nothing = self.fetched(visitor, f"{another}/nothing")
        assert (nothing["status"], nothing["size"]) == (204, 0)

    def test_fetch_sends(self, visitor: Visitor, another: str) -> None:
        def echo(**options: Any) -> tuple[str, str, str | None]:
            told = json.loads(self.fetched(visitor, f"{another}/echo", **options)["text"])
            return told["method"], told["body"], told["headers"].get("content-type")

        assert echo(method="POST", json={"a": "\u00e9"}) == ("POST", '{"a":"\u00e9"}', "application/json")
        form = "application/x-www-form-urlencoded;charset=UTF-8"
        assert echo(method="PUT", form={"a": "\u00e9 &"}) == ("PUT", "a=%C3%A9+%26", form)
        assert echo(method="POST", body="text") == ("POST", "text", "text/plain;charset=UTF-8")
        method, body, _ = echo(method="POST", pieces=["a" * 70_000, "b", "c"])
        assert (method, body) == ("POST", "a" * 70_000 + "bc")
        assert echo(method="DELETE") == ("DELETE", "", None)

    def test_fetch_and_redirects(self, visitor: Visitor, another: str) -> None:
        to = f"{another}/moved?/echo?moved"
        assert self.fetched(visitor, to)["url"] == f"{another}/echo?moved"
        told = self.fetched(visitor, to, redirect="manual")
        assert (told["status"], dict(told["headers"])["location"]) == (302, "/echo?moved")
        assert "redirects to /echo" in self.fetched(visitor, to, redirect="error")["error"]
        assert "error" in self.fetched(visitor, f"{another}/moved?/moved?/moved?/nowhere\u0001", timeout=2)

    def test_fetch_takes_no_secret_to_another_server(self, visitor: Visitor, another: str) -> None:
        with another_server() as third:
            secret = {"authorization": "Bearer x", "x-given": "1"}
            told = self.fetched(visitor, f"{another}/moved?{third}/echo", headers=secret)
            headers = json.loads(told["text"])["headers"]
            assert "authorization" not in headers and headers["x-given"] == "1"

    def test_fetch_fails_in_a_way_that_can_be_caught(self, visitor: Visitor, another: str) -> None:
        with another_server() as gone:
            pass
        assert self.fetched(visitor, f"{gone}/echo")["error"].startswith(f"GET {gone}/echo failed: ")
        assert "breaks off" in self.fetched(visitor, f"{another}/broken")["error"]
        own = self.fetched(visitor, f"{another}/echo", method="POST", pieces=["a", "break"])
        assert own["error"].startswith(f"POST {another}/echo failed: ")
        assert "Not an absolute URL" in self.fetched(visitor, "/echo")["error"]

    def test_fetch_waits_no_longer_than_it_is_told(self, visitor: Visitor, another: str) -> None:
        start = time.monotonic()
        told = self.fetched(visitor, f"{another}/late", timeout=0.3)
        assert told == {"timeout": f"GET {another}/late: no response within 0.3 seconds"}
        for is_stream in (False, True):
            told = self.fetched(visitor, f"{another}/slow", timeout=0.3, stream=is_stream)
            assert told == {"timeout": f"The body of {another}/slow breaks off: nothing came in time"}
        assert time.monotonic() - start < LONG


class NetworkSuite:
    """For hosts whose network sends files itself, and forwards the rest."""

    def test_the_network_sends_files_with_their_headers(self, visitor: Visitor) -> None:
        headers = visitor.get("/icon.png").headers
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("SAMEORIGIN", "nosniff")

    def test_the_names_that_the_network_forwards_are_the_sites_own(self, visitor: Visitor) -> None:
        answer = visitor.ask(
            "POST", "/login", b"name=x", host="shop.example", origin="http://shop.example", **FORM
        )
        assert answer.status == 303


class StreamSuite:
    """For hosts that send a response while it is made."""

    @pytest.mark.parametrize(
        ("path", "kind", "early", "late"),
        [
            ("/stream", b"text/plain", b"one ", b"three"),
            ("/slowly", b"text/html", b"<p>begun</p>", b"<p>done</p>"),
            ("/ticks", b"text/event-stream", b'{"number":0}', b'{"number":2}'),
        ],
    )
    def test_the_beginning_is_there_before_the_end(
        self, origin: str, path: str, kind: bytes, early: bytes, late: bytes
    ) -> None:
        # A machine with much to do may hand on both at once: then it is asked again.
        assert any(self._seconds_between(origin, path, kind, early, late) > 0.2 for _ in range(4))

    @staticmethod
    def _seconds_between(origin: str, path: str, kind: bytes, early: bytes, late: bytes) -> float:
        """How long after the one text of a response the other one came."""
        visitor = visitor_of(origin)
        with socket.create_connection(("127.0.0.1", visitor.port), 30) as client:
            request = f"GET {visitor.root}{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            client.sendall(request.encode())
            found = b""
            times: dict[bytes, float] = {}
            while piece := client.recv(65536):
                found += piece
                for word in (early, late):
                    if word in found:
                        times.setdefault(word, time.monotonic())
        head = found.partition(b"\r\n\r\n")[0].lower()
        assert b" 200 " in head and b"content-type: " + kind in head
        assert found.endswith(b"0\r\n\r\n")
        return times[late] - times[early]

    def test_what_breaks_off_does_not_seem_whole(self, origin: str) -> None:
        visitor = visitor_of(origin)
        found = raw(visitor.port, f"GET {visitor.root}/broken HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert b"begun" in found and not found.endswith(b"0\r\n\r\n")
        assert visitor.get("/").status == 200
