"""Answering with an endpoint: a module with functions named for HTTP methods."""

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple

from pyastro.runtime.addresses import ON_DEMAND, Addresses
from pyastro.runtime.astro import AstroProps
from pyastro.runtime.context import Context
from pyastro.runtime.manifest import Route
from pyastro.runtime.methods import METHODS
from pyastro.runtime.pages import copy_response
from pyastro.runtime.response import Response
from pyastro.runtime.static_paths import StaticPaths

Handler = Callable[..., Any]
_Give = Callable[[Context], object]

_ATTRIBUTES = (
    "client_address",
    "cookies",
    "generator",
    "is_prerendered",
    "locals",
    "nonce",
    "origin_pathname",
    "params",
    "props",
    "redirect",
    "request",
    "response",
    "rewrite",
    "route_pattern",
    "session",
    "site",
    "url",
)


class EndpointError(TypeError):
    """An endpoint's function cannot be called, or returned something that is no Response."""


class _Call(NamedTuple):
    """A handler, and how to find each of its arguments in a context."""

    handler: Handler
    name: str
    gifts: tuple[_Give, ...]
    named: dict[str, _Give]
    """Those that are given by name."""

    def result(self, context: Context) -> Any:
        given = {name: give(context) for name, give in self.named.items()} if self.named else self.named
        return self.handler(*[give(context) for give in self.gifts], **given)


class Endpoint:
    """An endpoint's functions, each with what its parameters ask for found out beforehand."""

    def __init__(self, module: ModuleType, route: Route, addresses: Addresses = ON_DEMAND) -> None:
        self.source = route.source
        self._handlers = {
            method: _call(handler, getattr(handler, "__name__", method), self.source)
            for method, handler in _handlers(module).items()
        }
        if not self._handlers:
            raise EndpointError(
                f"{self.source}: no handler can be called: GET, POST and the like are functions"
            )
        self.static_paths = StaticPaths.of(module, route, addresses)

    @property
    def allow(self) -> str:
        """The methods that the endpoint answers to, as the `Allow` header lists them (RFC 9110, 10.2.1)."""
        if "ALL" in self._handlers:
            return ", ".join(METHODS)
        allowed = {*self._handlers, "OPTIONS", *(("HEAD",) if "GET" in self._handlers else ())}
        return ", ".join(method for method in METHODS if method in allowed)

    async def respond(self, context: Context, props: Mapping[str, object] | None = None) -> Response:
        """What the function for the request's method returns; 405 where there is none.

        HEAD follows from GET, and OPTIONS is answered with `Allow`, where the endpoint does not define them.
        Raises EndpointError when the function returns anything but a Response.
        """
        found = self._find(context.request.method)
        if found is None:
            return self._undefined(context.request.method)
        context.props = AstroProps(props or {})
        result = found.result(context)
        if inspect.isawaitable(result):
            result = await result
        if not isinstance(result, Response):
            raise EndpointError(
                f"{self.source}: {found.name} should return a Response, and returned "
                f"{'None' if result is None else type(result).__name__}"
                f"{_advice(result)}"
            )
        return copy_response(result)

    def _find(self, method: str) -> _Call | None:
        names = (method, "GET", "ALL") if method == "HEAD" else (method, "ALL")
        return next((self._handlers[name] for name in names if name in self._handlers), None)

    def _undefined(self, method: str) -> Response:
        if method == "OPTIONS":
            return Response(None, 204, headers={"allow": self.allow})
        return Response(f"{method} is not allowed here.\n", 405, headers={"allow": self.allow})


def _advice(result: object) -> str:
    is_data = isinstance(result, (dict, list))
    return ": return Response.json(…) for data" if is_data else ""


def _handlers(module: ModuleType) -> dict[str, Handler]:
    """The module's functions by method. Lower-case names, as older guides have them, count where no other is there.

    A lower-case function has to be the module's own: an imported helper called `delete` is no handler.
    """
    names = (*METHODS, "ALL")
    found = {name: module.__dict__[name] for name in names if callable(module.__dict__.get(name))}
    if found:
        return found
    lower = {name: module.__dict__.get(name.lower()) for name in names}
    return {
        name: function
        for name, function in lower.items()
        if callable(function) and getattr(function, "__module__", None) == module.__name__
    }


def _call(handler: Handler, name: str, source: str) -> _Call:
    """How a handler is called: each argument is found by its name, the whole context for a sole other name."""
    parameters = inspect.signature(handler).parameters.values()
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    gifts: list[_Give] = []
    for parameter in positional:
        give = _gift(parameter.name) or (_give_context if len(positional) == 1 else None)
        if give is None and parameter.default is parameter.empty:
            raise _unknown_argument(parameter.name, name, source)
        if give is None:
            break  # what follows has defaults as well
        gifts.append(give)
    named: dict[str, _Give] = {}
    for parameter in parameters:
        give = _gift(parameter.name) if parameter.kind is parameter.KEYWORD_ONLY else None
        if give is not None:
            named[parameter.name] = give
        elif parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            raise _unknown_argument(parameter.name, name, source)
    return _Call(handler, name, tuple(gifts), named)


def _unknown_argument(argument: str, name: str, source: str) -> EndpointError:
    names = ", ".join(("context", *_ATTRIBUTES))
    return EndpointError(f"{source}: {name} asks for {argument!r}; it may ask for: {names}")


def _gift(name: str) -> _Give | None:
    if name == "context":
        return _give_context
    return (lambda context: getattr(context, name)) if name in _ATTRIBUTES else None


def _give_context(context: Context) -> Context:
    return context
