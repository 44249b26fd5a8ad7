"""`middleware.py`: code that runs around every page and endpoint."""

import inspect
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any, TypeAlias

from pyastro.runtime.context import Context
from pyastro.runtime.response import Response

Next: TypeAlias = Callable[..., Awaitable[Response]]
OnRequest: TypeAlias = Callable[[Context, Next], Any]


class MiddlewareError(TypeError):
    """A middleware returned something that is neither a Response nor None."""


async def run_middleware(on_request: OnRequest, context: Context, next: Next) -> Response:
    """What a middleware answers.

    `await next()` gives it the response of the page or endpoint, whose headers it may change; `await next("/other")`
    that of another route. Where it returns None the next response is the answer, whether it was asked for or not.
    """
    given: Response | None = None

    async def remember(target: str | None = None) -> Response:
        nonlocal given
        given = await next(target)
        return given

    result = on_request(context, remember)
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Response):
        return result
    if result is not None:
        raise MiddlewareError(
            f"on_request should return a Response or None, and returned {type(result).__name__}"
        )
    return given or await next(None)


def sequence(*handlers: OnRequest) -> OnRequest:
    """Several middlewares as one: each one's `next` is the one after it (Astro's `sequence`)."""

    async def on_request(context: Context, next: Next) -> Response:
        async def step(index: int, target: str | None) -> Response:
            if index == len(handlers) or target is not None:
                return await next(target)
            return await run_middleware(handlers[index], context, lambda to=None: step(index + 1, to))

        return await step(0, None)

    return on_request


async def call_hook(module: ModuleType | None, name: str, site: object) -> None:
    """Runs `on_startup(site)` or `on_shutdown(site)` of a middleware module, where it has one."""
    hook = getattr(module, name, None)
    if hook is not None:
        result = hook(site)
        if inspect.isawaitable(result):
            await result
