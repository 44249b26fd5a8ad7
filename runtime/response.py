"""Responses: what endpoints, middleware and early returns give."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
)
from typing import Any, Protocol, TypeAlias, overload

from pyastro.runtime.errors import BodyUsed
from pyastro.runtime.headers import HeadersInit
from pyastro.runtime.media_type import decode_text, encode_text, json_text, parse_json
from pyastro.runtime.redirects import REDIRECT_STATUSES, location
from pyastro.runtime.request import Request
from pyastro.runtime.response_init import ResponseInit
from pyastro.runtime.url import URL

__all__ = ["Body", "Response", "Rewrite", "returned"]

Body: TypeAlias = (
    str | bytes | bytearray | memoryview | Iterable[str | bytes] | AsyncIterable[str | bytes] | None
)

# inside Response, `bytes` is a method
Bytes: TypeAlias = bytes

_NULL_BODY_STATUSES = frozenset([204, 205, 304])


class _MakeJSON(Protocol):
    def __call__(self, data: object, status: int = 200, headers: HeadersInit | None = None) -> Response: ...


class _JSON:
    """`Response.json(data)` makes a response; `await response.json()` reads one, as in the Fetch standard."""

    @overload
    def __get__(self, response: None, owner: type[Response]) -> _MakeJSON: ...

    @overload
    def __get__(
        self, response: Response, owner: type[Response]
    ) -> Callable[[], Coroutine[Any, Any, Any]]: ...

    def __get__(
        self, response: Response | None, owner: type[Response]
    ) -> _MakeJSON | Callable[[], Coroutine[Any, Any, Any]]:
        return _json_response if response is None else response._read_json


class Response(ResponseInit):
    """A status, headers and a body.

    A `str` body is `text/plain;charset=UTF-8` where the headers name no type (Fetch standard), and
    `text/html;charset=UTF-8` when it is markup (its type defines `__html__`). Bytes and streams get no type; a site sends
    them as `application/octet-stream`. An iterable or async iterable of str and bytes is a stream: it can be sent once, and is closed then.
    """

    __slots__ = ("body",)

    def __init__(
        self,
        body: Body = None,
        status: int = 200,
        status_text: str | None = None,
        headers: HeadersInit | None = None,
    ) -> None:
        """Make a response.

        Raises ValueError for a status outside 200 to 599, for a body with 204, 205 or 304, and for text
        that HTTP refuses; TypeError for a body of another type.
        """
        super().__init__(status, status_text, headers)
        self.body: Body = _checked_body(body)
        if self.body is not None and status in _NULL_BODY_STATUSES:
            if self.body not in ("", b""):
                raise ValueError(f"A response with status {status} has no body (Fetch standard)")
            self.body = None
        if isinstance(self.body, str) and "content-type" not in self.headers:
            kind = "html" if callable(getattr(type(body), "__html__", None)) else "plain"
            self.headers["content-type"] = f"text/{kind};charset=UTF-8"

    json = _JSON()

    @staticmethod
    def redirect(url: str | URL, status: int = 302) -> Response:
        """A response that sends the browser to `url`.

        The target is percent-encoded and stays on the site unless it names another host with its
        scheme: see `pyastro.runtime.redirects.location`. Raises ValueError for a target that cannot
        be one, and for a status other than 301, 302, 303, 307 and 308.
        """
        if status not in REDIRECT_STATUSES:
            raise ValueError(f"A redirect's status is 301, 302, 303, 307 or 308, not {status}")
        return Response(None, status, headers={"location": location(url)})

    @staticmethod
    def event_stream(
        events: AsyncIterable[Any], *, heartbeat: float | None = 15.0, headers: HeadersInit | None = None
    ) -> Response:
        """A response that sends server-sent events: each item of `events`, an `Event`, text, or data sent as JSON.

        A comment goes out after `heartbeat` seconds without an event. When the client goes away, `events` is cancelled
        where it waits, and closed.
        """
        from pyastro.runtime.event_stream import EventStream  # needs asyncio when it runs

        response = Response(EventStream(events, heartbeat), headers=headers)
        response.headers["content-type"] = "text/event-stream"
        for name, value in (("cache-control", "no-cache"), ("x-accel-buffering", "no")):
            if name not in response.headers:
                response.headers[name] = value
        return response

    async def bytes(self) -> Bytes:
        """The whole body. A stream is read to its end, and its bytes become the body."""
        if not isinstance(self.body, Bytes):
            self.body = b"".join([chunk async for chunk in self.stream()])
        return self.body

    async def text(self) -> str:
        """The whole body as text, in the charset of its content type, else UTF-8."""
        return decode_text(await self.bytes(), self.headers.get("content-type"))

    async def _read_json(self) -> Any:
        """The value of a JSON body. Raises BadRequest, a ValueError, when it is none."""
        return parse_json(await self.bytes(), "The response's body")

    async def stream(self) -> AsyncGenerator[Bytes, None]:
        """The body in pieces, as it becomes known; a stream is closed at its end.

        Raises BodyUsed when a stream was taken before, TypeError when it gives anything but str and bytes.
        """
        body = self.body
        if isinstance(body, (str, Bytes, bytearray, memoryview)):
            yield _as_bytes(body)
        elif body is not None:
            self.body = _Used()
            try:
                if isinstance(body, AsyncIterable):
                    async for chunk in body:
                        yield _as_bytes(chunk)
                else:
                    for chunk in body:
                        yield _as_bytes(chunk)
            finally:
                await _close(body)

    async def close(self) -> None:
        """Close a stream that will not be sent, as in the answer to a HEAD request."""
        if not isinstance(self.body, (str, Bytes, bytearray, memoryview)):
            await _close(self.body)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} {self.reason}>"


class Rewrite(Response):
    """What `Astro.rewrite(target)` returns: the site answers with the page that `target` leads to."""

    __slots__ = ("target",)

    def __init__(self, target: str | URL | Request) -> None:
        """Make a rewrite to a path, which may have a query, to a URL of the site, or to a request of one's own."""
        super().__init__()
        self.target = str(target) if isinstance(target, URL) else target


