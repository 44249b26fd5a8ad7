"""A request of aiohttp's as one of the site's."""

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.web_exceptions import HTTPException

from pyastro.runtime.errors import BadRequest, ContentTooLarge, RequestError
from pyastro.runtime.headers import Headers
from pyastro.runtime.hosts import BadHost, Hosts
from pyastro.runtime.request import Request
from pyastro.runtime.server.settings import Settings
from pyastro.runtime.url import URL

_ABSOLUTE = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class SlowBody(RequestError):
    """A body did not arrive in time (RFC 9110, 15.5.9)."""

    status = 408


class ExpectationFailed(RequestError):
    """The client expects something other than `100-continue` (RFC 9110, 15.5.18)."""

    status = 417


def to_request(message: web.BaseRequest, hosts: Hosts, listening: str, settings: Settings) -> Request:
    """The site's request for one of aiohttp's.

    The target is taken as it was sent: aiohttp's own path is decoded. Raises RequestError for a target or a `Host` that
    is malformed, and for a body that is announced as too large.
    """
    headers = _headers(message)
    _check_body(message, headers, settings)
    host, target = _host_and_target(message, headers)
    scheme: str | None = message.scheme
    client = message.remote
    if settings.trust_forwarded:
        scheme = _forwarded(headers, "x-forwarded-proto", scheme)
        client = _forwarded(headers, "x-forwarded-for", client)
        host = _forwarded(headers, "x-forwarded-host", host)
    try:
        url = URL(f"{'https' if scheme == 'https' else 'http'}://{hosts.authority(host, listening)}{target}")
        body = _Body(message, headers, settings) if message.can_read_body else None
        return Request(message.method, url, headers, body, client_address=client, limits=settings.limits)
    except BadHost:
        raise BadRequest("The Host header is malformed") from None
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _headers(message: web.BaseRequest) -> Headers:
    """The fields as they came: each character of a value stands for one byte."""
    try:
        return Headers(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.raw_headers]
        )
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _check_body(message: web.BaseRequest, headers: Headers, settings: Settings) -> None:
    if (message.content_length or 0) > settings.limits.body:
        raise ContentTooLarge("The body is announced as too large")
    expected = headers.get("expect")
    if expected is not None and expected.lower() != "100-continue":
        raise ExpectationFailed("Only 100-continue can be expected")


def _host_and_target(message: web.BaseRequest, headers: Headers) -> tuple[str | None, str]:
    """The host and the path with its query, of any form of a target (RFC 9112, 3.2 and 3.3)."""
    hosts = headers.get_all("host")
    if len(hosts) > 1 or (not hosts and message.version >= (1, 1)):
        raise BadRequest("There is not one Host header")
    host = hosts[0] if hosts else None
    target = message.raw_path
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute:
        host, target = absolute[1], absolute[2]
        target = target if target.startswith("/") else f"/{target}"
    if not target.startswith("/"):
        raise BadRequest("The target is no path")
    target = target.partition("#")[0]
    return host, quote(target, safe=_PRINTABLE, encoding="utf-8", errors="surrogateescape")


def _forwarded(headers: Headers, name: str, otherwise: str | None) -> str | None:
    """What the nearest proxy says: the last value of the header."""
    value = headers.get(name, "").rpartition(",")[2].strip()
    return value or otherwise


class _Body:
    """The pieces of a body as they arrive. Silence, and a body that takes too long as a whole, end it."""

    def __init__(self, message: web.BaseRequest, headers: Headers, settings: Settings) -> None:
        self._message = message
        self._is_awaited = headers.has("expect")
        self._deadlines = settings.deadlines
        self._end: float | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        loop = asyncio.get_running_loop()
        if self._end is None:
            self._end = loop.time() + self._deadlines.body
            await self._invite()
        try:
            async with asyncio.timeout_at(min(self._end, loop.time() + self._deadlines.silence)):
                piece = await self._message.content.readany()
        except TimeoutError:
            raise SlowBody("The body did not arrive in time") from None
        except (web.RequestPayloadError, ContentEncodingError, HTTPException, ConnectionError) as error:
            raise BadRequest(f"The body is broken: {error}") from None
        if not piece:
            raise StopAsyncIteration
        return piece

    async def _invite(self) -> None:
        """Tells a client that waits for it to send the body (RFC 9110, 10.1.1)."""
        if self._is_awaited:
            self._is_awaited = False
            await self._message.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._message.writer.output_size = 0
