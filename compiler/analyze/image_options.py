"""The options of an image's tag. Images are made when a site is compiled, so that they stand there as literals."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.images import FORMATS, LAYOUTS, Recipe

_QUALITIES = {"low": 25, "mid": 50, "high": 80, "max": 100}
_MOST = 16_383
"""Pixels that an image in WebP may be wide or high."""
_ELSEWHERE = {
    "fallbackFormat": "It is `fallback_format` here.",
    "fit": "Where width and height are given, the image is cut to their ratio around its middle.",
    "inferSize": "Images from elsewhere are not fetched: give their width and height.",
    "pictureAttributes": "It is `picture_attributes` here.",
    "position": "Where width and height are given, the image is cut to their ratio around its middle.",
}
"""What Astro has and we do not, or not by that name."""


class Given(NamedTuple):
    """An option as it is written."""

    span: tuple[int, int]
    value: ast.expr | None
    """None where nothing stands in the braces."""


def read_recipe(given: Mapping[str, Given], is_picture: bool) -> tuple[Recipe, list[Problem]]:
    """What the options of a tag ask for, and what is wrong with them."""
    values: dict[str, Any] = {"is_picture": is_picture}
    problems = []
    for name, (span, tree) in given.items():
        if name in _ELSEWHERE:
            problems.append(messages.image_option(span, f"`{name}` is no option.", _ELSEWHERE[name]))
            continue
        try:
            field, value = _READERS[name](ast.literal_eval(tree)) if tree is not None else (name, None)
        except _WrongOption as error:
            problems.append(messages.image_option(span, f"`{name}` is {error}."))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            problems.append(messages.image_literal(span, name))
        else:
            values |= {field: value} if value is not None else {}
    problems += _conflicts(given, is_picture)
    return Recipe(**values), problems


def _conflicts(given: Mapping[str, Given], is_picture: bool) -> list[Problem]:
    """Options that do not go together, or belong to the other tag."""
    found = []
    if "widths" in given and "densities" in given:
        found.append(messages.image_option(given["densities"].span, "`densities` stands beside `widths`."))
    for name in ("format",) if is_picture else ("formats", "fallback_format"):
        if name in given:
            tag = "<Image>" if is_picture else "<Picture>"
            found.append(messages.image_option(given[name].span, f"`{name}` is an option of `{tag}`."))
    return found


class _WrongOption(Exception):
    """What an option must be."""


def _pixels(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST:
        raise _WrongOption(f"a number of pixels, from 1 to {_MOST}")
    return value


def _widths(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _WrongOption("a list of widths in pixels, such as `[400, 800]`")
    return tuple(sorted(set(map(_pixels, value))))


def _densities(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _WrongOption("a list of densities, such as `[1.5, 2]`")
    return tuple(sorted({_density(each) for each in value} - {1.0}))


def _density(value: Any) -> float:
    if isinstance(value, str):
        value = value.removesuffix("x")
    try:
        density = float(value)
    except (TypeError, ValueError):
        density = 0.0
    if not 1 <= density <= 10:
        raise _WrongOption("a list of numbers from 1 to 10, such as `[1.5, 2]`")
    return density


def _format(value: Any) -> str:
    found = {"jpeg": "jpg"}.get(value, value) if isinstance(value, str) else None
    if found not in FORMATS:
        raise _WrongOption(f"one of {', '.join(f'`{each}`' for each in FORMATS)}")
    return found


def _formats(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _WrongOption('a list of formats, such as `["avif", "webp"]`')
    try:
        return tuple(dict.fromkeys(map(_format, value)))
    except _WrongOption as error:
        raise _WrongOption(f"a list, of which each is {error}") from None


def _quality(value: Any) -> int:
    if isinstance(value, str):
        value = _QUALITIES.get(value, int(value) if value.isascii() and value.isdigit() else None)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:
        raise _WrongOption("a number up to 100, or one of `low`, `mid`, `high`, `max`")
    return value


def _layout(value: Any) -> str:
    if value not in LAYOUTS:
        raise _WrongOption(f"one of {', '.join(f'`{each}`' for each in LAYOUTS)}")
    return str(value)


_READERS: Mapping[str, Callable[[Any], tuple[str, Any]]] = {
    "densities": lambda value: ("densities", _densities(value)),
    "fallback_format": lambda value: ("fallback", _format(value)),
    "format": lambda value: ("formats", (_format(value),)),
    "formats": lambda value: ("formats", _formats(value)),
    "height": lambda value: ("height", _pixels(value)),
    "layout": lambda value: ("layout", _layout(value)),
    "quality": lambda value: ("quality", _quality(value)),
    "width": lambda value: ("width", _pixels(value)),
    "widths": lambda value: ("widths", _widths(value)),
}
OPTIONS = frozenset(_READERS) | frozenset(_ELSEWHERE)
