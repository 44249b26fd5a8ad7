"""The suite of all hosts, asked of Deno, and what a site in Pyodide may not lose on its way through JavaScript."""

import hashlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyastro.cli import main
from tests.hosts.deployment import SECRET, built_for
from tests.hosts.parts import environment, require_part
from tests.hosts.request_suite import RequestSuite, StreamSuite
from tests.hosts.running import HERE, LARGE, Host, Running, running
from tests.hosts.visitor import Visitor, eventually, raw

ENVIRONMENT = {"PYASTRO_SECRET": SECRET}
OFFLINE = "deno serve --cached-only --no-remote --allow-env --allow-read --allow-net"
PORT = "--host=127.0.0.1 --port={port}"


@dataclass(frozen=True)
class Program(Host):
    """A host that is no module of Python's."""

    @property
    def arguments(self) -> list[str]:
        return self.command.split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require_part("deno")
    dist = built_for("deno", tmp_path_factory.mktemp("deno"))
    subprocess.run(
        ["deno", "task", "--quiet", "snapshot"], cwd=dist, env=environment() | ENVIRONMENT, check=True
    )
    return dist


def deno(folder: Path) -> AbstractContextManager[Running]:
    """The pack in a folder, under `deno serve`, with nothing but what lies on this machine."""
    known = environment() | ENVIRONMENT
    return running(Program("deno", OFFLINE, PORT, more="main.mjs", environment=known), folder)


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    with deno(folder) as server:
        yield server.origin


class TestDeno(RequestSuite, StreamSuite):
    """`deno serve`, from a snapshot."""

    def test_what_is_drawn_is_another_in_each_process(self, visitor: Visitor, folder: Path) -> None:
        """They go on from the same memory."""
        with deno(folder) as other:
            drawn = [Visitor(port).get("/chance").json for port in (visitor.port, other.port)]
        assert all(mine != theirs for mine, theirs in zip(*drawn, strict=True))


# ---------------------------------------------------------------- what JavaScript stands between


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The site that the ASGI servers are tested with; the snapshot is good for every site."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(HERE / "site", site, dirs_exist_ok=True)
    (site / "public/large.bin").write_bytes(LARGE)
    settings = (site / "pyastro.toml").read_text()
    middleware = (site / "middleware.py").read_text()
    (site / "middleware.py").write_text(
        middleware.replace('Path("stopped").touch()', "print('the site stopped')")
    )
    (site / "pyastro.toml").write_text(f'adapter = "deno"\n{settings}\n[session]\ndriver = "cookie"\n')
    assert main(["build", str(site / "pages"), "-o", str(site / "dist")]) == 0
    shutil.copy(folder / "snapshot.bin", site / "dist")
    with deno(site / "dist") as server:
        yield server
    assert "the site stopped" in server.log()


@pytest.fixture
def visitor(server: Running) -> Visitor:
    return Visitor(server.port)


def test_who_asks_for_what(server: Running, visitor: Visitor) -> None:
    answer = visitor.get("/")
    assert f"{server.origin}/ for 127.0.0.1" in answer.text
    assert visitor.get("/events").json == ["started"]
    assert visitor.get("/", x_request_id="abc-1").headers["x-request-id"] == "abc-1"
    made = {visitor.get(path).headers["x-request-id"] for path in ("/", "/hello.txt", "/nothing")}
    assert len(made) == 3
    head = visitor.ask("HEAD", "/")
    assert head.headers["content-length"] == answer.headers["content-length"] == str(len(answer.body))


def test_hosts_that_are_not_known(server: Running, visitor: Visitor) -> None:
    answer = visitor.get("/", host="evil.example")
    assert "evil" not in answer.text and server.origin in answer.text


def test_headers_of_any_bytes(server: Running, visitor: Visitor) -> None:
    assert visitor.get("/echo", x_echo="a, b; c=\u00c3\u00a9").headers["x-echo"] == "a, b; c=\u00c3\u00a9"
    head = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    assert b"<p>one, two</p>" in raw(server.port, f"{head}X-Many: one\r\nX-MANY: two\r\n\r\n".encode())


def test_the_path_is_the_one_that_was_sent(visitor: Visitor) -> None:
    assert visitor.ask("POST", "/api/items/a%2Fb%25.json", b"").json["id"] == "a/b%"
    assert visitor.ask("POST", "/api%2Fitems/a.json", b"").status == 404
    assert visitor.get("/%ff").status == 400


def test_a_large_body_in_pieces(visitor: Visitor) -> None:
    pieces = [bytes([65 + number % 26]) * 5000 for number in range(200)]
    answer = visitor.ask("POST", "/api/items/x.json", iter(pieces))
    assert answer.json["sha256"] == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert visitor.ask("POST", "/api/items/x.json", b"x" * (32 * 1024 * 1024 + 1)).status == 413


def test_a_part_of_a_file(visitor: Visitor) -> None:
    whole = visitor.get("/large.bin")
    assert whole.body == LARGE
    part = visitor.get("/large.bin", range="bytes=1000-899999")
    assert (part.status, part.body) == (206, LARGE[1000:900000])
    same = visitor.get("/large.bin", if_none_match=whole.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    for path in ("/../middleware.py", "/%2e%2e/middleware.py", "/..%2Fmiddleware.py", "/hello.txt%00"):
        assert visitor.get(path).status in (400, 404)


def test_a_stream(server: Running) -> None:
    """Its beginning is there before its end is known."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
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
    assert visitor.ask("POST", "/upper", iter([b"a" * 50_000] * 20)).body == b"A" * 1_000_000


def test_a_stream_that_breaks_is_cut(server: Running, visitor: Visitor) -> None:
    found = raw(server.port, b"GET /broken HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 200") and not found.endswith(b"0\r\n\r\n")
    assert eventually(lambda: "in the middle" in server.log())
    assert visitor.get("/").status == 200


def test_an_exit_of_a_page_stops_no_server(visitor: Visitor) -> None:
    assert visitor.get("/exit").status == 500
    assert visitor.get("/").status == 200


@pytest.mark.parametrize("kind", ["render", "stream"])
def test_a_client_that_goes_away(server: Running, visitor: Visitor, kind: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET /waits?{kind}={kind} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if kind == "stream":
            while b"begun" not in client.recv(65536):
                pass
        else:
            time.sleep(0.5)
    assert eventually(lambda: kind in visitor.ask("POST", "/waits", b"").json)


def test_a_fetch_ends_with_its_request(server: Running, visitor: Visitor) -> None:
    """The page that asks another server is left by its client, and leaves that server as well."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET /relay HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert eventually(lambda: "relayed" in visitor.ask("PUT", "/waits", b"").json)
    assert eventually(lambda: "relayed" in visitor.ask("POST", "/waits", b"").json)


def test_a_session_of_two_visits(visitor: Visitor) -> None:
    assert "<p>1</p>" in visitor.get("/visits").text
    assert "<p>2</p>" in visitor.get("/visits").text
    visitor.cookies["pyastro-session"] = visitor.cookies["pyastro-session"][:-4] + "AAAA"
    assert "<p>1</p>" in visitor.get("/visits").text


def test_no_failure_but_those_that_were_made_on_purpose(server: Running) -> None:
    log = server.log()
    for message in ("never retrieved", "was never awaited", "Unexpected", "Uncaught"):
        assert message not in log, log
