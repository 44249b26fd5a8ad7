"""Pages that are sent while they are rendered."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from markupsafe import Markup

from pyastro.runtime.context import Context
from pyastro.runtime.errors import ResponseSentError
from pyastro.runtime.page import Page, page
from pyastro.runtime.response import Response
from pyastro.runtime.slots import NO_SLOTS, Slots
from pyastro.runtime.streaming import Rendering

Write = Callable[[str], object]
Body = Callable[[Write, Context], Awaitable[Response | None]]


def streaming(body: Body, head: str = "", **options: Any) -> Page[..., Any]:
    async def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> Response | None:
        return await body(write, context)

    made: Page[..., Any] = page(stream=True, **options)(render)
    made._head = head
    return made


def pieces_of(body: Body, head: str = "", **options: Any) -> list[str]:
    """The pieces of a page; a page that is whole at once is one."""

    async def run() -> list[str]:
        result = await streaming(body, head, **options).begin(Context())
        return [piece async for piece in result] if isinstance(result, Rendering) else [str(result)]

    return asyncio.run(run())


async def wait() -> None:
    await asyncio.sleep(0)


def test_a_piece_is_what_was_written_before_the_render_waited() -> None:
    async def body(write: Write, context: Context) -> None:
        write("<p>")
        write("1")
        await wait()
        await wait()  # nothing was written meanwhile
        write("2")
        await asyncio.sleep(0.01)
        write("3</p>")

    assert pieces_of(body) == ["<!DOCTYPE html>\n<p>1", "2", "3</p>"]


def test_a_page_that_never_waits_after_its_first_output_is_whole() -> None:
    async def body(write: Write, context: Context) -> None:
        await wait()
        write("<p>1</p>")

    async def nothing(write: Write, context: Context) -> None:
        await wait()

    assert pieces_of(body, "<style></style>") == ["<!DOCTYPE html>\n<style></style><p>1</p>"]
    assert pieces_of(nothing) == ["<!DOCTYPE html>\n"]
    assert pieces_of(nothing, partial=True) == [""]


def test_called_from_python_it_is_whole_too() -> None:
    async def body(write: Write, context: Context) -> None:
        write("<p>1")
        await wait()
        write("2</p>")

    assert asyncio.run(streaming(body)()) == Markup("<!DOCTYPE html>\n<p>12</p>")


@pytest.mark.parametrize(
    ("parts", "pieces"),
    [
        (["<!doctype html>", "<html>", "<p>1", "2"], ["<!doctype html><html>§<p>1", "2"]),
        (["text ", "<p>1", "2"], ["<!DOCTYPE html>\ntext §<p>1", "2"]),
        ([" ", "<!-- a -->", "<!DOCTYPE html><p>", "2"], [" <!-- a --><!DOCTYPE html>§<p>", "2"]),
        (["<html lang=", "'a'>", "<p>", "2"], ["<!DOCTYPE html>\n<html lang='a'>§<p>", "2"]),
        (["<html><head><title>", "1", "HEAD</head>"], ["<!DOCTYPE html>\n<html><head><title>", "1", "§</head>"]),
        (["<html><head>HEAD</head>", "<p>"], ["<!DOCTYPE html>\n<html><head>§</head>", "<p>"]),
        (["<head><title>", "no end"], ["<!DOCTYPE html>\n<head><title>", "no end", "§"]),
        (["<header>", "HEAD"], ["<!DOCTYPE html>\n§<header>"]),
        (["only", " text"], ["<!DOCTYPE html>\nonly text§"]),
    ],
)  # fmt: skip
def test_doctype_and_styles_find_their_places(parts: list[str], pieces: list[str]) -> None:
    async def body(write: Write, context: Context) -> None:
        for part in parts:
            if "HEAD" in part:
                part = part.replace("HEAD", context.render_head())
            write(part)
            await wait()

    style = "<style>p{}</style>"
    assert pieces_of(body, style) == [piece.replace("§", style) for piece in pieces]


def test_a_partial_gets_nothing_added() -> None:
    async def body(write: Write, context: Context) -> None:
        write(" ")
        await wait()
        write("<p>")

    assert pieces_of(body, "<style></style>", partial=True) == [" ", "<p>"]


def test_an_early_return_counts_until_the_first_output() -> None:
    async def early(write: Write, context: Context) -> Response:
        await wait()
        return Response.redirect("/login")

    async def late(write: Write, context: Context) -> Response:
        write("<p>")
        await wait()
        return Response.redirect("/login")

    async def run() -> None:
        result = await streaming(early, returns=True).begin(Context())
        assert isinstance(result, Response)
        assert result.headers["location"] == "/login"
        pieces = await streaming(late, returns=True).begin(Context())
        assert isinstance(pieces, Rendering)
        assert await anext(pieces) == "<!DOCTYPE html>\n<p>"
        with pytest.raises(ResponseSentError, match="Returning a Response comes too late"):
            await anext(pieces)
        with pytest.raises(StopAsyncIteration):
            await anext(pieces)
        await pieces.aclose()

    asyncio.run(run())


@pytest.mark.parametrize(
    "error", [ValueError("x"), SystemExit(1), KeyboardInterrupt(), asyncio.CancelledError()]
)
def test_an_error_is_raised_where_it_happened(error: BaseException) -> None:
    async def early(write: Write, context: Context) -> None:
        write("<p>")
        raise error

    async def late(write: Write, context: Context) -> None:
        write("<p>")
        await wait()
        write("lost")
        raise error

    async def run() -> None:
        with pytest.raises(type(error)):
            await streaming(early).begin(Context())
        pieces = await streaming(late).begin(Context())
        assert isinstance(pieces, Rendering)
        assert await anext(pieces)
        with pytest.raises(type(error)):
            await anext(pieces)
        await pieces.aclose()

    asyncio.run(run())


def test_the_render_goes_on_only_when_more_is_wanted() -> None:
    done: list[int] = []

    async def body(write: Write, context: Context) -> None:
        for number in range(3):
            done.append(number)
            write("<p>")
            await wait()

    async def run() -> None:
        pieces = await streaming(body).begin(Context())
        assert isinstance(pieces, Rendering)
        for number in range(3):
            await anext(pieces)
            await asyncio.sleep(0.01)
            assert done == list(range(number + 1))

    asyncio.run(run())


def cleaned(log: list[str]) -> Body:
    async def body(write: Write, context: Context) -> None:
        write("<p>")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0.01)
            log.append("clean")

    return body


def test_closing_cancels_the_render_and_waits_for_it() -> None:
    log: list[str] = []

    async def run() -> None:
        halted = await streaming(cleaned(log)).begin(Context())
        assert isinstance(halted, Rendering)
        await halted.aclose()
        assert log == ["cancelled", "clean"]
        await halted.aclose()
        running = await streaming(cleaned(log)).begin(Context())
        assert isinstance(running, Rendering)
        await anext(running)
        asking = asyncio.ensure_future(anext(running))
        await asyncio.sleep(0.01)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        await running.aclose()
        assert log == ["cancelled", "clean"] * 2

    asyncio.run(run())


def test_cancelling_what_began_it_cancels_the_render() -> None:
    log: list[str] = []

    async def body(write: Write, context: Context) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            log.append("clean")

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(streaming(body).begin(Context()), 0.01)
        assert log == ["clean"]

    asyncio.run(run())


def test_dropping_it_cancels_the_render() -> None:
    log: list[str] = []

    async def run() -> None:
        pieces = await streaming(cleaned(log)).begin(Context())
        assert isinstance(pieces, Rendering)
        del pieces
        await asyncio.sleep(0.05)
        assert log == ["cancelled", "clean"]

    asyncio.run(run())
    gc.collect()


def test_an_error_while_cleaning_up_is_raised_by_closing() -> None:
    async def body(write: Write, context: Context) -> None:
        write("<p>")
        try:
            await asyncio.sleep(60)
        finally:
            raise ValueError("while cleaning up")

    async def run() -> None:
        pieces = await streaming(body).begin(Context())
        assert isinstance(pieces, Rendering)
        with pytest.raises(ValueError, match="while cleaning up"):
            await pieces.aclose()

    asyncio.run(run())


def test_timeouts_and_task_groups_of_the_page_work_while_nobody_takes_its_output() -> None:
    seen: list[str] = []

    async def fail() -> None:
        raise ValueError

    async def body(write: Write, context: Context) -> None:
        write("<p>")
        inner = asyncio.create_task(asyncio.sleep(60))
        try:
            async with asyncio.timeout(0.01):
                await inner
        except TimeoutError:
            seen.append(f"timeout {inner.cancelled()}")
        write("2")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                await wait()
        except* ValueError:
            seen.append("group")
        write("3")

    async def run() -> list[str]:
        pieces = await streaming(body).begin(Context())
        assert isinstance(pieces, Rendering)
        taken = []
        async for piece in pieces:
            await asyncio.sleep(0.03)
            taken.append(piece)
        return taken

    assert asyncio.run(run()) == ["<!DOCTYPE html>\n<p>", "23"]
    assert seen == ["timeout True", "group"]
