"""The inline scripts and styles of an HTML document, as a Content-Security-Policy allows them (CSP Level 3, 8.4)."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import TypeAlias

__all__ = ["InlineSources", "hash_source", "inline_sources"]

InlineSources: TypeAlias = tuple[tuple[str, str], ...]
"""Of each element its kind, `script` or `style`, and its hash."""

_NEWLINE = re.compile(r"\r\n?")


def hash_source(text: str) -> str:
    """The source that allows an element with this text, whose newlines a browser makes alike before it looks."""
    digest = sha256(_NEWLINE.sub("\n", text).encode("utf-8", "replace")).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def inline_sources(html: str) -> InlineSources:
    """The inline scripts and styles of a whole document, in order, each once."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return tuple(dict.fromkeys(parser.found))


class _Parser(HTMLParser):
    """Collects the texts of `<script>` and `<style>`. A script with a `src` has no text that counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str]] = []
        self._text: list[str] | None = None

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """A comment, as the HTML standard has it; the library raises an error for what SGML does not know."""
        return self.parse_bogus_comment(i, bool(report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_inline = tag == "style" or (tag == "script" and "src" not in dict(attrs))
        self._text = [] if is_inline else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag in ("script", "style"):
            self.found.append((tag, hash_source("".join(self._text))))
        self._text = None
