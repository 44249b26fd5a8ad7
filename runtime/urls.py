"""URLs that would run script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyastro.runtime.patterns import pattern

if TYPE_CHECKING:
    import re

__all__ = ["BLOCKED", "URL_ATTRIBUTES", "safe_url"]

BLOCKED = "about:blank#blocked"
"""What stands in place of a URL that would run script."""

URL_ATTRIBUTES = frozenset(
    """action archive background by cite classid codebase data dynsrc formaction href icon imagesrcset longdesc lowsrc manifest
    from ping poster profile src srcset to usemap values xlink:href""".split()
)
"""Attributes whose value a browser takes as a URL, or as several; an SVG animation may give one to a link."""

_SCHEME = r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]*([a-zA-Z][a-zA-Z0-9+.\x00-\x20-]*):"
_IGNORED = r"[\x00-\x20]"
_MEDIA_TYPE = r"[^;,]*"
_SEVERAL = frozenset({"srcset", "imagesrcset", "ping", "archive", "values"})
_BY_SPACES = r"[,;\s]+"
_BY_MARKS = "[,;]"
_IMAGES = frozenset({"src", "srcset", "imagesrcset", "poster", "background", "icon", "lowsrc", "dynsrc"})
"""Attributes that show an SVG image, in which no script runs, or as a document of no origin."""
_DOCUMENTS = ("text/html", "text/xml", "application/xhtml", "application/xml")


def safe_url(name: str, value: str) -> str:
    """The value of a URL attribute, or `about:blank#blocked` where a URL in it would run script.

    That is `javascript:`, `vbscript:`, and `data:` with HTML or XML. Browsers drop white space and control characters
    before and inside of a scheme, and so do we before we look. `name` is in lower case.
    """
    if ":" not in value:
        return value
    several = name in _SEVERAL
    candidates = (
        [value, *pattern(_BY_SPACES).split(value), *pattern(_BY_MARKS).split(value)] if several else [value]
    )
    return BLOCKED if any(_runs_script(name, url) for url in candidates) else value


def _runs_script(name: str, url: str) -> bool:
    found = pattern(_SCHEME).match(url)
    if found is None:
        return False
    scheme = pattern(_IGNORED).sub("", found.group(1)).lower()
    if scheme == "data":
        return _is_active(name, pattern(_MEDIA_TYPE).match(url, found.end()))
    return scheme in ("javascript", "vbscript", "livescript", "mocha")


def _is_active(name: str, media_type: re.Match[str] | None) -> bool:
    """May a document of a media type run script?"""
    kind = pattern(_IGNORED).sub("", media_type.group() if media_type else "").lower()
    if kind.startswith("image/svg"):
        return name not in _IMAGES
    return kind.startswith(_DOCUMENTS) or kind.endswith("+xml")
