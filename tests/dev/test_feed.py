"""What a page is told that comes at some time, from some version."""

import asyncio
from collections.abc import AsyncIterator

from pyastro.dev.feed import Feed, Message


async def told(feed: Feed, run: str, version: int) -> list[Message]:
    """What a page is told at once."""
    messages = feed.listen(run, version)
    feed.close()  # nobody listens yet
    asyncio.get_running_loop().call_later(0.01, feed.close)
    return [message async for message in messages]


def test_what_a_page_missed_is_told_in_order() -> None:
    async def main() -> None:
        feed = Feed()
        feed.publish(reload=False, styles=[("a", "b")])
        feed.publish(reload=False, styles=[("b", "c")])
        calm: Message = {"problem": False}
        first, second = (
            {"version": n, "reload": False, "styles": [s]} for n, s in ((1, ("a", "b")), (2, ("b", "c")))
        )
        assert await told(feed, feed.run, 0) == [first, second, calm]
        assert await told(feed, feed.run, 1) == [second, calm]
        assert await told(feed, feed.run, 2) == [calm]
        feed.set_problem(True)
        assert await told(feed, feed.run, 2) == [{"problem": True}]
        feed.set_problem(False)
        assert await told(feed, feed.run, 2) == [calm]

    asyncio.run(main())


def test_a_page_of_another_run_or_of_long_ago_is_loaded_anew() -> None:
    async def main() -> None:
        feed = Feed()
        for _ in range(300):
            feed.publish(reload=False)
        reload = {"version": 300, "reload": True}
        assert (await told(feed, "another", 300))[0] == reload
        assert (await told(feed, feed.run, 5))[0] == reload
        assert (await told(feed, feed.run, -1))[0] == reload
        assert len(await told(feed, feed.run, 200)) == 101

    asyncio.run(main())


def test_who_listens_hears_what_happens() -> None:
    async def main() -> None:
        feed = Feed()
        messages: AsyncIterator[Message] = feed.listen(feed.run, 0)
        assert await anext(messages) == {"problem": False}
        feed.publish(reload=True)
        assert await anext(messages) == {"version": 1, "reload": True}
        feed.set_problem(True)
        feed.close()
        assert [message async for message in messages] == [{"problem": True}]

    asyncio.run(main())
