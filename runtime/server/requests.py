"""A request of aiohttp's as one of the site's."""

from collections.abc import AsyncGenerator

from aiohttp import HttpVersion11, web
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.web_exceptions import HTTPException

from pyastro.runtime.errors import BadRequest, RequestError
from pyastro.runtime.headers import Headers
from pyastro.runtime.hosts import Hosts
from pyastro.runtime.incoming import (
    Sender,
    check_announced,
    headers_of,
    host_and_target,
    request_url,
    timed,
)
from pyastro.runtime.request import Request
from pyastro.runtime.server.settings import Settings


class VersionNotSupported(RequestError):
    """A client speaks another version of HTTP (RFC 9110, 15.6.6)."""

    status = 505


def to_request(message: web.BaseRequest, hosts: Hosts, listening: str, settings: Settings) -> Request:
    """The site's request for one of aiohttp's.

    The target is taken as it was sent: aiohttp's own path is decoded. Raises RequestError for a target or a `Host` that
    is malformed, and for a body that is announced as too large.
    """
    if message.version.major != 1:
        raise VersionNotSupported("Only HTTP/1.1 and HTTP/1.0 are spoken here")
    headers = headers_of(message.raw_headers)
    is_old = message.version < HttpVersion11
    check_announced(headers, message.content_length, settings.limits, is_old=is_old)
    host, target = host_and_target(headers, message.raw_path, needs_host=not is_old)
    sender = Sender(message.scheme, host, message.remote)
    if settings.trust_forwarded:
        sender = sender.behind_proxy(headers)
    url = request_url(sender.scheme, sender.host, target, hosts, listening)
    body = _body(message, headers, settings) if message.can_read_body else None
    try:
        request = Request(
            message.method, url, body=body, client_address=sender.client, limits=settings.limits
        )
    except ValueError as error:
        raise BadRequest(str(error)) from None
    request.headers = headers  # nobody else has them
    return request


async def _body(
    message: web.BaseRequest, headers: Headers, settings: Settings
) -> AsyncGenerator[bytes, None]:
    """The pieces of a body as they arrive. A client that waits for it is told to send the body (RFC 9110, 10.1.1)."""

    async def read() -> bytes:
        try:
            return await message.content.readany()
        except (web.RequestPayloadError, ContentEncodingError, HTTPException, ConnectionError) as error:
            raise BadRequest(f"The body is broken: {error}") from None

    if headers.has("expect") and message.version >= HttpVersion11:
        await message.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        message.writer.output_size = 0
    async for piece in timed(read, settings.deadlines):
        yield piece
