"""One URL for each page: with a slash at its end or without, where the site's configuration chooses."""

import re
from collections.abc import Sequence

from pyastro.runtime.manifest import TrailingSlash
from pyastro.runtime.url import URL

# Browsers read a backslash as a slash, and two of them at the start of a path as another host's name.
_LEADING_SLASHES = re.compile(r"[/\\]+")


def canonical_location(url: URL, segments: Sequence[str], policy: TrailingSlash) -> str | None:
    """Where a request is to be redirected for its trailing slash; None where its URL is fine as it is.

    As in Astro, a path that looks like a file's (`/feed.xml`) never gets a slash, and several slashes at the end become
    one, whatever the policy.
    """
    if not any(segments):
        return None
    path = url.path.rstrip("/")
    if policy == "always":
        has_slash = segments[-1] == "" or "." not in segments[-1]
    else:
        has_slash = segments[-1] == "" and policy == "ignore"
    path += "/" if has_slash else ""
    return None if path == url.path else _location(path, url)


def with_slash(url: URL) -> str:
    """The same address with a slash at the end of its path."""
    return _location(f"{url.path.rstrip('/')}/", url)


def _location(path: str, url: URL) -> str:
    query = f"?{url.query_string}" if url.query_string else ""
    return _LEADING_SLASHES.sub("/", path, count=1) + query
