"""Shorter spellings of the values in a scoped style sheet, as Astro's compiler writes them: `white` is `#fff`, `0px` is
`0`, `margin: 0 auto 0 auto` is `margin: 0 auto`.

Only what means the same wherever it is understood, and only in properties of which the grammar is known: a name may be
a color in one property and an animation's name in another. Custom properties are never touched, scripts may read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pyastro.compiler.analyze.selectors import Node

_COLORED = re.compile(
    r"(?:background|border|outline|text-decoration)(?:-.+)?|color|(?:box|text)-shadow|fill|stroke|mask(?:-image)?"
    r"|(?:accent|caret)-color|(?:backdrop-)?filter"
)
"""Properties in which the name of a color can be nothing else."""
_SIDED = re.compile(
    r"(?:scroll-)?(?:margin|padding)(?:-(?:block|inline))?|inset(?:-(?:block|inline))?|gap"
    r"|border-(?:color|style|width|radius)"
)
"""Properties with a value for each side, of which the last may be left out where they repeat the opposite one."""
_MEASURED = re.compile(
    r"(?:scroll-)?(?:margin|padding)(?:-.+)?|inset(?:-.+)?|top|right|bottom|left|(?:(?:min|max)-)?(?:width|height)"
    r"|(?:row-|column-)?gap|border(?:-.+)?|outline(?:-width|-offset)?|(?:box|text)-shadow|letter-spacing|text-indent"
)
"""Properties whose lengths need no unit where they are zero."""
_LENGTHS = frozenset("px em rem ex ch lh rlh vw vh vmin vmax svh lvh dvh cm mm q in pt pc".split())
_DESCENDED = re.compile(r"(?:.*-)?gradient|drop-shadow")
"""Functions in which colors stand as they do outside."""
_NOTATIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "hwb"})
_SIMPLE = frozenset({"ident", "hash", "number", "percentage", "dimension"})
_OPPOSITE = {4: 1, 3: 0, 2: 0}
"""Which side a last value repeats, by the number of values."""
_SHORT_NAMES = (
    """azure beige bisque brown coral gold gray green indigo ivory khaki linen maroon navy olive orange orchid
    peru pink plum purple red salmon sienna silver snow tan teal tomato violet wheat""".split()
)
"""The colors of which the name is shorter than any number."""


class Shorter(NamedTuple):
    """From `first` to the end of `last`, `text` may stand."""

    first: Node
    last: Node
    text: str


def shorter(tokens: Sequence[Node]) -> Iterator[Shorter]:
    """What of a declaration has a shorter spelling."""
    colon = next((i for i, t in enumerate(tokens) if t == ":"), 0)
    name = getattr(tokens[0], "lower_value", "") if colon else ""
    if (
        not name
        or name.startswith("--")
        or any(t.type not in ("whitespace", "comment") for t in tokens[1:colon])
    ):
        return
    value = tokens[colon + 1 :]
    repeated = list(_repeated_sides(value)) if _SIDED.fullmatch(name) else []
    if repeated:
        yield Shorter(repeated[0], repeated[-1], "")
    kept = [token for token in value if token not in repeated]
    for token in kept:
        if _MEASURED.fullmatch(name) and _is_zero_length(token):
            yield Shorter(token, token, "0")
    if _COLORED.fullmatch(name):
        yield from _colors(kept)


def _is_zero_length(token: Node) -> bool:
    return token.type == "dimension" and token.value == 0 and token.lower_unit in _LENGTHS


def _repeated_sides(value: Sequence[Node]) -> Sequence[Node]:
    """The end of a value that only repeats what stands before it."""
    end = next((i for i, t in enumerate(value) if t == "!"), len(value))
    sides = [i for i in range(end) if value[i].type != "whitespace"]
    if any(value[i].type not in _SIMPLE for i in sides):
        return ()
    texts = [_comparable(value[i]) for i in sides]
    count = len(texts)
    while count in _OPPOSITE and texts[count - 1] == texts[_OPPOSITE[count]]:
        count -= 1
    return value[sides[count - 1] + 1 : sides[-1] + 1] if 0 < count < len(texts) else ()


def _comparable(token: Node) -> str:
    if _is_zero_length(token):
        return "0"
    return str(_color(token) or token.serialize().lower())


def _colors(tokens: Sequence[Node]) -> Iterator[Shorter]:
    pending = list(tokens)
    while pending:
        token = pending.pop()
        if (text := _color(token)) is not None:
            yield Shorter(token, token, text)
        elif token.type == "function" and _DESCENDED.fullmatch(token.lower_name):
            pending += token.arguments


def _color(token: Node) -> str | None:
    """The shortest spelling of a color; None for what is no color.

    `currentcolor`, system colors and colors that have no 8 bits a channel stay as they are.
    """
    from tinycss2.color4 import parse_color

    if not (token.type in ("ident", "hash") or (token.type == "function" and token.lower_name in _NOTATIONS)):
        return None
    color = parse_color(token)
    if color is None or color == "currentcolor" or None in color.coordinates:
        return None
    channels = [_byte(coordinate) for coordinate in color.to("srgb").coordinates]
    alpha = _alpha(color.alpha)
    if None in channels or alpha is None:
        return None
    return _spelt([each for each in (*channels, alpha) if each is not None])


def _byte(value: float) -> int | None:
    """A channel as a byte, if it is one."""
    byte = round(value * 255)
    return byte if 0 <= byte <= 255 and abs(byte - value * 255) < 1e-6 else None


def _alpha(value: float) -> int | None:
    """An opacity as a byte, if that stands for the same (CSS Color 4, 16.1: a byte stands for two decimals)."""
    return int(value * 255 + 0.5) if round(value, 2) == value else _byte(value)


def _spelt(channels: Sequence[int]) -> str:
    """The shortest way to write red, green, blue and alpha; of two that are equally short the number."""
    digits = bytes(channels if channels[3] < 255 else channels[:3]).hex()
    if name := _short_names().get(digits):
        return name
    return "#" + (digits[::2] if digits[::2] == digits[1::2] else digits)


@cache
def _short_names() -> dict[str, str]:
    from tinycss2.color4 import parse_color

    return {bytes(round(c * 255) for c in parse_color(name).coordinates).hex(): name for name in _SHORT_NAMES}
