"""What a value renders as."""

from __future__ import annotations

import functools
from collections import UserString
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable, Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from pyastro.runtime.escape import escape
from pyastro.runtime.holes import leave_hole
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.secret import Secret

if TYPE_CHECKING:
    from pyastro.runtime.context import Context

__all__ = [
    "call_or_text",
    "formatted",
    "is_function",
    "plain_text",
    "raw",
    "refuse_textless",
    "render_child",
    "text",
]

MAX_DEPTH = 200
"""How deeply iterables may nest; a list that holds itself would never end."""

_IS_COROUTINE = 0x80
"""CO_COROUTINE."""

_CACHED = type(functools.cache(len))
_FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType, functools.partial, _CACHED)


def text(value: Any, context: Context) -> str:
    """The HTML of a value.

    None and bools give nothing; an object whose type defines `__html__` is trusted; markup is rendered; an awaitable is
    awaited; an iterable that is no text and no mapping gives its items; a function without required arguments its
    result; anything else `str(value)`, escaped. Raises TypeError for bytes, and for a function that needs arguments.

    Where something has to be awaited, the text has a hole, which the page fills.
    """
    if value.__class__ is int or value.__class__ is float:
        return str(value)
    return "" if value is None else _text(value, escape, context, 0)


def formatted(value: Any) -> str:
    """The HTML of a value as an f-string writes it: `format(value)`, escaped."""
    return escape(str.__str__(format(value)))


def raw(value: Any, context: Context) -> str:
    """The HTML of a value whose text is trusted: what `set:html` writes. A response of `fetch` gives its body."""
    return _text(value, str, context, 0)


def render_child(context: Context, value: Any, *args: Any) -> str:
    """The HTML of a component's only child: a function receives the arguments of `Astro.slots.render`."""
    return call_or_text(context, value, *args) if args else text(value, context)


def call_or_text(context: Context, value: Any, *args: Any) -> str:
    """The HTML of what a function gives for the arguments, or of a value that is no function."""
    return text(value(*args) if is_function(value) else value, context)


def is_function(value: object) -> bool:
    """Is this a function, a method, or a partial application of one? Classes and other callables are not."""
    return isinstance(value, _FUNCTIONS)


def plain_text(value: Any, where: str) -> str:
    """The text of a value that can be nothing but text. `where` begins the message of the TypeError for functions,
    bytes, markup and iterators, which have none.
    """
    refuse_textless(value, where)
    return str.__str__(str(value))  # __str__ may give a Markup


def refuse_textless(value: Any, where: str) -> None:
    """Raise TypeError for a value whose `str` nobody can mean; `where` begins its message."""
    if isinstance(value, Secret):
        raise TypeError(f"{where} cannot hold a secret")
    if is_function(value) or isinstance(value, bytes | bytearray | memoryview | MarkupValue):
        kind = "markup" if isinstance(value, MarkupValue) else type(value).__name__
        raise TypeError(f"{where} cannot hold a value of the type {kind}")
    if isinstance(value, Iterator | AsyncIterator):
        raise TypeError(
            f"{where} cannot hold a value of the type {type(value).__name__}: make one text of its items"
        )


def _text(value: Any, escaped: Any, context: Context, depth: int) -> str:
    kind = value.__class__
    if kind is int or kind is float:
        return str(value)
    if kind is str:
        return escaped(value)  # type: ignore[no-any-return]  # escape or str
    if value is None or value is True or value is False:
        return ""
    if kind is MarkupValue:
        return value.text(context)  # type: ignore[no-any-return]
    if (html := _html_method(type(value))) is not None:
        return str.__str__(html(value))
    return _unusual(value, escaped, context, depth)


def _html_method(kind: type) -> Any:
    """The `__html__` that a type itself defines: not one of the instance, nor of the type's own type."""
    method = getattr(kind, "__html__", None)
    return method if callable(method) and any("__html__" in vars(each) for each in kind.__mro__) else None


def _unusual(value: Any, escaped: Any, context: Context, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise RecursionError("this value holds itself, or is nested too deeply to be rendered")
    if isinstance(value, bytes | bytearray | memoryview):
        raise TypeError(f"{type(value).__name__} cannot be rendered: decode them first")
    if isinstance(value, str | Mapping | UserString):
        return escaped(str.__str__(str(value)))  # type: ignore[no-any-return]  # __str__ may give a Markup
    if is_function(value):
        return _text(_call(value), escaped, context, depth + 1)
    if isinstance(value, Awaitable):
        return leave_hole(context, value, lambda result: _text(result, escaped, context, depth + 1))
    if isinstance(value, AsyncIterable):  # before Iterable: a query set is both, and must not block
        return leave_hole(context, _items(value), lambda items: _joined(items, escaped, context, depth))
    if isinstance(value, Iterable):
        return _joined(value, escaped, context, depth)
    if escaped is str and _is_response(value):
        return leave_hole(context, value.text(), str)
    return escaped(str.__str__(str(value)))  # type: ignore[no-any-return]  # __str__ may give a Markup


def _is_response(value: Any) -> bool:
    """Does a value give its text when it is awaited, as the response of `fetch` does?"""
    method = getattr(type(value), "text", None)
    return isinstance(method, FunctionType) and bool(method.__code__.co_flags & _IS_COROUTINE)


def _joined(items: Iterable[Any], escaped: Any, context: Context, depth: int) -> str:
    return "".join([_text(item, escaped, context, depth + 1) for item in items])


async def _items(value: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in value]


def _call(function: Any) -> Any:
    """The result of a function without required arguments."""
    from inspect import signature

    try:
        signature(function).bind()
    except ValueError:  # some built-in functions tell no signature
        return function()
    except TypeError as error:
        name = getattr(function, "__name__", repr(function))
        raise TypeError(f"the function {name} cannot be rendered: {error}") from None
    return function()
