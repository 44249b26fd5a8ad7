"""The files that a style sheet names: in `url(…)`, and in `@import`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

_BARE = re.compile(r"""url\(\s*([^\s"'()\\]*)\s*\)""", re.IGNORECASE)
_QUOTED = re.compile(r"""(?:url\(\s*)?(?:"([^"\\\n]*)"|'([^'\\\n]*)')""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]|$", re.IGNORECASE)
"""How a reference begins that is no file beside the style sheet: with a scheme, at the root, or in the document."""


class Reference(NamedTuple):
    """A file that a style sheet names: what is written from `start` to `end`, the path, and what stands behind it."""

    start: int
    end: int
    path: str
    suffix: str
    """`?…` or `#…`."""


def references(css: str) -> list[Reference]:
    """The relative references of a style sheet, in order."""
    from tinycss2 import parse_component_value_list

    starts = [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\f]", css))]
    found = []
    for token in _named(parse_component_value_list(css)):
        at = starts[token.source_line - 1] + token.source_column - 1
        written = _BARE.match(css, at) or _QUOTED.match(css, at)
        text = next((group for group in written.groups() if group is not None), "") if written else ""
        if written is None or _ELSEWHERE.match(text):
            continue
        cut = min(index for index in (text.find("?"), text.find("#"), len(text)) if index >= 0)
        found.append(Reference(written.start(), _end(css, written), text[:cut], text[cut:]))
    return sorted(found)


def _end(css: str, written: "re.Match[str]") -> int:
    """The end of a reference, with the bracket of `url("…")`."""
    if not written.group().lower().startswith("url(") or written.group().endswith(")"):
        return written.end()
    closing = re.compile(r"\s*\)").match(css, written.end())
    return closing.end() if closing else written.end()


def _named(tokens: Sequence[Any]) -> Iterator[Any]:
    """The tokens that name files, wherever they stand."""
    pending = [tokens]
    while pending:
        block = pending.pop()
        is_import = False
        for token in block:
            if (
                token.type == "url"
                or (token.type == "function" and token.lower_name == "url")
                or (token.type == "string" and is_import)
            ):
                yield token
            if token.type not in ("whitespace", "comment"):
                is_import = token.type == "at-keyword" and token.lower_value == "import"
            pending += [inner for name in ("content", "arguments") if (inner := getattr(token, name, None))]
