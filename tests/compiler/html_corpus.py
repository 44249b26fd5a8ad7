"""Real HTML documents render back to themselves: `python -m tests.compiler.html_corpus PLACE … [--seconds N]`.

A place is a folder with documents, or a JSON file with a list of texts, of which some may be refused. Braces are written
as character references first, since they would begin expressions, and scripts and styles are marked `is:inline`, since
they would be collected.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from pyastro.compiler import CompileError
from pyastro.compiler.html import VOID_ELEMENTS
from tests.compiler.lone import render_text

_RAW = re.compile(r"(<(script|style|math|iframe)\b.*?</\2\s*>)|[{}]", re.DOTALL | re.IGNORECASE)
_COLLECTED = re.compile(r"<(script|style)(?=[\s>])", re.IGNORECASE)
_SLASH = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*?)\s*/>""")
LARGEST = 400_000
REFUSALS = frozenset(
    """attribute-value-missing attribute-without-name backtick-attribute null-character stray-component-end-tag
    unclosed-component undefined-tag unterminated-attribute unterminated-comment unterminated-raw-text
    unterminated-tag""".split()
)
"""What is no document: something is left open to the end of it, or it has another meaning in a component."""
_TEMPLATE = re.compile(r"\{%|\{\{")
"""What templates of other engines have in the middle of tags, so that they are no HTML."""


class Document(NamedTuple):
    """A document, and what to call it. Of a refusable one the compiler may say that HTML has no such thing."""

    name: str
    text: str
    is_refusable: bool = False


def documents(places: Iterable[Path]) -> Iterator[Document]:
    """The documents of some places, in order; not those that are templates of other engines, or no text."""
    for place in places:
        yield from _texts(place) if place.suffix == ".json" else _files(place)


def _texts(place: Path) -> Iterator[Document]:
    for number, text in enumerate(json.loads(place.read_text("utf-8"))):
        yield Document(f"{place}[{number}]", text, True)


def _files(place: Path) -> Iterator[Document]:
    for path in sorted(place.rglob("*.htm*")):
        if path.suffix in (".html", ".htm") and path.is_file() and path.stat().st_size < LARGEST:
            with suppress(UnicodeDecodeError):
                text = path.read_bytes().decode().removeprefix("\ufeff")
                if not _TEMPLATE.search(text):
                    yield Document(str(path), text)


def difference(document: Document) -> str | None:
    """What is wrong with what a document renders as; None if nothing is."""
    text = document.text.strip()
    if not text or text.startswith("---"):
        return None
    html = _RAW.sub(lambda m: m[1] or ("&#123;" if m[0] == "{" else "&#125;"), text)
    try:
        rendered = render_text(_COLLECTED.sub(lambda m: f"{m[0]} is:inline", html)).strip()
    except CompileError as error:
        codes = {d.code for d in error.diagnostics if d.is_error}
        return None if document.is_refusable and codes <= REFUSALS else str(error)
    rendered, html = (each.replace(" is:inline", "") for each in (rendered, html))
    if rendered in (html, _without_slashes(html)):
        return None
    at = next((i for i, (a, b) in enumerate(zip(rendered, html, strict=False)) if a != b), len(html))
    return f"got {rendered[max(0, at - 40) : at + 40]!r} for {html[max(0, at - 40) : at + 40]!r}"


def _without_slashes(html: str) -> str:
    """HTML in which self-closing tags of other than void elements have an end tag, as components mean them."""
    return _SLASH.sub(lambda m: m[0] if m[1].lower() in VOID_ELEMENTS else f"<{m[1]}{m[2]}></{m[1]}>", html)


def main(arguments: list[str]) -> int:
    """Check documents until the time is over; 1 if one of them is not itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    checked = wrong = 0
    with patch(
        "pyastro.compiler.generate.generate._format", lambda rough, tree: (rough, tree)
    ):  # the layout is not the point
        for document in documents(options.places):
            if time.monotonic() > end:
                break
            checked += 1
            if found := difference(document):
                wrong += 1
                print(f"{document.name}: {found}")
    print(f"{checked} documents, {wrong} not themselves")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
