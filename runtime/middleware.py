"""`middleware.py`: code that runs around every page and endpoint."""

import inspect
from collections.abc import Awaitable
from types import ModuleType
from typing import Any, Protocol

from pyastro.runtime.context import Context
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response, Rewrite
from pyastro.runtime.url import URL

__all__ = [
    "MiddlewareError",
    "Next",
    "OnRequest",
    "call_hook",
    "check_middleware",
    "run_middleware",
    "sequence",
]

_NAMES = {"onRequest": "on_request", "onStartup": "on_startup", "onShutdown": "on_shutdown"}


_TAKES = {
    "on_request": (2, "two arguments, context and next"),
    "on_startup": (1, "one argument, the site"),
    "on_shutdown": (1, "one argument, the site"),
}
"""How many arguments each function of a middleware module is called with, and which."""


class Next(Protocol):
    """What a middleware calls for the response of what comes after it: `await next()`, `await next("/other")`."""

    def __call__(self, target: str | URL | Request | None = None, /) -> Awaitable[Response]: ...


class OnRequest(Protocol):
    """A middleware: it gives a Response, or None for the next one; `async def` and plain `def` both work."""

    def __call__(self, context: Context, next: Next, /) -> Any: ...


class MiddlewareError(TypeError):
    """A middleware cannot be called, or returned something that is neither a Response nor None."""


def check_middleware(module: ModuleType | None, source: str = "middleware.py") -> None:
    """Raises MiddlewareError for a middleware module that could never work."""
    names = vars(module) if module is not None else {}
    for other, name in _NAMES.items():
        if callable(names.get(other)) and name not in names:
            raise MiddlewareError(f"{source} defines {other}; it is called {name} here")
    for name, (count, takes) in _TAKES.items():
        if (function := names.get(name)) is not None:
            _check_call(function, count, f"{source}: {name} takes {takes}")


def _check_call(function: Any, count: int, sentence: str) -> None:
    """Raises MiddlewareError, which begins with `sentence`, for what cannot be called with so many arguments."""
    try:
        inspect.signature(function).bind(*[None] * count)
    except ValueError:
        return  # some built-in functions tell no signature
    except TypeError as error:
        raise MiddlewareError(f"{sentence}: {error}") from None


async def run_middleware(on_request: OnRequest, context: Context, next: Next) -> Response:
    """What a middleware answers.

    `await next()` gives it the response of the page or endpoint, whose headers it may change; `await next("/other")`
    that of another route. Where it returns None the next response is the answer, whether it was asked for or not.
    """
    given: Response | None = None

    async def remember(target: str | URL | Request | None = None) -> Response:
        nonlocal given
        given = await next(target)
        return given

    result = on_request(context, remember)
    while inspect.isawaitable(result):  # an async function may return next() as it is
        result = await result
    if isinstance(result, Response):
        return await followed(context, result)
    if result is not None:
        name = getattr(on_request, "__name__", "on_request")
        raise MiddlewareError(
            f"the middleware {name} should return a Response or None, and returned {type(result).__name__}"
        )
    return given or await next()


async def followed(context: Context, response: Response) -> Response:
    """A response that code returned; for a rewrite, what the site answers to it, through the middleware from its beginning."""
    if isinstance(response, Rewrite) and context.follow is not None:
        return await context.follow(context, response)
    return response


def sequence(*handlers: OnRequest) -> OnRequest:
    """Several middlewares as one: each one's `next` is the one after it (Astro's `sequence`).

    `next("/other")` leads through those that are left as well, and they see the other path. A rewrite that one of them
    returns leads through all of them again, and what comes of it is what the ones before it get. Raises MiddlewareError
    for a handler that can never work.
    """
    for handler in handlers:
        _check_call(handler, 2, "a middleware of a sequence takes two arguments, context and next")

    async def on_request(context: Context, next: Next) -> Response:
        return await _Chain(handlers, next).run(0, context, None)

    return on_request


class _Chain:
    """One request's way through the handlers of a sequence."""

    def __init__(self, handlers: tuple[OnRequest, ...], next: Next) -> None:
        self._handlers = handlers
        self._next = next

    async def run(self, index: int, context: Context, target: Request | None) -> Response:
        """What the handler at `index` answers, or what comes after all of them. `target` is what a rewrite led to."""
        if index == len(self._handlers):
            return await self._next(target)

        async def following(to: str | URL | Request | None = None) -> Response:
            if to is None:
                return await self.run(index + 1, context, target)
            moved = context.rewritten(to)
            return await self.run(index + 1, moved, moved.request)

        return await run_middleware(self._handlers[index], context, following)


async def call_hook(module: ModuleType | None, name: str, site: object) -> None:
    """Runs `on_startup(site)` or `on_shutdown(site)` of a middleware module, where it has one."""
    hook = getattr(module, name, None)
    if hook is not None:
        result = hook(site)
        if inspect.isawaitable(result):
            await result
