"""URLs that would run script."""

from __future__ import annotations

import re

__all__ = ["BLOCKED", "URL_ATTRIBUTES", "safe_url"]

BLOCKED = "about:blank#blocked"
"""What stands in place of a URL that would run script."""

URL_ATTRIBUTES = frozenset(
    """action archive background cite classid codebase data dynsrc formaction href icon imagesrcset longdesc lowsrc manifest
    ping poster profile src srcset usemap xlink:href""".split()
)
"""Attributes whose value a browser takes as a URL, or as several."""

_SCHEME = re.compile(
    r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]*([a-zA-Z][a-zA-Z0-9+.\x00-\x20-]*):"
)
_IGNORED = re.compile(r"[\x00-\x20]")
_MEDIA_TYPE = re.compile(r"[^;,]*")
_SEVERAL = frozenset({"srcset", "imagesrcset", "ping", "archive"})
_IMAGES = frozenset({"background", "icon", "imagesrcset", "poster", "src", "srcset"})
"""Attributes that show a picture: an SVG in an `<img>` runs no script, and in a frame none that reaches the page."""


def safe_url(name: str, value: str) -> str:
    """The value of a URL attribute, or `about:blank#blocked` where a URL in it would run script.

    That is `javascript:`, `vbscript:`, and `data:` with HTML or XML. Browsers drop white space and control characters
    before and inside of a scheme, and so do we before we look. `name` is in lower case.
    """
    if ":" not in value:
        return value
    candidates = [value, *re.split(r"[,\s]+", value)] if name in _SEVERAL else [value]
    return BLOCKED if any(_runs_script(name, url) for url in candidates) else value


def _runs_script(name: str, url: str) -> bool:
    found = _SCHEME.match(url)
    if found is None:
        return False
    scheme = _IGNORED.sub("", found.group(1)).lower()
    if scheme == "data":
        return _is_active(name, _MEDIA_TYPE.match(url, found.end()))
    return scheme in ("javascript", "vbscript", "livescript", "mocha")


def _is_active(name: str, media_type: re.Match[str] | None) -> bool:
    """May a document of a media type run script?"""
    kind = _IGNORED.sub("", media_type.group() if media_type else "").lower()
    if kind == "image/svg+xml":
        return name not in _IMAGES
    return kind in ("text/html", "text/xml", "application/xml") or kind.endswith("+xml")
