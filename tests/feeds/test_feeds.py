"""Feeds, site maps and robots.txt: they say what was given, whatever characters it holds."""

import asyncio
from datetime import date, datetime, timedelta, timezone
from xml.etree.ElementTree import Element, fromstring

import pytest

from pyastro.feeds import Enclosure, RobotsGroup, RSSItem, robots, rss, sitemap
from pyastro.feeds.sitemap import sitemap_files
from pyastro.runtime import Response

ODD = "<b> & \"q\" 'a' ]]> \x0b ä\U0001f600"
KEPT = ODD.replace("\x0b", "")


def text(response: Response) -> str:
    return asyncio.run(response.text())


def parsed(response: Response) -> Element:
    return fromstring(text(response))


def test_a_feed_says_what_was_given() -> None:
    item = RSSItem(
        title=ODD,
        link="/posts/a b/",
        pub_date=date(2024, 2, 29),
        description=ODD,
        content=f"<p>{ODD}</p>",
        categories=[ODD, "two"],
        author=ODD,
        enclosure=Enclosure("/a.mp3", 7, "audio/mpeg"),
    )
    response = rss(
        title=ODD, description=ODD, site="https://e.org/x/", items=[item], language="en", feed_url="/rss.xml"
    )
    assert response.headers["content-type"] == "application/rss+xml; charset=utf-8"
    channel = parsed(response)[0]
    entry = channel.find("item")
    assert entry is not None
    assert [channel.findtext(tag) for tag in ("title", "link", "description", "language")] == [
        KEPT,
        "https://e.org/x/",
        KEPT,
        "en",
    ]
    assert entry.findtext("title") == entry.findtext("description") == KEPT
    assert entry.findtext("link") == entry.findtext("guid") == "https://e.org/posts/a%20b/"
    assert entry.findtext("pubDate") == "Thu, 29 Feb 2024 00:00:00 +0000"
    assert entry.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == f"<p>{KEPT}</p>"
    assert [each.text for each in entry.findall("category")] == [KEPT, "two"]
    assert entry.find("enclosure").attrib == {"url": "https://e.org/a.mp3", "length": "7", "type": "audio/mpeg"}  # type: ignore[union-attr]
    assert channel.find("{http://www.w3.org/2005/Atom}link").get("href") == "https://e.org/rss.xml"  # type: ignore[union-attr]


def test_a_time_keeps_its_zone() -> None:
    when = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    feed = parsed(rss(title="", description="", site="https://e.org", items=[RSSItem("a", "/", when)]))
    assert feed.findtext("channel/item/pubDate") == "Tue, 02 Jan 2024 03:04:05 +0200"


def test_a_feed_needs_the_site() -> None:
    with pytest.raises(ValueError, match="set `site = "):
        rss(title="", description="", site=None, items=[])


def test_a_map_lists_its_urls() -> None:
    found = parsed(sitemap(["https://e.org/?a=1&b=2"]))
    assert [each.text for each in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        "https://e.org/?a=1&b=2"
    ]
    with pytest.raises(ValueError, match="50,000"):
        sitemap(["https://e.org/"] * 50_001)


def test_a_large_map_is_an_index_of_others() -> None:
    files = sitemap_files([f"https://e.org/{n}" for n in range(5)], "https://e.org/b/", limit=2)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    index = fromstring(files["sitemap.xml"])
    assert index.tag.endswith("sitemapindex")
    assert index[2][0].text == "https://e.org/b/sitemap-3.xml"
    assert [len(fromstring(data)) for data in list(files.values())[1:]] == [2, 2, 1]


def test_robots_txt() -> None:
    assert text(robots()) == "User-agent: *\nAllow: /\n"
    group = RobotsGroup(disallow=["/admin/", "*.pdf$"], user_agents=["a", "b"])
    assert text(robots(group, sitemaps=["https://e.org/sitemap.xml"])) == (
        "User-agent: a\nUser-agent: b\nDisallow: /admin/\nDisallow: *.pdf$\n\nSitemap: https://e.org/sitemap.xml\n"
    )
    for wrong in ("admin", "/a\nAllow: /"):
        with pytest.raises(ValueError, match=r"robots\.txt"):
            robots(RobotsGroup(disallow=[wrong]))
