"""Requests: a method, a URL, headers and a body that is read once."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from typing import Any

from pyastro.runtime.forms import FormData
from pyastro.runtime.headers import Headers, HeadersInit, is_token
from pyastro.runtime.limits import DEFAULT_LIMITS, Limits
from pyastro.runtime.media_type import decode_text, parse_json
from pyastro.runtime.request_body import BodyInit, RequestBody
from pyastro.runtime.url import URL

__all__ = ["Request", "request_id"]

_ID = re.compile(r"[\w.:+/=@-]{1,128}", re.ASCII)


class Request:
    """An HTTP request.

    The body may be a stream. It is read when it is first asked for, and kept, so that `body`, `text`,
    `json` and `form_data` may each be called several times, also from tasks that run at once. Of a form
    that arrives as a stream only `form_data` is kept, unless `body` was called before.

    Reading raises ContentTooLarge (413) when the body is larger than the limits allow, and BodyUsed when
    it was taken as a stream or a form before.
    """

    __slots__ = ("_body", "_id", "client_address", "headers", "method", "root_path", "url")

    def __init__(
        self,
        method: str,
        url: URL | str,
        headers: HeadersInit | None = None,
        body: BodyInit = None,
        *,
        client_address: str | None = None,
        root_path: str = "",
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Make a request.

        `root_path` is the part of the URL's path below which another application has mounted the site: `/shop`.

        The method keeps its case, which counts in HTTP. Raises ValueError for a method that is no token,
        for a malformed URL, and for headers that HTTP refuses.
        """
        if method != "GET" and not is_token(method):
            raise ValueError(f"{method!r} is not a method")
        self.method = method
        self.url = url if isinstance(url, URL) else URL(url)
        self.headers = Headers(headers)
        self.client_address = client_address
        self.root_path = root_path
        self._body = RequestBody(body, limits)
        self._id: str | None = None

    @property
    def id(self) -> str:
        """What the request is called in logs: its `X-Request-ID`, if that is a plain word, else a random one."""
        if self._id is None:
            self._id = request_id(self.headers.get("x-request-id", ""))
        return self._id

    def with_url(self, url: URL | str) -> Request:
        """The same request for another URL; both share one body."""
        other = Request(
            self.method,
            url,
            self.headers,
            client_address=self.client_address,
            root_path=self.root_path,
        )
        other._body = self._body
        other._id = self._id
        return other

    def rewritten(self, target: str | URL | Request) -> Request:
        """The request that a rewrite makes of this one: for another URL, or another request from the same client."""
        if not isinstance(target, Request):
            return self.with_url(self.url.join(str(target)))
        other = target.with_url(target.url)
        other.client_address = target.client_address or self.client_address
        other.root_path = self.root_path
        return other

    async def body(self) -> bytes:
        """The whole body."""
        return await self._body.read()

    async def text(self) -> str:
        """The body as text, in the charset of its content type, else UTF-8.

        Raises UnsupportedMediaType (415) for a charset that is not known.
        """
        return decode_text(await self.body(), self.headers.get("content-type"))

    async def json(self) -> Any:
        """The value of a JSON body, in UTF-8. Raises BadRequest (400), a ValueError, when it is none."""
        return parse_json(await self.body(), "The request's body")

    async def form_data(self) -> FormData:
        """The form that the body holds.

        Raises UnsupportedMediaType (415) when it holds none, BadRequest (400) when it is malformed,
        ContentTooLarge (413) when it has more, or larger, fields than the limits allow.
        """
        return await self._body.read_form(self.headers.get("content-type", ""))

    def stream(self) -> AsyncIterator[bytes]:
        """The body in pieces, as they arrive; one that was not read before can be taken so only once."""
        return self._body.stream()

    def close(self) -> None:
        """Remove what the request keeps, which is uploaded files. The site does so at its end."""
        self._body.close()

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"


def request_id(given: str) -> str:
    """What a request is called that came with this `X-Request-ID`: that, if it is a plain word, else a random one."""
    if _ID.fullmatch(given):
        return given
    return os.urandom(8).hex()
