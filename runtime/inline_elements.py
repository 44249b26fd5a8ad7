"""The inline scripts and styles of an HTML document, as a Content-Security-Policy allows them (CSP Level 3, 8.4)."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
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
    from pyastro.runtime.inline_parser import InlineParser  # only here: few sites have a policy

    parser = InlineParser()
    parser.feed(html)
    parser.close()
    return tuple(dict.fromkeys(parser.found))
