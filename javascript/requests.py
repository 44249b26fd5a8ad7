"""A `Request` of JavaScript's as a request of the site's."""

from typing import Any
from urllib.parse import urlsplit

from pyastro.runtime.errors import BadRequest
from pyastro.runtime.incoming import (
    Sender,
    Trust,
    check_announced,
    checked_headers,
    host_and_target,
    request_url,
)
from pyastro.runtime.javascript import pieces_of
from pyastro.runtime.request import Request


def to_request(request: Any, client_address: str | None, listening: str | None, trust: Trust) -> Request:
    """The site's request; see `Application.fetch`.

    Raises RequestError for a `Host` that is malformed, and for a body that is announced as too large.
    """
    headers = checked_headers((str(pair[0]), str(pair[1])) for pair in request.headers)
    length = headers.get("content-length", "")
    check_announced(headers, int(length) if length.isascii() and length.isdigit() else None, trust.limits)
    url = urlsplit(request.url)
    query = f"?{url.query}" if url.query else ""
    host, target = host_and_target(headers, (url.path or "/") + query, needs_host=False)
    sender = Sender(url.scheme, host or url.netloc, client_address)
    if trust.trust_forwarded:
        sender = sender.behind_proxy(headers)
    made = request_url(sender.scheme, sender.host, target, trust.hosts, listening or "localhost")
    body = pieces_of(request.body) if request.body else None  # null is not None in every version of Pyodide
    try:
        return Request(request.method, made, headers, body, client_address=sender.client, limits=trust.limits)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def given_id(request: Any) -> str:
    """The `X-Request-ID` that a request came with, in whatever state its other headers are."""
    return request.headers.get("x-request-id") or ""
