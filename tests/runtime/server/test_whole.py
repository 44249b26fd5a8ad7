"""What is sent of a response that is known as a whole."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import HttpVersion10, HttpVersion11
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.response import Response
from pyastro.runtime.server.whole import send_whole


class Transport:
    """Keeps what it is given."""

    def __init__(self, is_closing: bool = False) -> None:
        self.data = b""
        self._is_closing = is_closing

    def is_closing(self) -> bool:
        return self._is_closing

    def write(self, data: bytes) -> None:
        self.data += data


def message(transport: Any, *, version: Any = HttpVersion11, keep_alive: bool = True) -> Any:
    return SimpleNamespace(transport=transport, version=version, keep_alive=keep_alive)


@given(
    st.text(max_size=20),
    st.lists(st.tuples(st.sampled_from(("x-a", "X-A", "b", "Set-Cookie")), st.text(max_size=20)), max_size=5),
    st.binary(max_size=20),
)
def test_no_value_becomes_a_line_of_its_own(reason: str, fields: list[tuple[str, str]], body: bytes) -> None:
    try:
        response = Response(body, 200, reason, fields)
    except ValueError:
        return
    transport = Transport()
    send_whole(response, body, message(transport))
    head, _, sent = transport.data.partition(b"\r\n\r\n")
    status_line, *lines = head.split(b"\r\n")
    assert sent == body
    assert status_line == b"HTTP/1.1 200 " + reason.encode("latin-1")
    own = [(name.encode() + b": " + value.encode("latin-1")) for name, value in response.headers.items()]
    assert [line for line in lines if line in own] == own
    assert len(lines) == len(own) + 3  # Server, Content-Length, Date
    assert b"\n" not in b"".join(lines)
    assert b"\0" not in head


def test_the_last_response_of_a_connection_says_so() -> None:
    closing = Response(b"", headers={"connection": "close"})
    for response, version, keep_alive, said, is_kept in (
        (Response(b""), HttpVersion11, True, b"", True),
        (Response(b""), HttpVersion11, False, b"Connection: close", False),
        (closing, HttpVersion11, True, b"Connection: close", False),
        (Response(b""), HttpVersion10, True, b"Connection: keep-alive", True),
        (closing, HttpVersion10, True, b"", False),
    ):
        transport = Transport()
        sent = send_whole(response, b"", message(transport, version=version, keep_alive=keep_alive))
        assert sent.keep_alive is is_kept
        assert [line for line in transport.data.split(b"\r\n") if b"onnection" in line] == (
            [said] if said else []
        )


@pytest.mark.parametrize("transport", [None, Transport(is_closing=True)])
def test_nobody_is_there_any_more(transport: Transport | None) -> None:
    with pytest.raises(ConnectionResetError):
        send_whole(Response(b""), b"", message(transport))
