"""Which responses get the script, where it stands in them, and what becomes of policies."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from pyastro.dev.injection import inject, opened_policy, script
from pyastro.runtime.response import Response

ELEMENT = b"<script></script>"


def injected(body: object, kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    response = Response(body, headers={"content-type": kind, **headers})  # type: ignore[arg-type]  # any body
    inject(response, ELEMENT)
    return asyncio.run(response.bytes())


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<!DOCTYPE html><body><p>a</p></body></html>", "<!DOCTYPE html><body><p>a</p>@</body></html>"),
        ("<!doctype html><p>a", "<!doctype html><p>a@"),
        (" <!-- c --> <HTML><BODY>é</BODY></HTML>", " <!-- c --> <HTML><BODY>é@</BODY></HTML>"),
        ("<!DOCTYPE html><pre>&lt;/body></pre>", "<!DOCTYPE html><pre>&lt;/body></pre>@"),
        ("<p>a part of a page</p>", "<p>a part of a page</p>"),
        ("<htmlish>", "<htmlish>"),
        ("", ""),
    ],
)
def test_a_document_gets_it_at_its_end(document: str, expected: str) -> None:
    expected = expected.replace("@", ELEMENT.decode())
    assert injected(document) == expected.encode()
    assert injected(document.encode()) == expected.encode()


def test_a_stream_gets_it_when_it_has_ended() -> None:
    closed = []

    async def pieces(first: str) -> AsyncIterator[str]:
        try:
            yield first
            yield "<p>b"
        finally:
            closed.append(first)

    assert injected(pieces("<!DOCTYPE html><p>a")) == b"<!DOCTYPE html><p>a<p>b" + ELEMENT
    assert injected(pieces("<p>a")) == b"<p>a<p>b"
    assert len(closed) == 2

    def plain() -> Iterator[bytes]:
        yield b"<!DOCTYPE html>"

    assert injected(plain()) == b"<!DOCTYPE html>" + ELEMENT


def test_other_responses_stay_as_they_are() -> None:
    document = "<!DOCTYPE html><p>a"
    assert injected(document, "text/plain") == document.encode()
    assert injected(document, "application/json") == document.encode()
    assert injected(document.encode(), **{"content-encoding": "gzip"}) == document.encode()
    response = Response(None, 204)
    inject(response, ELEMENT)
    assert response.body is None


def test_its_attributes_are_escaped() -> None:
    assert b'data-method="&#34;&gt;&lt;b&gt;"' in script(method='"><b>')


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("img-src x.org", "img-src x.org"),
        (
            "default-src 'none'",
            "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'",
        ),
        (
            "script-src 'nonce-1'; Default-Src a.org; child-src 'none'",
            "script-src 'nonce-1' 'self'; default-src a.org; child-src 'none'; connect-src a.org 'self'; frame-src 'self'",
        ),
    ],
)
def test_a_policy_lets_the_server_itself_in(policy: str, expected: str) -> None:
    assert opened_policy(policy) == expected
