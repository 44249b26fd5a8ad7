"""aiohttp's client, which sends what `fetch` is asked for. The connections of an event loop are kept in a pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from weakref import WeakKeyDictionary

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)

from pyastro.runtime.fetch_exchange import Received, Sent, broken_off, failed, nothing_came, timed_out

__all__ = ["close", "pools", "send", "session"]

_MOST_CONNECTIONS = 100

pools: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[ClientSession, AsyncGenerator[None, None]]] = (
    WeakKeyDictionary()
)
"""The session of each event loop, with what closes it at the loop's end."""


async def send(sent: Sent) -> Received:
    """The response, whatever its status. Raises FetchError where there is none."""
    try:
        response = await (await session()).request(
            sent.method,
            sent.url,
            headers=sent.headers.items(),
            data=sent.body,
            allow_redirects=sent.follows_redirects,
            timeout=_timeout(sent),
        )
    except TimeoutError as error:
        raise timed_out(sent) from error
    except (ClientError, OSError, ValueError) as error:
        raise failed(sent, str(error) or type(error).__name__) from error
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
    url = str(response.url)
    return Received(
        response.status, response.reason or "", url, fields, _pieces(response, url), response.close
    )


async def session() -> ClientSession:
    """The running event loop's pool of connections."""
    loop = asyncio.get_running_loop()
    entry = pools.get(loop)
    if entry is None:
        # one visitor's cookies must not go out with another's request
        made = ClientSession(cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=_MOST_CONNECTIONS))
        entry = pools[loop] = made, _lifetime(loop, made)
        await anext(entry[1])
    return entry[0]


async def close() -> None:
    """Close the running event loop's pool, where there is one."""
    entry = pools.get(asyncio.get_running_loop())
    if entry is not None:
        await entry[1].aclose()


async def _lifetime(loop: asyncio.AbstractEventLoop, made: ClientSession) -> AsyncGenerator[None, None]:
    """Waits, then closes the session: event loops finish their generators before they close."""
    try:
        yield
    finally:
        pools.pop(loop, None)
        await made.close()


def _timeout(sent: Sent) -> ClientTimeout:
    seconds = sent.timeout
    if sent.is_stream:
        return ClientTimeout(total=None, connect=seconds, sock_connect=seconds, sock_read=seconds)
    return ClientTimeout(total=seconds)


async def _pieces(response: ClientResponse, url: str) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    except TimeoutError as error:
        raise nothing_came(url) from error
    except (ClientError, OSError) as error:
        raise broken_off(url, str(error) or type(error).__name__) from error
