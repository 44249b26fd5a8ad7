"""Questions that several pages ask of the posts."""

from collections import Counter

from content.config import Post, blog

from pyastro.content import Entry, get_collection


async def published() -> list[Entry[Post]]:
    """The posts that are done, the newest first."""
    posts = await get_collection(blog, lambda entry: not entry.data.draft)
    return sorted(posts, key=lambda entry: (entry.data.day, entry.id), reverse=True)


async def tag_counts() -> list[tuple[str, int]]:
    """Every tag, with how many posts have it, the most frequent first."""
    counts = Counter(tag for post in await published() for tag in post.data.tags)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def minutes(post: Entry[Post]) -> int:
    """How long a post takes to read, at 200 words a minute."""
    return max(1, round(len(post.body.split()) / 200))
