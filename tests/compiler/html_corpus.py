"""Real HTML documents render back to themselves: `python -m tests.compiler.html_corpus FOLDER … [--seconds N]`.

Braces are written as character references first, since they would begin expressions, and scripts and styles are marked
`is:inline`, since they would be collected.
"""

import argparse
import re
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

from pyastro.compiler import CompileError
from pyastro.compiler.html import VOID_ELEMENTS
from tests.compiler.lone import render_text

_RAW = re.compile(r"(<(script|style|math|iframe)\b.*?</\2\s*>)|[{}]", re.DOTALL | re.IGNORECASE)
_COLLECTED = re.compile(r"<(script|style)(?=[\s>])", re.IGNORECASE)
_SLASH = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*?)\s*/>""")
LARGEST = 400_000
_TEMPLATE = re.compile(r"\{%|\{\{")
"""What templates of other engines have in the middle of tags, so that they are no HTML."""


def documents(folders: Iterable[Path]) -> Iterator[Path]:
    """The HTML files below some folders, in order."""
    for folder in folders:
        for path in sorted(folder.rglob("*.htm*")):
            if path.suffix in (".html", ".htm") and path.is_file() and path.stat().st_size < LARGEST:
                yield path


def difference(path: Path) -> str | None:
    """What is wrong with what a document renders as; None if nothing is."""
    try:
        text = path.read_bytes().decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        return None
    if not text or text.startswith("---") or "\0" in text or _TEMPLATE.search(text):
        return None
    html = _RAW.sub(lambda m: m[1] or ("&#123;" if m[0] == "{" else "&#125;"), text)
    try:
        rendered = render_text(_COLLECTED.sub(lambda m: f"{m[0]} is:inline", html)).strip()
    except CompileError as error:
        return str(error)
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
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    checked = wrong = 0
    with patch(
        "pyastro.compiler.generate.generate._format", lambda rough, tree: (rough, tree)
    ):  # the layout is not the point
        for path in documents(options.folders):
            if time.monotonic() > end:
                break
            checked += 1
            if found := difference(path):
                wrong += 1
                print(f"{path}: {found}")
    print(f"{checked} documents, {wrong} not themselves")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