class _Used:
    """Takes the place of a stream that was taken."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise BodyUsed("This response's body is a stream, and was read already")


def _json_response(data: object, status: int = 200, headers: HeadersInit | None = None) -> Response:
    """A response that holds `data` as compact JSON, of type `application/json` where the headers name none.

    Raises TypeError for what JSON has no form for, ValueError for NaN and the infinities.
    """
    response = Response(encode_text(json_text(data)), status, headers=headers)
    if "content-type" not in response.headers:
        response.headers["content-type"] = "application/json"
    return response


def _checked_body(body: object) -> Any:
    """The body, when it is of a type that can be one."""
    if body is None or isinstance(body, (str, bytes)):
        return body
    if isinstance(body, Mapping) or not isinstance(body, (Iterable, AsyncIterable, memoryview)):
        raise TypeError(
            f"A body is None, str, bytes, or an iterable of these, not {type(body).__name__}; "
            "for JSON, write Response.json(data)"
        )
    return body


def _as_bytes(chunk: object) -> bytes:
    if isinstance(chunk, str):
        return encode_text(chunk)
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return bytes(chunk)
    raise TypeError(f"A body's stream gives str and bytes, not {type(chunk).__name__}")


async def _close(body: object) -> None:
    """Close a generator, so that its `finally` runs even when the client went away."""
    if hasattr(body, "aclose"):
        await body.aclose()
    elif hasattr(body, "close"):
        body.close()


def returned(value: Response | None) -> Response | None:
    """What a frontmatter returns; raises TypeError, at the author's line, where that is no response."""
    if value is not None and not isinstance(value, Response):
        raise TypeError(
            f"this returns {type(value).__name__}; a component returns a Response, or nothing: what it shows stands in "
            "its template"
        )
    return value
