"""The methods that a site answers to, and who may use them from where."""

from urllib.parse import urlsplit

from pyastro.runtime.request import Request

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_cross_site(request: Request) -> bool:
    """Whether a request that may change something was made by a page of another site, and is to be refused.

    Browsers say where a request comes from in `Sec-Fetch-Site` (Fetch Metadata), older ones in `Origin` alone. Whatever
    the content type, JSON included, the two headers decide; a request with neither was not made by a browser.
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and not _is_own_origin(origin, request)


def _is_own_origin(origin: str, request: Request) -> bool:
    """Whether an `Origin` is the site's. Behind a proxy that ends TLS the site knows itself as http alone."""
    theirs, own = _host_and_port(origin), _host_and_port(request.url.origin)
    is_downgrade = request.url.scheme == "https" and not origin.startswith("https:")
    return theirs is not None and theirs == own and not is_downgrade


def _host_and_port(origin: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return parts.hostname, None if port == _DEFAULT_PORTS.get(parts.scheme) else port
