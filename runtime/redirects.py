"""Where a redirect may lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from pyastro.runtime.patterns import pattern
from pyastro.runtime.url import URL

__all__ = ["REDIRECT_STATUSES", "filled", "location", "permanent", "with_query"]

REDIRECT_STATUSES = frozenset([301, 302, 303, 307, 308])

_CONTROL = r"[\x00-\x1f\x7f]"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_LEADING_SLASHES = r"\A[/\\]{2,}"
_SCRIPT_SCHEMES = frozenset(["javascript:", "vbscript:", "data:"])
_PARAM = r"(/?)\[(\.\.\.)?(\w+)\]"
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def location(target: str | URL) -> str:
    """The `Location` that stands for `target`, in ASCII.

    A target leaves the site only where it names another host with its scheme: `https://other.example/`.
    What browsers would also take for another host does not: slashes and backslashes at the start
    (`//host`, `/\\host`) become one slash, other backslashes are percent-encoded. So are spaces and
    characters outside ASCII.

    Raises ValueError for control characters (browsers drop some of them, and so join what they part), for
    an `http` URL without a host (`https:/host`, `https:\\\\host`), and for the schemes that run scripts.
    """
    text = str(target).strip(" ")
    if pattern(_CONTROL).search(text):
        raise ValueError(f"A redirect's target cannot hold control characters: {text!r}")
    scheme = pattern(_SCHEME).match(text)
    if scheme is None:
        return quote(pattern(_LEADING_SLASHES).sub("/", text), safe=_SAFE)
    if scheme[0].lower() in _SCRIPT_SCHEMES:
        raise ValueError(f"A redirect cannot lead to a {scheme[0]} URL")
    if scheme[0].lower() in ("http:", "https:"):
        text = str(URL(text))
    return quote(text, safe=_SAFE)


def filled(target: str, params: Mapping[str, str | None]) -> str:
    """A configured target with the params of the path that led to it: `/articles/[...slug]`, as Astro fills it.

    They are percent-encoded. A rest param without segments leaves nothing, nor the slash before it.
    """

    def value(match: re.Match[str]) -> str:
        slash, dots, name = match.groups()
        text = params.get(name)
        return "" if text is None else slash + quote(text, safe="/" if dots else "")

    return pattern(_PARAM).sub(value, target) or "/"


def with_query(target: str, query: str) -> str:
    """A configured target with the query of the request that it answers.

    One that has a query of its own keeps that, and another site is told nothing of it.
    """
    path, mark, fragment = target.partition("#")
    if not query or "?" in path or not path.startswith("/"):
        return target
    return f"{path}?{query}{mark}{fragment}"


def permanent(method: str) -> int:
    """301 for GET and HEAD, else 308, which keeps method and body (RFC 9110, 15.4)."""
    return 301 if method in ("GET", "HEAD") else 308
