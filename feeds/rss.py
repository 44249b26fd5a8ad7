"""RSS 2.0 (rssboard.org), as a response."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from pyastro.feeds.xml import add, document
from pyastro.runtime.response import Response
from pyastro.runtime.url import URL

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an item, such as the sound of a podcast."""

    url: str | URL
    length: int
    type: str


@dataclass(frozen=True, slots=True)
class RSSItem:
    """One entry of a feed. Links may be relative to the site; a date without a time zone is in UTC."""

    title: str
    link: str | URL
    pub_date: date | datetime | None = None
    description: str | None = None
    content: str | None = None
    """The whole text, as HTML."""
    categories: Sequence[str] = ()
    author: str | None = None
    enclosure: Enclosure | None = None


def rss(
    *,
    title: str,
    description: str,
    site: str | URL | None,
    items: Iterable[RSSItem],
    language: str | None = None,
    feed_url: str | URL | None = None,
    copyright: str | None = None,
) -> Response:
    """A feed. `site` is the site's URL, which an endpoint has as `context.site`; `feed_url` is the feed's own address.

    All text is escaped; characters that XML cannot hold are left out. Raises ValueError without a `site`.
    """
    if site is None:
        raise ValueError('A feed needs the URL of the site: set `site = "https://…"` in pyastro.toml')
    home = site if isinstance(site, URL) else URL(site)
    root = Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = add(root, "channel", None)
    add(channel, "title", title)
    add(channel, "link", str(home))
    add(channel, "description", description)
    if language is not None:
        add(channel, "language", language)
    if copyright is not None:
        add(channel, "copyright", copyright)
    if feed_url is not None:
        url = str(home.join(str(feed_url)))
        add(channel, "atom:link", None, href=url, rel="self", type="application/rss+xml")
    for item in items:
        _add_item(channel, item, home)
    return Response(document(root), headers={"content-type": "application/rss+xml; charset=utf-8"})


def _add_item(channel: Element, item: RSSItem, home: URL) -> None:
    entry, link = add(channel, "item", None), str(home.join(str(item.link)))
    add(entry, "title", item.title)
    add(entry, "link", link)
    add(entry, "guid", link, isPermaLink="true")
    if item.description is not None:
        add(entry, "description", item.description)
    if item.pub_date is not None:
        add(entry, "pubDate", _date(item.pub_date))
    if item.content is not None:
        add(entry, "content:encoded", item.content)
    for category in item.categories:
        add(entry, "category", category)
    if item.author is not None:
        add(entry, "dc:creator", item.author)
    if (file := item.enclosure) is not None:
        url = str(home.join(str(file.url)))
        add(entry, "enclosure", None, url=url, length=str(file.length), type=file.type)


def _date(value: date | datetime) -> str:
    """A date as RSS wants it (RFC 822, with four digits for the year)."""
    when = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return format_datetime(when if when.tzinfo else when.replace(tzinfo=UTC))
