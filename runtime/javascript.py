"""What Python and JavaScript hand to each other on hosts that run Python as WebAssembly (Pyodide)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Task

__all__ = ["pieces_of", "readable_stream", "reason_of", "to_object"]


def to_object(values: Mapping[str, Any]) -> Any:
    """An object of JavaScript's with these properties, objects among them."""
    import js
    from pyodide.ffi import to_js

    return to_js(values, dict_converter=js.Object.fromEntries)


def reason_of(error: Any) -> str:
    """What an error of JavaScript's says. Some hosts say it in its `cause` alone."""
    cause = getattr(error, "cause", None)
    told = (getattr(each, name, None) for each in (cause, error) for name in ("message", "code"))
    return next((each for each in told if isinstance(each, str) and each), "") or str(error)


async def pieces_of(stream: Any) -> AsyncGenerator[bytes, None]:
    """The pieces of a `ReadableStream`. Raises JsException where it breaks.

    How long one may take is for others to decide: Pyodide keeps a timer that was cancelled until it would have rung, and
    some hosts do not end before.
    """
    reader = stream.getReader()
    while not (result := await reader.read()).done:
        piece: bytes = result.value.to_bytes()
        yield piece


def readable_stream(pieces: AsyncGenerator[bytes, None], on_break: Callable[[BaseException], None]) -> Any:
    """A `ReadableStream` of pieces, of which none is made before it is asked for.

    Where it is cancelled, the task that makes a piece is, too, and the generator is closed. `on_break` is told what the
    generator raises otherwise.
    """
    import js

    source = _Source(pieces, on_break)
    return js.ReadableStream.new(to_object(source.methods()), to_object({"highWaterMark": 0}))


class _Source:
    """What a `ReadableStream` draws from (Streams standard, 4.2.3: underlying source)."""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], on_break: Callable[[BaseException], None]
    ) -> None:
        from pyodide.ffi import create_proxy

        self._pieces = pieces
        self._on_break = on_break
        self._reading: Task[Any] | None = None
        self._is_cancelled = False
        self._proxies = [create_proxy(each) for each in (self.pull, self.cancel)]

    def methods(self) -> dict[str, Any]:
        """The methods, to be called from JavaScript."""
        return dict(zip(("pull", "cancel"), self._proxies, strict=True))

    async def pull(self, controller: Any) -> None:
        """Gives the next piece; ends the stream with the pieces, and breaks it where they break."""
        from asyncio import current_task

        from js import Error
        from pyodide.ffi import to_js

        self._reading = current_task()
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            controller.close()
            self._forget()
        except BaseException as error:
            if self._is_cancelled:
                return
            self._on_break(error)
            controller.error(Error.new("the stream broke"))
            self._forget()
        else:
            controller.enqueue(to_js(piece))
        finally:
            self._reading = None

    async def cancel(self, reason: Any = None) -> None:
        """Ends what makes the pieces: nobody reads them any more."""
        from asyncio import wait

        self._is_cancelled = True
        try:
            if self._reading is not None:
                self._reading.cancel()
                await wait([self._reading])
            await self._pieces.aclose()
        except Exception as error:
            self._on_break(error)
        finally:
            self._forget()

    def _forget(self) -> None:
        """Lets go of what JavaScript holds of it, when it has come back from here."""
        from asyncio import get_running_loop

        for proxy in self._proxies:
            get_running_loop().call_soon(proxy.destroy)
