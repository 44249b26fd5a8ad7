"""The values that a development page shows: short, whatever they are, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from types import BuiltinMethodType, FrameType, FunctionType, ModuleType
from typing import Any

from pyastro.runtime.astro import Astro
from pyastro.runtime.context import Context
from pyastro.runtime.secret import MASK, mask
from pyastro.runtime.tracebacks import source_of

__all__ = ["MASK", "is_secret", "shown", "values_of"]

_MOST_VALUES = 40
_MOST_ITEMS = 12
_DEEPEST = 4
_LONGEST = 300
_LONGEST_OF_ALL = 2000
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
_SECRET_NAME = re.compile(
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|credential|authori[sz]ation|cookie"
    r"|(?:^|[_.\s-]|api|private)keys?(?:$|[_.\s-])|(?-i:[a-z]Keys?$)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"""(?P<name>[\w.-]{1,80})(?P<sign>['"]?\s{0,3}[:=]\s{0,3}|['"],\s?)"""
    r"""(?P<value>b?'(?:[^'\\]|\\.)*'?|b?"(?:[^"\\]|\\.)*"?|[^\s,;)}\]>]+)""",
    re.DOTALL,
)
_PLUMBING = (BuiltinMethodType, FunctionType, dict)
_HIDDEN = (ModuleType, Context, Astro)


def is_secret(name: str) -> bool:
    """Whether a name promises something that must not be shown: a password, a token, a key, a cookie."""
    return _SECRET_NAME.search(name) is not None


def shown(value: object, name: str = "") -> str:
    """A value as short text, with what is secret in it masked. It never raises, whatever the value's `repr` does."""
    if is_secret(name):
        return MASK
    return _text(value)[:_LONGEST_OF_ALL]


def values_of(frame: FrameType) -> list[tuple[str, str]]:
    """The names of a frame and what they hold, as short text; those of a module as a whole are too many."""
    if frame.f_code.co_name == "<module>":
        return []
    names = dict(frame.f_locals)
    source = source_of(frame)
    if source is not None and source.endswith(".astro"):
        names = _of_component(frame, names)
    visible = [(name, value) for name, value in names.items() if not _is_hidden(name, value)]
    return [(name, shown(value, name)) for name, value in visible[:_MOST_VALUES]]


def _of_component(frame: FrameType, names: dict[str, Any]) -> dict[str, Any]:
    """The names that the author wrote, not those of the generated code, and what `Astro` was given."""
    words = _words(frame.f_code.co_filename)
    own = {name: value for name, value in names.items() if words is None or name in words}
    astro = names.get("Astro")
    for name in ("write", "slots", "slot"):  # the words may stand in the text
        if type(own.get(name)) in _PLUMBING:
            del own[name]
    if type(astro) is Astro:
        own |= {"Astro.props": astro.props, "Astro.params": astro.context.params}
    return own


def _words(file: str) -> frozenset[str] | None:
    """Every word of a source; None where its text is not there."""
    import linecache

    lines = linecache.getlines(file)
    return frozenset(re.findall(r"\w+", "".join(lines))) if lines else None


def _is_hidden(name: str, value: object) -> bool:
    return issubclass(type(value), _HIDDEN) or (name.startswith("__") and name.endswith("__"))


def _text(value: Any, depth: int = 0) -> str:
    """A repr of bounded size; what stands in it under the name of a secret is masked."""
    kind = type(value)  # what a lazy object says of its class, or whether it is true, may raise
    if kind is str:
        return repr(_cut(value))  # before it is quoted: it may be a megabyte
    if kind is tuple and len(value) == 2 and type(value[0]) is str:
        return f"({_pair(value, depth, ', ')})"
    if issubclass(kind, dict) and dict.__len__(value):
        return "{…}" if depth > _DEEPEST else f"{{{_joined(dict.items(value), _pair, depth)}}}"
    if kind in _BRACKETS and value:
        before, after = _BRACKETS[kind]
        after = ",)" if kind is tuple and len(value) == 1 else after
        return f"{before}…{after}" if depth > _DEEPEST else f"{before}{_joined(value, _text, depth)}{after}"
    return _of_object(value)


def _of_object(value: object) -> str:
    try:
        return _cut(_NAMED.sub(_masked, repr(value)[: 4 * _LONGEST]))
    except BaseException as error:  # a repr may even raise SystemExit
        return f"<{type(value).__name__}: its repr raises {type(error).__name__}>"


def _joined(items: Any, text: Callable[[Any, int], str], depth: int) -> str:
    parts = [text(item, depth + 1) for item in islice(items, _MOST_ITEMS)]
    return ", ".join([*parts, "…"] if len(items) > _MOST_ITEMS else parts)


def _pair(pair: tuple[object, object], depth: int, sign: str = ": ") -> str:
    key, value = pair
    is_masked = type(key) is str and is_secret(key)
    return f"{_text(key, depth)}{sign}{MASK if is_masked else _text(value, depth)}"


def _masked(found: re.Match[str]) -> str:
    """`name=value` inside the repr of an object, whose value is masked where the name promises a secret."""
    return found["name"] + found["sign"] + MASK if is_secret(found["name"]) else found[0]


def _cut(text: str) -> str:
    text = mask(text)  # before half of a secret is cut off
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
