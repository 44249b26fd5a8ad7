"""What crawlers may read."""

from pyastro.feeds import robots
from pyastro.runtime import Context, Response


def GET(context: Context) -> Response:
    """Everything, and where the site map is."""
    assert context.site is not None, "pyastro.toml names the site"
    return robots(sitemaps=[context.site.join("/sitemap.xml")])
