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
_SEVERAL = frozenset({"srcset", "imagesrcset", "ping", "archive"})


def safe_url(name: str, value: str) -> str:
    """The value of a URL attribute, or `about:blank#blocked` where a URL in it would run script.

    Browsers drop white space and control characters before and inside of a scheme, and so do we before we look.
    """
    if ":" not in value:
        return value
    candidates = re.split(r"[,\s]+", value) if name in _SEVERAL else [value]
    return BLOCKED if any(map(_runs_script, [value, *candidates])) else value


def _runs_script(url: str) -> bool:
    found = _SCHEME.match(url)
    if found is None:
        return False
    scheme = _IGNORED.sub("", found.group(1)).lower()
    if scheme == "data":
        rest = _IGNORED.sub("", url[found.end() :]).lower()
        return rest.startswith(("text/html", "text/xml", "application/xhtml", "application/xml", "image/svg"))
    return scheme in ("javascript", "vbscript", "livescript", "mocha")
