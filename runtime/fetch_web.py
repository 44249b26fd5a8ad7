"""The `fetch` of a JavaScript host (Fetch standard), which sends what ours is asked for: there are no sockets in Pyodide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from pyastro.runtime.fetch_exchange import Received, Sent, broken_off, failed, nothing_came, timed_out
from pyastro.runtime.javascript import pieces_of, readable_stream, reason_of, to_object

__all__ = ["send"]

_LONGEST_TIMER = 2**31 - 1
"""Milliseconds; what is longer rings at once (HTML standard, timers)."""


async def send(sent: Sent) -> Received:
    """The response, whatever its status. Raises FetchError where there is none."""
    import js
    from pyodide.ffi import JsException

    end = _End(sent)
    end.wind()
    broken: list[BaseException] = []
    try:
        response = await js.fetch(sent.url, _init(sent, end.signal, broken.append))
    except JsException as error:
        was_late = end.has_come()
        end.come()
        if not broken:
            raise timed_out(sent) if was_late else failed(sent, reason_of(error)) from error
    except asyncio.CancelledError:
        end.come()
        raise
    finally:
        if sent.is_stream:
            end.stop()
    if broken:  # what was to be sent, which is ours; there are hosts that take its beginning for all of it
        end.come()
        raise failed(sent, str(broken[0]) or type(broken[0]).__name__) from broken[0]
    url = str(response.url or sent.url)
    fields = [(str(pair[0]), str(pair[1])) for pair in response.headers]
    return Received(
        int(response.status), str(response.statusText), url, fields, _pieces(response, url, end), end.come
    )


class _End:
    """The end that a request comes to before its time: it is given up, or too long in coming."""

    def __init__(self, sent: Sent) -> None:
        import js

        self._controller = js.AbortController.new()
        self._seconds = sent.timeout
        self._timer: Any = None
        self.is_of_each_silence = sent.is_stream
        self.signal = self._controller.signal

    def wind(self) -> None:
        """Let it come when the time has passed from now on."""
        import js

        self.stop()
        if self._seconds is not None:
            abort = self._controller.abort.bind(self._controller)
            self._timer = js.setTimeout(abort, min(self._seconds * 1000, _LONGEST_TIMER))

    def stop(self) -> None:
        """Let it not come by itself any more. A timer that was forgotten would keep some hosts from ending."""
        import js

        if self._timer is not None:
            js.clearTimeout(self._timer)
            self._timer = None

    def come(self) -> None:
        """Give the request up."""
        self.stop()
        self._controller.abort()

    def has_come(self) -> bool:
        """Is it the reason why something failed?"""
        return bool(self.signal.aborted)


def _init(sent: Sent, signal: Any, on_break: Callable[[BaseException], None]) -> Any:
    """What `fetch` is told beside the URL. `on_break` is told what the pieces of a body raise."""
    import js
    from pyodide.ffi import to_js

    headers = js.Headers.new()
    for name, value in sent.headers.items():
        headers.append(name, value)
    # "error" is not known everywhere, so that redirects which are an error are not followed, and told by us
    redirect = "follow" if sent.follows_redirects else "manual"
    init = {"method": sent.method, "headers": headers, "redirect": redirect, "signal": signal}
    if isinstance(sent.body, bytes):
        init["body"] = to_js(sent.body)
    elif sent.body is not None:
        init |= {"body": readable_stream(_given(sent.body), on_break), "duplex": "half"}
    return to_object(init)


async def _given(body: Any) -> AsyncGenerator[bytes, None]:
    async for piece in body:
        yield piece


async def _pieces(response: Any, url: str, end: _End) -> AsyncGenerator[bytes, None]:
    from pyodide.ffi import JsException

    if not response.body:  # null is not None in every version of Pyodide
        end.stop()
        return
    try:
        async with aclosing(pieces_of(response.body)) as pieces:
            while True:
                if end.is_of_each_silence:
                    end.wind()
                try:
                    piece = await anext(pieces)
                except StopAsyncIteration:
                    return
                if end.is_of_each_silence:
                    end.stop()
                yield piece
    except JsException as error:
        raise nothing_came(url) if end.has_come() else broken_off(url, reason_of(error)) from error
    finally:
        end.stop()
