"""Server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pyastro.runtime import Event, Response


async def items(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield value


def sent(*values: Any) -> str:
    return asyncio.run(Response.event_stream(items(*values)).text())


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("hello", "data: hello\n\n"),
        ("", "data: \n\n"),
        ("a\nb\r\nc\rd", "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        ({"a": ["é", None]}, 'data: {"a":["é",null]}\n\n'),
        (7, "data: 7\n\n"),
        (Event("x", event="tick", id="3", retry=500), "event: tick\nid: 3\nretry: 500\ndata: x\n\n"),
        (Event({"n": 1}), 'data: {"n":1}\n\n'),
        ("\u2028:x", "data: \u2028:x\n\n"),
    ],
)
def test_how_an_item_is_sent(item: object, text: str) -> None:
    assert sent(item, item) == text * 2


@pytest.mark.parametrize("field", ["event", "id"])
@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0"])
def test_a_field_cannot_end_its_line(field: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"The {field} of an event is one line"):
        Event("x", **{field: text})  # type: ignore[arg-type]  # that is one field


def test_the_head() -> None:
    response = Response.event_stream(items())
    assert dict(response.headers.items()) == {
        "content-type": "text/event-stream",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
    }
    response = Response.event_stream(items(), headers={"Cache-Control": "no-store", "x": "y"})
    assert (response.headers["cache-control"], response.headers["x"]) == ("no-store", "y")
    asyncio.run(response.close())


def test_what_is_no_async_iterable() -> None:
    with pytest.raises(TypeError, match=r"takes an async iterable, such as .* not list"):
        Response.event_stream([1])  # type: ignore[arg-type]


def test_silence_is_broken_by_comments_which_disturb_nothing() -> None:
    async def slow() -> AsyncIterator[str]:
        async with asyncio.timeout(5):  # belongs to one task from its beginning to its end
            await asyncio.sleep(0.12)
            yield "late"

    async def main() -> str:
        return await Response.event_stream(slow(), heartbeat=0.05).text()

    assert asyncio.run(main()) == ":\n\n:\n\ndata: late\n\n"


class Watched:
    """Events without end, and what becomes of them."""

    def __init__(self) -> None:
        self.ended = ""

    async def events(self) -> AsyncIterator[str]:
        try:
            yield "first"
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        finally:
            self.ended += " closed"


def test_closing_cancels_what_is_waited_for() -> None:
    async def main() -> str:
        watched = Watched()
        stream = Response.event_stream(watched.events()).stream()
        assert await anext(stream) == b"data: first\n\n"
        await asyncio.sleep(0.01)
        await stream.aclose()
        return watched.ended

    assert asyncio.run(main()) == "cancelled closed"


def test_cancelling_who_reads_closes_the_events() -> None:
    async def main() -> str:
        watched = Watched()

        async def read() -> None:
            async for _ in Response.event_stream(watched.events()).stream():
                pass

        task = asyncio.create_task(read())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return watched.ended

    assert asyncio.run(main()) == "cancelled closed"


def test_events_that_were_never_asked_for_are_closed() -> None:
    async def main() -> None:
        events = items("a")
        await Response.event_stream(events).close()
        with pytest.raises(StopAsyncIteration):
            await anext(events)

    asyncio.run(main())


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_a_failure_reaches_who_reads(error: type[BaseException]) -> None:
    async def failing() -> AsyncIterator[str]:
        yield "a"
        raise error("broken")

    async def main() -> None:
        stream = Response.event_stream(failing()).stream()
        assert await anext(stream) == b"data: a\n\n"
        with pytest.raises(error, match="broken"):
            await anext(stream)

    asyncio.run(main())


def test_what_has_no_json_form_is_a_failure() -> None:
    with pytest.raises(TypeError):
        sent(object())
