"""The settings that a site takes from its environment, declared with their types: `env` in the configuration."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pyastro.runtime.errors import SetupError
from pyastro.runtime.secret import Secret, remember

__all__ = ["read_environment"]

Declaration: TypeAlias = Mapping[str, Any]

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


def read_environment(
    declarations: Mapping[str, Declaration], environment: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """The values of declared settings, by name. One that is empty counts as missing.

    Raises SetupError, which tells everything that is missing or wrong at once, and no secret.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, declaration in declarations.items():
        text = environment.get(name, "").strip()
        if text:
            try:
                values[name] = _read(text, declaration)
            except ValueError:
                found = "something else" if declaration.get("secret") else repr(text)
                faults.append(f"{name} should be {_expected(declaration)}, and is {found}")
        elif "default" in declaration or declaration.get("optional"):
            values[name] = declaration.get("default")
        else:
            faults.append(f"{name} is missing; it should be {_expected(declaration)}")
    if faults:
        listed = "".join(f"\n  {fault}" for fault in faults)
        raise SetupError(f"The environment is not what the site needs.{listed}")
    return values


def _read(text: str, declaration: Declaration) -> Any:
    """The value that a text stands for. Raises ValueError where it is none of the declared ones."""
    value = _READERS[declaration["type"]](text)
    if not all(holds(value, declaration) for holds in _LIMITS):
        raise ValueError(text)
    if declaration.get("secret"):
        remember(text)
        return Secret(text)
    return value


def _int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,300}", text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _bool(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(text)
    return word in _TRUE


def _url(text: str) -> str:
    if not urlsplit(text).scheme or "//" not in text or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "enum": str,
    "url": _url,
    "int": _int,
    "number": _number,
    "bool": _bool,
}

_LIMITS: tuple[Callable[[Any, Declaration], bool], ...] = (
    lambda value, limits: "min" not in limits or bool(value >= limits["min"]),
    lambda value, limits: "max" not in limits or bool(value <= limits["max"]),
    lambda value, limits: "min_length" not in limits or len(value) >= limits["min_length"],
    lambda value, limits: "max_length" not in limits or len(value) <= limits["max_length"],
    lambda value, limits: "values" not in limits or value in limits["values"],
)

_KINDS = {
    "string": "text",
    "url": 'a URL such as "https://example.org/"',
    "int": "a whole number",
    "number": "a number",
    "bool": "true or false",
}


def _expected(declaration: Declaration) -> str:
    """What a setting may be, in words: `a whole number of at least 1 and at most 65535`."""
    if declaration["type"] == "enum":
        return f"one of {', '.join(declaration['values'])}"
    limits = [f"at least {declaration['min']}"] if "min" in declaration else []
    limits += [f"at most {declaration['max']}"] if "max" in declaration else []
    limits += [f"{declaration['min_length']} characters or more"] if "min_length" in declaration else []
    limits += [f"{declaration['max_length']} characters or less"] if "max_length" in declaration else []
    return _KINDS[declaration["type"]] + (f" of {' and '.join(limits)}" if limits else "")
