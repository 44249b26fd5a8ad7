"""One URL for each page: with a slash at its end or without, where the site's configuration chooses."""

import re
from collections.abc import Sequence

from pyastro.runtime.manifest import TrailingSlash
from pyastro.runtime.url import URL

# Browsers read a backslash as a slash, and two of them at the start of a path as another host's name.
_LEADING_SLASHES = re.compile(r"[/\\]+")


def canonical_location(url: URL, segments: Sequence[str], policy: TrailingSlash) -> str | None:
    """Where a request is to be redirected for its trailing slash; None where its URL is fine as it is.

    As in Astro, a path that looks like a file's (`/feed.xml`) never gets a slash.
    """
    if policy == "ignore" or not any(segments):
        return None
    has_slash = segments[-1] == ""
    if policy == "never" and has_slash:
        path = url.path.rstrip("/")
    elif policy == "always" and not has_slash and "." not in segments[-1]:
        path = url.path + "/"
    else:
        return None
    query = f"?{url.query_string}" if url.query_string else ""
    return _LEADING_SLASHES.sub("/", path, count=1) + query


def redirect_status(method: str) -> int:
    """301 for GET and HEAD, else 308, which keeps method and body (RFC 9110, 15.4)."""
    return 301 if method in ("GET", "HEAD") else 308
