"""What machines read of a site: RSS, site maps, robots.txt."""

from pyastro.feeds.robots import RobotsGroup, robots
from pyastro.feeds.rss import Enclosure, RSSItem, rss
from pyastro.feeds.sitemap import sitemap

__all__ = ["Enclosure", "RSSItem", "RobotsGroup", "robots", "rss", "sitemap"]
