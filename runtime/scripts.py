"""`define:vars` on a `<script>`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["define_vars"]

_RESERVED = frozenset(
    """await break case catch class const continue debugger default delete do else enum eval export extends false finally for
    function if implements import in instanceof interface let new null package private protected public return static super
    switch this throw true try typeof var void while with yield arguments""".split()
)
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def define_vars(values: Mapping[str, Any]) -> str:
    """JavaScript that declares a constant for each value, safe inside a `<script>` element.

    Raises ValueError for a name that JavaScript does not allow, TypeError or ValueError for a value that JSON cannot hold.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"define:vars takes a dict, not {type(values).__name__}")
    return "".join(f"const {_name(name)} = {_json(name, value)};\n" for name, value in values.items())


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.replace("$", "_").isidentifier() or name in _RESERVED:
        raise ValueError(f"{name!r} cannot be the name of a JavaScript constant")
    return name


def _json(name: object, value: Any) -> str:
    """JSON in which nothing can end the element or begin a comment (HTML standard, 4.12.1.3)."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise type(error)(f"define:vars cannot give {name} to JavaScript: {error}") from None
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
