"""A response that is known as a whole, sent in one piece: the usual one, for which aiohttp's general way takes longer."""

import time
from functools import lru_cache

from aiohttp import HttpVersion10, HttpVersion11, web
from aiohttp.http import HttpVersion

from pyastro.runtime.dates import http_date
from pyastro.runtime.outgoing import is_closing, outgoing_fields
from pyastro.runtime.response import Response

_WITHOUT_BODY = (204, 304)


class Sent(web.StreamResponse):
    """What aiohttp is told of a response that is on its way already: only whether the connection is kept."""

    def __init__(self, *, is_last: bool) -> None:
        self._keep_alive = not is_last  # all else of aiohttp's state is for what is still to be sent

    async def prepare(self, request: web.BaseRequest) -> None:
        """Nothing: the head was sent."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing: the body was sent."""


def takes_body(response: Response, method: str) -> bool:
    """Has the answer to this method a body (RFC 9110, 6.4.1)?"""
    return method != "HEAD" and response.status not in _WITHOUT_BODY


def send_whole(response: Response, data: bytes, message: web.BaseRequest) -> Sent:
    """Hands a response to the connection. Raises ConnectionResetError where the client went away."""
    transport = message.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the client went away")
    is_last = not message.keep_alive or is_closing(response.headers)
    transport.write(_head(response, len(data), message.version, is_last=is_last) + data)
    return Sent(is_last=is_last)


def _head(response: Response, length: int, version: HttpVersion, *, is_last: bool) -> bytes:
    """The head as it is sent: each character of a value is one byte."""
    lines = [
        _beginning(version, response.status, response.reason),
        *[f"{name}: {value}" for name, value in outgoing_fields(response.headers, without_length=True)],
        f"Content-Length: {length}",
        _date(int(time.time())),
    ]
    if is_last and version == HttpVersion11:
        lines.append("Connection: close")
    elif not is_last and version == HttpVersion10:
        lines.append("Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(64)
def _beginning(version: HttpVersion, status: int, reason: str) -> str:
    """The status line (RFC 9112, 4), and the field that is the same in all responses."""
    return f"HTTP/{version.major}.{version.minor} {status} {reason}\r\nServer: pyastro"


@lru_cache(1)
def _date(now: int) -> str:
    """The field for the moment (RFC 9110, 6.6.1); once a second it is another."""
    return f"Date: {http_date(now)}"
