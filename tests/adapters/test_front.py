"""What stands in front of a function when a pack is looked at."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyastro.adapters.front import Answer, Answered, Asked, PublicFolder, QuietServer, forward, handler_of
from pyastro.adapters.host_rules import read_headers


@pytest.fixture
def public(tmp_path: Path) -> PublicFolder:
    for name in (
        "public/a b.txt",
        "public/about/index.html",
        "public/old.html",
        "public/index.html",
        "secret.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return PublicFolder(tmp_path / "public", [(re.compile(r"/a\.*.*"), {"x-rule": "1"})])


def found(public: PublicFolder, target: str, method: str = "GET") -> Answered | None:
    return public.find(Asked(method, target, [], b"", "127.0.0.1"))


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("/", "public/index.html"),
        ("/about", "public/about/index.html"),
        ("/about/", "public/about/index.html"),
        ("/about/index.html?x=1", "public/about/index.html"),
        ("/old", "public/old.html"),
        ("/a%20b.txt", "public/a b.txt"),
    ],
)
def test_files_are_sent(public: PublicFolder, target: str, file: str) -> None:
    answer = found(public, target)
    assert answer is not None and (answer.status, answer.read().decode()) == (200, file)


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/about/..%5c..%5csecret.txt",
        "/a%00",
        "//",
        "/old/",
        "/no",
    ],
)
def test_the_function_gets_the_rest(public: PublicFolder, target: str) -> None:
    assert found(public, target) is None


def test_no_other_method_is_for_files(public: PublicFolder) -> None:
    assert found(public, "/about", "POST") is None and found(public, "/about", "HEAD") is not None


def test_rules_add_headers(public: PublicFolder) -> None:
    about, home = found(public, "/about"), found(public, "/")
    assert about is not None and dict(about.fields)["x-rule"] == "1"
    assert home is not None and "x-rule" not in dict(home.fields)


def test_rules_of_a_file_are_read_as_hosts_do(tmp_path: Path) -> None:
    text = "# all\n/*\n  X-A: 1\n\n/p/:name/x\n  x-b: a: b\n/a.b\n\tX-C:2\n  no rule\n"
    rules = {pattern.pattern: headers for pattern, headers in read_headers(text)}
    assert list(rules.values()) == [{"x-a": "1"}, {"x-b": "a: b"}, {"x-c": "2"}]
    whole, segment, literal = (re.compile(each) for each in rules)
    assert whole.fullmatch("/any/thing")
    assert segment.fullmatch("/p/one/x") and not segment.fullmatch("/p/one/two/x")
    assert literal.fullmatch("/a.b") and not literal.fullmatch("/aXb")
    (tmp_path / "_headers").write_text(text)
    (tmp_path / "a.b").write_text("")
    folder = PublicFolder.with_rules(tmp_path)
    answer = found(folder, "/a.b")
    assert answer is not None and {"x-a", "x-c"} <= dict(answer.fields).keys()
    assert found(folder, "/_headers") is None


@contextmanager
def serving(answer: Answer) -> Iterator[int]:
    server = QuietServer(("127.0.0.1", 0), handler_of(answer))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def said(port: int, request: bytes) -> bytes:
    """All that comes back for some bytes."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_body_in_chunks_arrives_whole_and_what_follows_is_a_request_of_its_own() -> None:
    with serving(lambda asked: Answered(200, [("x-path", asked.path)], asked.body)) as port:
        two = CHUNKED + b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX: 1\r\n\r\n"
        two += b"POST /two HTTP/1.1\r\nContent-Length: 2\r\n\r\nfg"
        answer = said(port, two)
    first, second = answer.split(b"HTTP/1.1 200 OK")[1:]
    assert first.endswith(b"\r\n\r\nabcde") and b"x-path: /two" in second and second.endswith(b"fg")


@pytest.mark.parametrize(
    "request_",
    [CHUNKED + b"zz\r\n", CHUNKED + b"1\r\nabc\r\n", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"],
)
def test_a_body_without_an_end_is_refused(request_: bytes) -> None:
    with serving(lambda asked: Answered(200)) as port:
        answer = said(port, request_ + b"GET /smuggled HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1") == 1


def test_what_a_function_sends_is_handed_on_as_it_comes() -> None:
    sent, seen = threading.Event(), threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"one"
        sent.set()
        assert seen.wait(10)
        yield b"two"

    with (
        serving(lambda asked: Answered(200, [("x-a", "1")], pieces())) as function,
        serving(lambda asked: forward(asked, function)) as port,
        socket.create_connection(("127.0.0.1", port), 10) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = b""
        while b"one" not in answer:
            answer += client.recv(65536)
        seen.set()
        answer += b"".join(iter(lambda: client.recv(65536), b""))
    assert b"x-a: 1" in answer and answer.endswith(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_what_breaks_on_its_way_does_not_seem_whole() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise OSError("gone")

    with (
        serving(lambda asked: Answered(200, (), pieces())) as function,
        serving(lambda asked: forward(asked, function)) as port,
    ):
        answer = said(port, b"GET / HTTP/1.1\r\n\r\n")
    assert answer.endswith(b"one\r\n")
