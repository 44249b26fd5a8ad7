"""Style attributes, and the variables of a style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyastro.runtime.values import plain_text

__all__ = ["join_styles", "style_text", "style_variables"]

# What a name may hold, said by what it may not: the ranges beyond ASCII would take 30 ms to compile.
_START = r"[^\x00-\x40\x5b-\x5e\x60\x7b-\x7f]"
_PART = r"[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]"
_NAME = re.compile(f"-?-?{_START}{_PART}*|--{_PART}+")
_TOKEN = re.compile(
    r"""
    (?P<string> "(?:[^"\\\n\r\f]|\\[^\n\r\f])*" | '(?:[^'\\\n\r\f]|\\[^\n\r\f])*' )
    | (?P<url> url\( [ \t\n\r\f]* (?:[^"'()\\\x00-\x20\x7f]|\\[^\n\r\f])+ [ \t\n\r\f]* \) )
    | (?P<bad>
        [;{}"'\x00] | /\* | \*/ | <!-- | --> | \\(?:[\n\r\f]|\Z) | !(?!\s*important\s*\Z)
        | url\( (?![ \t\n\r\f]*["'])                            # a URL token that is none
        | [#@]? {ident}*+ {escape} (?:{ident}|{escape})* \(    # perhaps `url(` in disguise
      )
    | (?P<name> [#@]? (?:{ident}|{escape})+ )
    | (?P<open> [(\[] )
    | (?P<close> [)\]] )
    | (?P<other> . )
    """.replace("{ident}", _PART).replace(
        "{escape}", r"(?>\\(?:[0-9a-f]{1,6}(?:\r\n|[ \t\n\r\f])?|[^0-9a-f\n\r\f]))"
    ),
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
"""What a value consists of (CSS Syntax, section 4), as far as it tells where the value ends."""
_CLOSING = {"(": ")", "[": "]"}


def style_text(value: Any) -> str:
    """The text of a `style` attribute: text as it is, or the declarations of a mapping, without those whose value is
    None, a bool or blank.

    A property's name may be written `margin-top` or `marginTop`. Raises ValueError for a name or a value that would not
    stay one declaration, TypeError for a value that has no text.
    """
    if isinstance(value, str):
        return str.__str__(str(value))
    if not isinstance(value, Mapping):
        raise TypeError(f"style={{…}} takes text or a dict, not {type(value).__name__}")
    return ";".join(_declaration(str(name), item) for name, item in value.items() if not _is_blank(item))


def style_variables(values: Mapping[str, Any]) -> str:
    """The custom properties that `define:vars` on a `<style>` sets: `--name: value;` for each that is not None, a bool
    or blank.

    Raises ValueError for a name or a value that would not stay one declaration, TypeError for what is no mapping.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"define:vars takes a dict, not {type(values).__name__}")
    return " ".join(
        f"{_declaration('--' + str(name).removeprefix('--'), item, ': ')};"
        for name, item in values.items()
        if not _is_blank(item)
    )


def _is_blank(value: Any) -> bool:
    """Does a value say nothing to CSS?"""
    return value is None or value is True or value is False or (isinstance(value, str) and not value.strip())


def join_styles(own: Any, variables: str) -> str:
    """An element's own style, followed by the variables of its component's style sheet."""
    text = "" if own is None or own is False or own is True else style_text(own).strip()
    return f"{text}{'' if not text or text.endswith(';') else ';'} {variables}".strip()


def _declaration(name: str, value: Any, colon: str = ":") -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a CSS property")
    if "-" not in name:
        name = re.sub("[A-Z]", lambda found: "-" + found.group().lower(), name)
    text = plain_text(value, f"the style {name}")
    if not _stays_one(text):
        raise ValueError(f"{text!r} is not one CSS value, so it cannot be given to {name}")
    return f"{name}{colon}{text}"


def _stays_one(value: str) -> bool:
    """Does a value end where its text ends? Not if it closes its declaration, or leaves something open."""
    awaited: list[str] = []
    for token in _TOKEN.finditer(value):
        kind, text = token.lastgroup, token.group()
        if kind == "open":
            awaited.append(_CLOSING[text])
        elif kind == "bad" or (kind == "close" and (not awaited or awaited.pop() != text)):
            return False
    return not awaited
