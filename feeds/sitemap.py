"""Site maps (sitemaps.org), and the index of several of them where a site has more addresses than one may hold."""

from collections.abc import Iterable, Sequence
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from pyastro.feeds.xml import add, document
from pyastro.runtime.response import Response
from pyastro.runtime.url import URL

LIMIT = 45_000
"""How many addresses a map holds at most. 50,000 are allowed; Astro's integration stops here."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(urls: Iterable[str | URL]) -> Response:
    """A map of these absolute URLs as a response. Raises ValueError for more than 50,000."""
    listed = [str(url) for url in urls]
    if len(listed) > 50_000:
        raise ValueError(f"A site map holds 50,000 URLs at most, not {len(listed):,}")
    return Response(_map("urlset", "url", listed), headers={"content-type": "application/xml; charset=utf-8"})


def sitemap_files(urls: Sequence[str], base: str, limit: int = LIMIT) -> dict[str, bytes]:
    """The files of a map: `sitemap.xml` alone, or as the index of `sitemap-1.xml` and so on, which lie at `base`."""
    if len(urls) <= limit:
        return {"sitemap.xml": _map("urlset", "url", urls)}
    starts = range(0, len(urls), limit)
    parts = {
        f"sitemap-{number}.xml": _map("urlset", "url", urls[start : start + limit])
        for number, start in enumerate(starts, 1)
    }
    index = _map("sitemapindex", "sitemap", [urljoin(base, name) for name in parts])
    return {"sitemap.xml": index, **parts}


def _map(root: str, tag: str, urls: Sequence[str]) -> bytes:
    element = Element(root, {"xmlns": _NAMESPACE})
    for url in urls:
        add(add(element, tag, None), "loc", url)
    return document(element)
