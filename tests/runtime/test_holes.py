"""Places in the output that are filled later: what waits inside of components that are plain functions."""

import asyncio
import gc
import re
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any

import pytest
from markupsafe import Markup

from pyastro.runtime.attributes import attribute
from pyastro.runtime.component import Component, component
from pyastro.runtime.context import Context
from pyastro.runtime.holes import Holes, leave_hole
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.page import Page, page
from pyastro.runtime.slots import NO_SLOTS, AstroSlots, Slots, plain_slots
from pyastro.runtime.streaming import Rendering
from pyastro.runtime.values import text

Write = Callable[[str], object]
Body = Callable[[Write, Context], object]


def plain(body: Body) -> Component[..., Markup, Any]:
    """A component that is a plain function."""

    def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        body(write, context)

    return component(render)


def rendered(body: Body, context: Context | None = None) -> str:
    return str(asyncio.run(plain(body)(context or Context())))


async def later(value: Any, log: list[object] | None = None) -> Any:
    await asyncio.sleep(0)
    if log is not None:
        log.append(value)
    return value


async def several(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield await later(value)


async def failing() -> None:
    await asyncio.sleep(0)
    raise ValueError("no")


def never() -> Any:
    """A coroutine that is closed without having run."""
    return later("never")


# ---------------------------------------------------------------- what comes where


def test_what_waits_stands_where_it_was_left() -> None:
    def body(write: Write, context: Context) -> None:
        write("<p>")
        write(text(later("<a>"), context))
        write(f"|{text([later(1), '-', later([2, later(3)])], context)}|")
        write(text(several("x", later("y"), 3), context))
        write(text(lambda: later(None), context))
        write("</p>")

    assert rendered(body) == "<p>&lt;a&gt;|1-23|xy3</p>"


def test_attributes_may_wait() -> None:
    def body(write: Write, context: Context) -> None:
        write("<a" + attribute(context, "title", later(later('"'))))
        write(attribute(context, "hidden", later(True)) + attribute(context, "id", later(None)) + ">")

    assert rendered(body) == '<a title="&#34;" hidden>'


def test_one_is_filled_after_the_other_with_all_that_it_holds() -> None:
    log: list[object] = []

    def body(write: Write, context: Context) -> None:
        write(text(later([later(1, log), later([later(2, log)]), 0], log), context))
        write(text(later(3, log), context))

    assert rendered(body) == "1203"
    assert [each for each in log if isinstance(each, int)] == [1, 2, 3]


def test_what_is_nested_for_ever_is_refused() -> None:
    class Endless:
        def __await__(self) -> Generator[Any, Any, object]:
            yield from asyncio.sleep(0).__await__()
            return Endless()

    with pytest.raises(RecursionError, match="nested too deeply"):
        rendered(lambda write, context: write(text(Endless(), context)))


def test_many_take_linear_time() -> None:
    count = 20_000

    def body(write: Write, context: Context) -> None:
        for number in range(count):
            write(text(later(number), context))

    assert rendered(body) == "".join(map(str, range(count)))


# ---------------------------------------------------------------- marks


def test_data_cannot_forge_a_mark() -> None:
    marks: list[str] = []

    def mark(context: Context) -> str:
        marks.append(leave_hole(context, later("!"), str))
        return marks[-1]

    rendered(lambda write, context: write(mark(context)))
    old = marks[-1]
    for forged in (old, old.replace("0\0", "1\0"), "\0" * 3, "\0:0\0", "\x000\0"):
        html = rendered(lambda write, context, data=forged: write(text(data, context) + mark(context)))  # type: ignore[misc]
        assert html == f"{forged}!"
    assert len({re.sub("[0-9]+\0$", "", each) for each in marks}) == len(marks)


def test_a_context_without_holes_draws_no_random_number() -> None:
    context = Context()
    rendered(lambda write, _: write("<p>"), context)
    assert context.holes is None


# ---------------------------------------------------------------- failures


def test_what_nobody_awaited_is_closed_when_a_page_fails() -> None:
    """Warnings are errors: a coroutine that is never awaited would fail this test."""

    def body(write: Write, context: Context) -> None:
        write(text(never(), context) + text(several(1), context))
        raise ValueError("no")

    def late(write: Write, context: Context) -> None:
        write(text(failing(), context) + text(never(), context) + attribute(context, "id", never()))

    for each in (body, late):
        context = Context()
        with pytest.raises(ValueError, match="no"):
            rendered(each, context)
        assert not context.holes
    gc.collect()


def test_what_a_page_did_not_show_is_closed() -> None:
    def body(write: Write, context: Context) -> None:
        text(never(), context)
        write("<p>")

    assert rendered(body) == "<p>"
    gc.collect()


def test_a_page_that_streams_closes_them_too() -> None:
    def begun(write: Write, context: Context) -> None:
        write(text(never(), context))
        raise ValueError("no")

    def late(write: Write, context: Context) -> None:
        write("<p>" + text(failing(), context) + text(never(), context))

    async def run() -> None:
        with pytest.raises(ValueError, match="no"):
            await streaming(begun).begin(Context())
        pieces = await streaming(late).begin(Context())
        assert isinstance(pieces, Rendering)
        with pytest.raises(ValueError, match="no"):
            [piece async for piece in pieces]
        dropped = await streaming(late).begin(Context())
        assert isinstance(dropped, Rendering)
        await dropped.aclose()

    asyncio.run(run())
    gc.collect()


def test_a_failure_names_the_component_that_left_it() -> None:
    def inner_component(write: Write, context: Context) -> None:
        write(text(failing(), context))

    def outer_component(write: Write, context: Context) -> None:
        inner_component(write, context)
        write("more")

    with pytest.raises(ValueError, match="no") as caught:
        rendered(outer_component)
    frames = [f for f in traceback.extract_tb(caught.value.__traceback__) if f.filename == __file__]
    assert [(frame.name, frame.line) for frame in frames][-3:] == [
        ("outer_component", "inner_component(write, context)"),
        ("inner_component", "write(text(failing(), context))"),
        ("failing", 'raise ValueError("no")'),
    ]


def test_what_was_handled_before_a_failure_is_still_told() -> None:
    async def twice() -> None:
        try:
            await failing()
        except ValueError:
            raise KeyError("second")  # noqa: B904  # an author forgets the cause

    with pytest.raises(KeyError) as caught:
        rendered(lambda write, context: write(text(twice(), context)))
    assert isinstance(caught.value.__context__, ValueError)
    assert not caught.value.__suppress_context__


# ---------------------------------------------------------------- several renders with one context


def test_renders_with_one_context_do_not_close_what_is_others() -> None:
    def quick(write: Write, context: Context) -> None:
        write(text(later("q"), context))

    async def slowly(value: str) -> str:
        await asyncio.sleep(0.02)
        return value

    def slow(write: Write, context: Context) -> None:
        write(text(slowly("s"), context) + text(later("t"), context))

    def fails(write: Write, context: Context) -> None:
        write(text(failing(), context) + text(never(), context))

    async def run() -> list[object]:
        context = Context()
        renders = [plain(each)(context) for each in (fails, quick, slow)]
        return await asyncio.gather(*renders, return_exceptions=True)

    failed, *others = asyncio.run(run())
    assert isinstance(failed, ValueError)
    assert others == ["q", "st"]


def test_a_component_that_is_rendered_meanwhile_leaves_the_page_alone() -> None:
    card = plain(lambda write, context: write(text(later("card"), context)))

    async def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        task = asyncio.create_task(_awaited(card(context)))
        await asyncio.sleep(0)
        write(text(later("page "), context))
        write(await task)

    whole: Component[..., Markup, Any] = component(render)
    assert asyncio.run(_awaited(whole(Context()))) == "page card"


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


# ---------------------------------------------------------------- markup, scripts, slots, tags


def test_markup_that_is_kept_is_rendered_by_another_page_too() -> None:
    kept: list[MarkupValue] = []

    async def bold(write: Write) -> None:
        write("<b>")
        write(await later("x"))
        write("</b>")

    def first(write: Write, context: Context) -> None:
        kept.append(MarkupValue(context, bold))
        write(text(kept[0], context) + text(later(1), context))

    def second(write: Write, context: Context) -> None:
        write(text(later(2), context) + text(kept[0], context) + text(kept[0], context))

    assert rendered(first) == "<b>x</b>1"
    assert rendered(second) == "2<b>x</b><b>x</b>"


def test_a_script_stands_where_it_first_occurs_in_the_document() -> None:
    async def content(context: Context) -> Markup:
        await asyncio.sleep(0)
        return Markup("<i>" + context.render_once("k", "<script>") + "</i>")

    async def scripted(write: Write, context: Context) -> None:
        write("<i>")
        write(await later(""))
        write(context.render_once("k", "<script>") + "</i>")

    def body(write: Write, context: Context) -> None:
        write(text(later(1), context))

        async def first(write: Write) -> None:
            await scripted(write, context)

        write(text(MarkupValue(context, first), context))
        write(f"<b>{context.render_once('k', '<script>')}</b>")
        write(text(later(2), context) + context.render_once("other", "<style>"))

    assert rendered(body) == "1<i><script></i><b></b>2<style>"


def test_content_with_holes_is_whole_for_astro_slots() -> None:
    context = Context()

    def default(write: Write) -> None:
        write(f"<b>{text(later('x'), context)}</b>")

    def called(write: Write, *args: Any) -> None:
        write(text([later(each) for each in args], context))

    async def waiting(write: Write) -> None:
        write(text(later("w"), context))
        write(await later("!"))

    async def run() -> list[Markup]:
        slots = AstroSlots({"default": default, "called": called, "waiting": waiting}, context)
        return [
            await slots.render("default"),
            await slots.render("called", 1, 2),
            await slots.render("waiting"),
        ]

    assert asyncio.run(run()) == ["<b>x</b>", "12", "w!"]
    assert not context.holes


def test_content_of_astro_slots_is_that_of_when_it_was_asked_for() -> None:
    def body(write: Write, context: Context) -> None:
        for number in range(3):

            def default(write: Write) -> None:
                write(str(number))  # noqa: B023  # as a template's loop has it

            write(text(AstroSlots({"default": default}, context).render("default"), context))

    assert rendered(body) == "012"


def test_content_that_waits_is_shown_as_often_as_a_plain_component_asks() -> None:
    async def default(write: Write) -> None:
        write(await later("x"))

    async def called(write: Write, *args: Any) -> None:
        write(await later(str(args)))

    def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        slots["default"](write)
        write("|")
        slots["default"](write)
        slots["called"](write, 1)

    made: Component[..., Markup, Any] = component(render)
    out: list[str] = []
    around = made.around(out.append, Context(), {"default": default, "called": called})
    asyncio.run(_awaited(around))
    assert "".join(out) == "x|x(1,)"


def test_only_content_that_waits_is_changed_for_a_plain_component() -> None:
    def default(write: Write) -> None:
        write("x")

    async def side(write: Write) -> None:
        write("y")

    slots = plain_slots({"default": default, "side": side}, Context())
    assert slots["default"] is default
    assert slots["side"] is not side


# ---------------------------------------------------------------- streaming


def streaming(body: Body, head: str = "") -> Page[..., Any]:
    """A page that is a plain function, and streams."""

    def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        body(write, context)

    made: Page[..., Any] = page(stream=True)(render)
    made._head = head
    return made


def pieces_of(body: Body, head: str = "") -> list[str]:
    async def run() -> list[str]:
        result = await streaming(body, head).begin(Context())
        return [piece async for piece in result] if isinstance(result, Rendering) else [str(result)]

    return asyncio.run(run())


def test_a_piece_ends_where_something_waits() -> None:
    def body(write: Write, context: Context) -> None:
        write("<p>1")
        write(text(later("2"), context))
        write("3")
        write(text(later(["4", later("5"), "6"]), context))
        write("</p>")

    assert pieces_of(body) == ["<!DOCTYPE html>\n<p>1", "23", "4", "56</p>"]


def test_content_is_sent_while_it_is_written() -> None:
    async def content(write: Write) -> None:
        write("2")
        await asyncio.sleep(0)
        write("3")

    def body(write: Write, context: Context) -> None:
        write("<p>1" + text(MarkupValue(context, content), context) + text(later("4"), context))

    assert "".join(pieces_of(body)) == "<!DOCTYPE html>\n<p>1234"
    assert "".join(pieces_of(body, "<style></style>")) == "<!DOCTYPE html>\n<style></style><p>1234"


def test_no_mark_is_ever_sent() -> None:
    async def render(write: Write, context: Context, slots: Slots = NO_SLOTS, /) -> None:
        write("<p>1" + text(later("2"), context))
        await asyncio.sleep(0)
        write("3" + text(later([later("4")]), context))
        await asyncio.sleep(0)
        write("5")

    async def run() -> list[str]:
        made: Page[..., Any] = page(stream=True)(render)
        result = await made.begin(Context())
        assert isinstance(result, Rendering)
        return [piece async for piece in result]

    pieces = asyncio.run(run())
    assert "".join(pieces) == "<!DOCTYPE html>\n<p>12345"
    assert not any("\0" in piece for piece in pieces)


def test_the_state_of_holes() -> None:
    holes = Holes()
    assert not holes
    html = holes.leave(never(), str)
    assert holes
    assert holes.first(f"ab{html}") == 2
    assert holes.first("ab") == -1
    holes.close()
    assert not holes
