"""The headers of what is sent as it is, for hosts that take them from a file."""

from collections.abc import Mapping

from pyastro.adapters.adapter import Product
from pyastro.runtime.manifest import SiteConfig

IMMUTABLE_HEADERS: Mapping[str, str] = {"cache-control": "public, max-age=31536000, immutable"}
"""For files that have the hash of their contents in their names."""

_POLICIES = frozenset(("content-security-policy",))
"""What a page that was rendered ahead has in its head, where its headers are not sent."""


def site_headers(config: SiteConfig) -> dict[str, str]:
    """What the site is configured to send with everything. HSTS needs HTTPS, which all such hosts speak."""
    found = {"x-content-type-options": "nosniff", **config.security.headers}
    if config.security.hsts is not None:
        found["strict-transport-security"] = f"max-age={config.security.hsts}"
    return found


def page_headers(product: Product) -> dict[str, dict[str, str]]:
    """The headers that pages set themselves when they were rendered ahead, by their whole path."""
    base = product.manifest.config.base.rstrip("/")
    found: dict[str, dict[str, str]] = {}
    for path, each in sorted(product.files.items()):
        own = {name: value for name, value in each.headers.items() if name.lower() not in _POLICIES}
        if own:
            found[base + path] = own
    return found
