"""One visit to the same site on every host: what it answers may not depend on who carries it."""

import hashlib
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.hosts.running import HOSTS, LARGE, Host, Running, build_site, require, running
from tests.hosts.visitor import Visitor, eventually, raw


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hosts")
    build_site(folder)
    return folder


@pytest.fixture(scope="module", params=HOSTS, ids=lambda host: host.name)
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[Running]:
    host: Host = request.param
    require(host)
    with running(host, folder) as server:
        yield server
    assert (folder / "stopped").exists(), f"{host.name} did not stop the site:\n{server.log()}"
    (folder / "stopped").unlink()


@pytest.fixture
def visitor(server: Running) -> Visitor:
    return Visitor(server.port, server.host.root)


def test_a_page(server: Running, visitor: Visitor) -> None:
    answer = visitor.get("/")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>") and "Home</h2>" in answer.text
    assert f"{server.origin}{visitor.root}/ for 127.0.0.1" in answer.text
    assert answer.headers.get_all("content-length") == [str(len(answer.body))]
    assert len(answer.headers.get_all("date", [])) == 1
    head = visitor.ask("HEAD", "/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_the_site_was_started_once(visitor: Visitor) -> None:
    assert visitor.get("/events").json == ["started"]


def test_headers(server: Running, visitor: Visitor) -> None:
    assert visitor.get("/echo", x_echo="a, b; c=\u00c3\u00a9").headers["x-echo"] == "a, b; c=\u00c3\u00a9"
    head = f"GET {visitor.root}/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    assert b"<p>one, two</p>" in raw(server.port, f"{head}X-Many: one\r\nX-MANY: two\r\n\r\n".encode())


def test_request_ids(visitor: Visitor) -> None:
    assert visitor.get("/", x_request_id="abc-1").headers["x-request-id"] == "abc-1"
    made = {visitor.get(path).headers["x-request-id"] for path in ("/", "/hello.txt", "/nothing")}
    assert len(made) == 3


def test_security_headers(visitor: Visitor) -> None:
    for path in ("/", "/hello.txt", "/nothing", "/%ff"):
        headers = visitor.get(path).headers
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in visitor.get("/").headers["content-security-policy"]
    refused = visitor.ask("GET", "/", None, expect="tea")
    assert (refused.status, refused.headers["x-frame-options"]) == (417, "SAMEORIGIN")


def test_cookies(visitor: Visitor) -> None:
    answer = visitor.get("/cookies", cookie="sent=a%20b")
    set_cookies = answer.headers.get_all("set-cookie")
    assert set_cookies is not None and len(set_cookies) == 2
    assert "<p>a b</p>" in answer.text
    assert {name: morsel.value for name, morsel in answer.cookies.items()} == {
        "first": "1",
        "second": "2%3B%20path%3D%2F",
    }


def test_a_redirect(visitor: Visitor) -> None:
    answer = visitor.get("/go")
    assert (answer.status, answer.body) == (303, b"")
    assert answer.headers["location"] == f"{visitor.root}/echo"
    assert visitor.get("/echo").status == 200


def test_what_is_not_there(visitor: Visitor) -> None:
    answer = visitor.get("/no%2Fthing")
    assert (answer.status, f"Nothing at {visitor.root}/no%2Fthing" in answer.text) == (404, True)


def test_the_path_is_the_one_that_was_sent(visitor: Visitor) -> None:
    assert visitor.ask("POST", "/api/items/a%2Fb%25.json", b"").json["id"] == "a/b%"
    assert visitor.ask("POST", "/api%2Fitems/a.json", b"").status == 404


def test_a_json_api_with_a_binary_body(visitor: Visitor) -> None:
    answer = visitor.ask("POST", "/api/items/%C3%A9.json", LARGE, content_type="application/octet-stream")
    assert (answer.status, answer.headers["content-type"]) == (201, "application/json")
    assert answer.json == {"id": "\u00e9", "size": len(LARGE), "sha256": hashlib.sha256(LARGE).hexdigest()}
    refused = visitor.get("/api/items/x.json")
    assert (refused.status, refused.headers["allow"]) == (405, "POST, OPTIONS")


def test_a_body_in_chunks(visitor: Visitor) -> None:
    pieces = [bytes([65 + number % 26]) * 5000 for number in range(60)]
    answer = visitor.ask("POST", "/api/items/x.json", iter(pieces))
    assert answer.json["sha256"] == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_a_file(visitor: Visitor) -> None:
    whole = visitor.get("/large.bin")
    assert whole.body == LARGE and whole.headers["content-length"] == str(len(LARGE))
    part = visitor.get("/large.bin", range="bytes=1000-899999")
    assert (part.status, part.body) == (206, LARGE[1000:900000])
    assert part.headers["content-range"] == f"bytes 1000-899999/{len(LARGE)}"
    same = visitor.get("/large.bin", if_none_match=whole.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert visitor.get("/hello.txt").text == "Hello, this is a file.\n"
    for path in ("/../middleware.py", "/%2e%2e/middleware.py", "/..%2Fmiddleware.py", "/hello.txt%00"):
        assert visitor.get(path).status in (400, 404)


def test_a_session(server: Running, visitor: Visitor) -> None:
    assert ["<p>1</p>" in visitor.get("/visits").text, "<p>2</p>" in visitor.get("/visits").text] == [
        True
    ] * 2
    assert "<p>1</p>" in Visitor(server.port, visitor.root).get("/visits").text


def test_a_form(visitor: Visitor) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert "<p>Ada &amp; co</p>" in visitor.ask("POST", "/form", b"name=Ada+%26+co", **form).text


def test_a_cross_site_post_is_refused(server: Running, visitor: Visitor) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert visitor.ask("POST", "/form", b"name=x", origin="https://evil.example", **form).status == 403
    assert visitor.ask("POST", "/form", b"name=x", sec_fetch_site="cross-site", **form).status == 403
    assert visitor.ask("POST", "/form", b"name=x", origin=server.origin, **form).status == 200


def test_a_stream(server: Running, visitor: Visitor) -> None:
    """Its beginning is there before its end is known."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(
            f"GET {visitor.root}/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        start, found = time.monotonic(), b""
        times: dict[bytes, float] = {}
        while piece := client.recv(65536):
            found += piece
            for word in (b"one ", b"three"):
                if word in found:
                    times.setdefault(word, time.monotonic() - start)
    assert times[b"three"] - times[b"one "] > 0.2
    assert found.endswith(b"5\r\nthree\r\n0\r\n\r\n")


def test_a_stream_both_ways(visitor: Visitor) -> None:
    answer = visitor.ask("POST", "/upper", iter([b"a" * 50_000] * 20))
    assert answer.body == b"A" * 1_000_000


def test_a_stream_that_breaks_is_cut(server: Running, visitor: Visitor) -> None:
    head = f"GET {visitor.root}/broken HTTP/1.1\r\nHost: localhost\r\n\r\n"
    found = raw(server.port, head.encode())
    assert found.startswith(b"HTTP/1.1 200") and not found.endswith(b"0\r\n\r\n")
    assert eventually(lambda: "in the middle" in server.log())
    assert "responses.py" not in server.log()  # how it was sent is nobody's concern
    assert visitor.get("/").status == 200


@pytest.mark.parametrize(
    ("said", "first"), [("6", b" 200"), ("7", b" 200"), ("5", b" 200"), ("six", b" 500")]
)
def test_a_length_that_is_not_true(server: Running, visitor: Visitor, said: str, first: bytes) -> None:
    """No client waits for bytes that never come, or takes those that are too many for the next answer."""
    request = f"GET {visitor.root}/lengths?said={said} HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(f"{request}\r\n{request}Connection: close\r\n\r\n".encode())
        found = b""
        with suppress(ConnectionResetError):
            while piece := client.recv(65536):
                found += piece
    assert found.partition(b"\r\n")[0].startswith(b"HTTP/1.1" + first) or said == "5"
    assert found.count(b"HTTP/1.1 ") == (1 if said in ("5", "7") else 2)
    assert found.count(b"abcdef") == (2 if said == "6" else 0 if said in ("5", "six") else 1)


def test_an_exit_of_a_page_stops_no_server(visitor: Visitor) -> None:
    assert visitor.get("/exit").status == 500
    assert visitor.get("/").status == 200


@pytest.mark.parametrize("kind", ["render", "stream"])
def test_a_client_that_goes_away(server: Running, visitor: Visitor, kind: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET {visitor.root}/waits?{kind}={kind} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if kind == "stream":
            while b"begun" not in client.recv(65536):
                pass
        else:
            time.sleep(0.3)
    assert eventually(lambda: kind in visitor.ask("POST", "/waits", b"").json)


def test_a_fetch_ends_with_its_request(server: Running, visitor: Visitor) -> None:
    """The page that asks another server is left by its client, and leaves that server as well."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET {visitor.root}/relay HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert eventually(lambda: "relayed" in visitor.ask("PUT", "/waits", b"").json)
    assert eventually(lambda: "relayed" in visitor.ask("POST", "/waits", b"").json)


def test_an_upload_is_kept_on_the_disk_as_long_as_it_is_needed(visitor: Visitor) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nTea\r\n--b\r\n'
    form += b'Content-Disposition: form-data; name="file"; filename="C:\\a/b.txt"\r\nContent-Type: text/csv\r\n\r\n%b\r\n--b--\r\n'
    kind = {"content_type": "multipart/form-data; boundary=b"}
    before = int(visitor.get("/upload").text)
    small = visitor.ask("POST", "/upload", form % b"xyz", **kind)
    assert small.text == f"Tea b.txt text/csv 3 {before}"
    large = visitor.ask("POST", "/upload", form % (b"x" * 3_000_000), **kind)
    assert large.text == f"Tea b.txt text/csv 3000000 {before + (before >= 0)}"
    assert eventually(lambda: int(visitor.get("/upload").text) == before)
    assert visitor.ask("POST", "/upload", form[:100], **kind).status == 400


def test_events(visitor: Visitor) -> None:
    answer = visitor.get("/ticks", last_event_id="7")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "text/event-stream",
        "no-cache",
    )
    assert answer.text == 'id: 7\ndata: {"number":7}\n\nid: 8\ndata: {"number":8}\n\n'


def test_a_login(server: Running, visitor: Visitor) -> None:
    """Its id is new, the one before is worth nothing, and after it was destroyed neither is."""
    visitor.get("/visits")
    before = dict(visitor.cookies)
    answer = visitor.ask("POST", "/login", b"Ada")
    cookie = answer.cookies["pyastro-session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    after = dict(visitor.cookies)
    assert after != before and visitor.get("/login").json == "Ada"
    other = Visitor(server.port, server.host.root)
    for cookies, user in ((before, None), ({"pyastro-session": "invented"}, None), (after, "Ada")):
        other.cookies = dict(cookies)
        assert other.get("/login").json == user
    assert visitor.ask("DELETE", "/login").status == 204
    other.cookies = after
    assert other.get("/login").json is None


def test_conditions_of_a_file(visitor: Visitor) -> None:
    head = visitor.ask("HEAD", "/large.bin")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(LARGE)))
    tag, modified = head.headers["etag"], head.headers["last-modified"]
    assert visitor.get("/large.bin", if_modified_since=modified).status == 304
    assert visitor.get("/large.bin", if_match='"other"').status == 412
    late = visitor.get("/large.bin", range=f"bytes={len(LARGE)}-")
    assert (late.status, late.headers["content-range"]) == (416, f"bytes */{len(LARGE)}")
    assert visitor.get("/large.bin", range="bytes=-5", if_range=tag).body == LARGE[-5:]
    assert visitor.get("/large.bin", range="bytes=-5", if_range='"other"').status == 200
    refused = visitor.ask("POST", "/large.bin", b"x")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_many_requests_on_one_connection(server: Running, visitor: Visitor) -> None:
    one = f"POST {visitor.root}/form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
    one += "Content-Type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        for number in range(20):
            client.sendall(f"{one}\r\nname={number % 10}".encode())
            found = b""
            while f"<p>{number % 10}</p>".encode() not in found:
                piece = client.recv(65536)
                assert piece, found
                found += piece


def test_hosts_that_are_not_known(server: Running, visitor: Visitor) -> None:
    """The site's address takes the place of a name that anybody may send."""
    answer = visitor.get("/", host="evil.example")
    assert "evil" not in answer.text
    assert server.origin in answer.text


def test_a_web_socket_is_refused(server: Running, visitor: Visitor) -> None:
    head = (
        f"GET {visitor.root}/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(head.encode())
        assert b" 101 " not in client.recv(65536).partition(b"\r\n")[0]
    assert visitor.get("/").status == 200


def test_no_failure_but_those_that_were_made_on_purpose(server: Running) -> None:
    """The last of the visit: the server's log has no traceback that nothing above asked for."""
    log = server.log()
    for message in ("never retrieved", "was never awaited", "Unexpected", "without starting response"):
        assert message not in log, log
