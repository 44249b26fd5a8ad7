"""The feed."""

from lib.posts import published

from pyastro.feeds import RSSItem, rss
from pyastro.runtime import Context, Response


async def GET(context: Context) -> Response:
    """All posts, with their whole text."""
    items = [
        RSSItem(
            title=post.data.title,
            link=f"/posts/{post.id}/",
            pub_date=post.data.day,
            description=post.data.description,
            content=(await post.render()).content.html,
            categories=post.data.tags,
            author=(await post.data.author.entry()).data.name,
        )
        for post in await published()
    ]
    return rss(
        title="Tidelines",
        description="Notes from the edge of the water.",
        site=context.site,
        items=items,
        language="en",
        feed_url=context.url,
    )
