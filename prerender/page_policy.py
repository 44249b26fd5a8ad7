"""A page's Content-Security-Policy as an element of it, for hosts that send files without the page's headers."""

import re
from collections.abc import Mapping

from markupsafe import escape

_HEADER = "content-security-policy"
_HEAD = rb"(?i)<head(?:\s[^>]*)?>"
_DOCTYPE = rb"(?i)\s*<!doctype[^>]*>"
_HEADERS_ALONE = frozenset({"frame-ancestors", "report-to", "report-uri", "sandbox"})
"""Directives that browsers heed in the header only (CSP Level 3, 3.3)."""


def with_policy(html: bytes, headers: Mapping[str, str]) -> bytes:
    """The page with its policy at the beginning of its head; as it is where it has none."""
    policy = next((value for name, value in headers.items() if name.lower() == _HEADER), None)
    if policy is None:
        return html
    directives = [each.strip() for each in policy.split(";")]
    kept = "; ".join(each for each in directives if each and each.split()[0] not in _HEADERS_ALONE)
    element = f'<meta http-equiv="{_HEADER}" content="{escape(kept)}">'.encode()
    at = re.search(_HEAD, html) or re.match(_DOCTYPE, html)
    end = at.end() if at else 0
    return html[:end] + element + html[end:]
