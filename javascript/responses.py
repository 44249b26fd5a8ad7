"""A response of the site's as a `Response` of JavaScript's."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

from pyastro.runtime.outgoing import known_body, outgoing_fields
from pyastro.runtime.response import Response
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.javascript")

_WITHOUT_BODY = (204, 205, 304)


def to_response(response: Response, name: str) -> Any:
    """The `Response` to a request, which the log calls `name`."""
    from js import Object
    from js import Response as JsResponse
    from pyodide.ffi import to_js

    data = known_body(response)
    if data is not None and response.status not in _WITHOUT_BODY:
        response.headers["content-length"] = str(len(data))
    init = {"status": response.status, "headers": _headers(response)}
    body = _stream(response, name) if data is None and response.body is not None else to_js(data)
    return JsResponse.new(body, to_js(init, dict_converter=Object.fromEntries))


def _headers(response: Response) -> Any:
    from js import Headers

    headers = Headers.new()
    for name, value in outgoing_fields(response.headers):
        headers.append(name, value)
    return headers


def _stream(response: Response, name: str) -> Any:
    """A `ReadableStream` of the pieces of a body."""
    from js import Object, ReadableStream
    from pyodide.ffi import to_js

    # Nothing is read ahead of who asks for it.
    source, strategy = _Source(response, name).methods(), {"highWaterMark": 0}
    return ReadableStream.new(
        *(to_js(each, dict_converter=Object.fromEntries) for each in (source, strategy))
    )


class _Source:
    """What a `ReadableStream` draws from (Streams standard, 4.2.3: underlying source)."""

    def __init__(self, response: Response, name: str) -> None:
        from pyodide.ffi import create_proxy

        self._pieces: AsyncGenerator[bytes, None] = response.stream()
        self._name = name
        self._reading: asyncio.Task[Any] | None = None
        self._is_cancelled = False
        self._proxies = [create_proxy(each) for each in (self.pull, self.cancel)]

    def methods(self) -> dict[str, Any]:
        """The methods, to be called from JavaScript."""
        return dict(zip(("pull", "cancel"), self._proxies, strict=True))

    async def pull(self, controller: Any) -> None:
        """Gives the next piece; ends the stream with the body, and breaks it where the body breaks."""
        from js import Error
        from pyodide.ffi import to_js

        self._reading = asyncio.current_task()
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            controller.close()
            self._forget()
        except BaseException as error:
            if self._is_cancelled:
                return
            log.error(
                "The response to request %s broke while it was sent", self._name, exc_info=rewrite(error)
            )
            controller.error(Error.new("the response broke"))
            self._forget()
        else:
            controller.enqueue(to_js(piece))
        finally:
            self._reading = None

    async def cancel(self, reason: Any = None) -> None:
        """Ends what makes the pieces: nobody reads them any more."""
        self._is_cancelled = True
        try:
            if self._reading is not None:
                self._reading.cancel()
                await asyncio.wait([self._reading])
            await self._pieces.aclose()
        except Exception as error:
            log.error("The stream for request %s failed to close", self._name, exc_info=rewrite(error))
        finally:
            self._forget()

    def _forget(self) -> None:
        """Lets go of what JavaScript holds of it, when it has come back from here."""
        for proxy in self._proxies:
            asyncio.get_running_loop().call_soon(proxy.destroy)
