"""The files that a style sheet names: in `url(…)`, and in `@import`."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

_BARE = r"""(?i)url\(\s*([^\s"'()\\]*)\s*\)"""
_QUOTED = r"""(?i)(?:url\(\s*)?(?:"([^"\\\n]*)"|'([^'\\\n]*)')"""
_ELSEWHERE = r"(?i)[a-z][a-z0-9+.-]*:|[/#?]|$"
"""How a reference begins that is no file beside the style sheet: with a scheme, at the root, or in the document."""

_IMAGE_SETS = ("image-set", "-webkit-image-set")
"""The functions in which a string is an address (CSS Images 4, 2.4)."""


class Reference(NamedTuple):
    """A file that a style sheet names: what is written from `start` to `end`, the path, and what stands behind it."""

    start: int
    end: int
    path: str
    suffix: str
    """`?…` or `#…`."""


def with_addresses(css: str, address: "Callable[[Reference], str]") -> str:
    """A style sheet in which files have the addresses where they are served. One without an address stays as it is."""
    pieces, at = [], 0
    for reference in references(css):
        if found := address(reference):
            pieces += [css[at : reference.start], f'url("{found}{_escaped(reference.suffix)}")']
            at = reference.end
    return "".join([*pieces, css[at:]])


def _escaped(suffix: str) -> str:
    """A query or a fragment as it stands in a string of CSS."""
    return re.sub(r"[^\w\-.~!$&*+,;=:@/?#%]", lambda found: f"\\{ord(found.group()):x} ", suffix)


def references(css: str) -> list[Reference]:
    """The relative references of a style sheet, in order."""
    if "url(" not in css.lower() and "@" not in css:
        return []
    from tinycss2 import parse_component_value_list

    starts = [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\f]", css))]
    found = []
    for token in _named(parse_component_value_list(css)):
        at = starts[token.source_line - 1] + token.source_column - 1
        written = re.compile(_BARE).match(css, at) or re.compile(_QUOTED).match(css, at)
        text = next((group for group in written.groups() if group is not None), "") if written else ""
        if written is None or re.match(_ELSEWHERE, text):
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
    """The tokens that name files, wherever they stand. That of `@namespace` is a name alone (CSS Namespaces, 3)."""
    pending = [(tokens, False)]
    while pending:
        block, has_strings = pending.pop()
        rule = ""
        for token in block:
            is_url = token.type == "url" or (token.type == "function" and token.lower_name == "url")
            is_string = token.type == "string" and (has_strings or rule == "import")
            if (is_url and rule != "namespace") or is_string:
                yield token
            if token.type == "at-keyword":
                rule = token.lower_value
            elif token.type not in ("whitespace", "comment") and (rule != "namespace" or token == ";"):
                rule = ""
            is_set = token.type == "function" and token.lower_name in _IMAGE_SETS
            pending += [
                (inner, is_set) for name in ("content", "arguments") if (inner := getattr(token, name, None))
            ]
