"""`fetch`: HTTP requests to other servers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from pyastro.runtime.errors import FetchError, FetchTimeout

if TYPE_CHECKING:  # importing the runtime imports this module, which most pages never use
    from asyncio import AbstractEventLoop

    from aiohttp import ClientResponse, ClientSession, ClientTimeout

    from pyastro.runtime.fetch_response import FetchResponse
    from pyastro.runtime.headers import Headers, HeadersInit
    from pyastro.runtime.url import URL, QueryInit

__all__ = ["close_fetch", "fetch"]

_Pool: TypeAlias = "tuple[ClientSession, AsyncGenerator[None, None]]"

_MOST_CONNECTIONS = 100

_pools: WeakKeyDictionary[AbstractEventLoop, _Pool] = WeakKeyDictionary()


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
    a pool, and at most 100 are open; who needs one more waits. Cancelling the task, as the site does with that
    of a visitor who leaves, ends the request.

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
    from aiohttp import ClientError

    try:
        response = await (await _session()).request(
            method,
            target,
            headers=fields.items(),
            data=data,
            allow_redirects=redirect == "follow",
            timeout=_timeout(timeout, stream),
        )
        return await _finished(response, redirect, stream)
    except TimeoutError as error:
        within = (
            "in time" if timeout is None else f"within {timeout:g} seconds"
        )  # the system has limits as well
        raise FetchTimeout(f"{method} {target}: no response {within}") from error
    except (ClientError, OSError, ValueError) as error:
        raise FetchError(f"{method} {target} failed: {str(error) or type(error).__name__}") from error


async def close_fetch() -> None:
    """Close the running event loop's pool; the next `fetch` opens another.

    A server calls it when it stops. `asyncio.run` does what it does by itself.
    """
    import asyncio

    entry = _pools.get(asyncio.get_running_loop())
    if entry is not None:
        await entry[1].aclose()


async def _session() -> ClientSession:
    """The running event loop's pool of connections."""
    import asyncio

    import aiohttp

    loop = asyncio.get_running_loop()
    entry = _pools.get(loop)
    if entry is None:
        # one visitor's cookies must not go out with another's request
        session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=_MOST_CONNECTIONS)
        )
        entry = _pools[loop] = session, _lifetime(loop, session)
        await anext(entry[1])
    return entry[0]


async def _lifetime(loop: AbstractEventLoop, session: ClientSession) -> AsyncGenerator[None, None]:
    """Waits, then closes the session: event loops finish their generators before they close."""
    try:
        yield
    finally:
        _pools.pop(loop, None)
        await session.close()


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


def _timeout(seconds: float | None, stream: bool) -> ClientTimeout:
    from aiohttp import ClientTimeout

    if stream:
        return ClientTimeout(total=None, connect=seconds, sock_connect=seconds, sock_read=seconds)
    return ClientTimeout(total=seconds)


async def _finished(response: ClientResponse, redirect: str, stream: bool) -> FetchResponse:
    """The response with its body read, or about to be streamed."""
    from pyastro.runtime.fetch_response import FetchResponse

    try:
        if redirect == "error" and response.status in (301, 302, 303, 307, 308):
            raise FetchError(f"{response.url} redirects to {response.headers.get('location', 'nowhere')}")
        result = FetchResponse(response)
        if not stream:
            await result.bytes()
        return result
    except BaseException:
        response.close()
        raise
