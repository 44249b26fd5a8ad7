"""`fetch`: HTTP requests to other servers."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, Literal

from pyastro.runtime.errors import FetchError

if TYPE_CHECKING:  # importing the runtime imports this module, which most pages never use
    from pyastro.runtime.fetch_exchange import Received, Sent
    from pyastro.runtime.fetch_response import FetchResponse
    from pyastro.runtime.headers import Headers, HeadersInit
    from pyastro.runtime.url import URL, QueryInit

__all__ = ["close_fetch", "fetch"]

_REDIRECTS = (301, 302, 303, 307, 308)


async def fetch(
    url: str | URL,
    *,
    method: str = "GET",
    headers: HeadersInit | None = None,
    body: str | bytes | AsyncIterable[bytes] | None = None,
    json: Any = None,
    form: QueryInit | None = None,
    timeout: float | None = 30.0,
    redirect: Literal["follow", "manual", "error"] = "follow",
    stream: bool = False,
) -> FetchResponse:
    """The response of another server, whatever its status.

    Its body is read at once, within `timeout` seconds for the whole; with `stream`, it is read as `stream()`
    asks for it, and `timeout` bounds each silence. `json` is sent as JSON, and `form`, a mapping or pairs, as a
    form, in the place of a body. No cookies are kept between calls. Connections are: those of one event loop share
    a pool, and at most 100 are open; who needs one more waits. On hosts of JavaScript the host's own `fetch` sends it,
    with what connections that keeps. Cancelling the task, as the site does with that of a visitor who leaves, ends the
    request.

    Raises FetchError when there is no response: the URL is not absolute, the connection failed, time ran
    out (FetchTimeout, a TimeoutError), or `redirect` is "error" and the server redirects. Raises ValueError for
    headers that HTTP refuses.
    """
    from pyastro.runtime.headers import Headers
    from pyastro.runtime.url import URL

    fields = Headers(headers)
    data = _data(body, json, form, fields)
    try:
        target = str(URL(url))
    except ValueError as error:
        raise FetchError(f"{error}; a path of this site needs Astro.url.join({str(url)!r})") from error
    from pyastro.runtime.fetch_exchange import Sent
    from pyastro.runtime.fetch_response import FetchResponse

    received = await _send(Sent(method, target, fields, data, timeout, stream, redirect == "follow"))
    response = FetchResponse(received)
    try:
        if redirect == "error" and response.status in _REDIRECTS:
            raise FetchError(f"{response.url} redirects to {response.headers.get('location', 'nowhere')}")
        if not stream:
            await response.bytes()
    except BaseException:
        response.close()
        raise
    return response


async def close_fetch() -> None:
    """Close the running event loop's pool; the next `fetch` opens another.

    A server calls it when it stops. `asyncio.run` does what it does by itself.
    """
    if "pyastro.runtime.fetch_pool" in sys.modules:
        from pyastro.runtime.fetch_pool import close

        await close()


async def _send(sent: Sent) -> Received:
    """What comes back, by the client that there is here."""
    if sys.platform == "emscripten":
        from pyastro.runtime import fetch_web as client
    else:
        from pyastro.runtime import fetch_pool as client
    return await client.send(sent)


def _data(body: Any, json: Any, form: QueryInit | None, headers: Headers) -> Any:
    """The body's bytes or stream; gives it a content type where the Fetch standard does."""
    from pyastro.runtime.media_type import encode_text, json_text
    from pyastro.runtime.url import query_string

    if sum(given is not None for given in (body, json, form)) > 1:
        raise TypeError("fetch takes one of body, json and form")
    kind = "text/plain;charset=UTF-8" if isinstance(body, str) else None
    if json is not None:
        body, kind = json_text(json), "application/json"
    elif form is not None:
        body, kind = query_string(form), "application/x-www-form-urlencoded;charset=UTF-8"
    if not (body is None or isinstance(body, str | bytes | AsyncIterable)):
        raise TypeError(
            f"fetch sends str, bytes or an async iterable of bytes, not {type(body).__name__}; "
            "for data, write json=… or form=…"
        )
    if kind is not None and "content-type" not in headers:
        headers["content-type"] = kind
    return encode_text(body) if isinstance(body, str) else body
