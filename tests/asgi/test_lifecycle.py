import asyncio
from pathlib import Path

import pytest

from pyastro.asgi import Application
from pyastro.asgi.protocol import Message
from pyastro.runtime.lifecycle import StartFailed
from tests.asgi.exchange import ask
from tests.runtime.site_builds import html, make_site

HOOKS = """
import asyncio
events = []

async def on_startup(site):
    await asyncio.sleep(0.02)
    events.append('start')
    if site.failures:
        raise site.failures.pop()

async def on_shutdown(site):
    events.append('stop')
    if site.failures:
        raise site.failures.pop()
"""


def application(folder: Path, *failures: BaseException) -> Application:
    made = Application(make_site(folder, {"/": html("home")}, middleware=HOOKS))
    made.site.failures = list(failures)  # type: ignore[attr-defined]  # for the hooks
    return made


def events(made: Application) -> list[str]:
    return list(made.site.build.module("middleware").events)


async def life(made: Application, *kinds: str) -> list[Message]:
    """What the application says when a server starts and stops it."""
    sent: list[Message] = []
    messages = iter([{"type": f"lifespan.{kind}"} for kind in kinds])

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    await made({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    return sent


def test_a_server_that_tells_of_its_start_and_end(tmp_path: Path) -> None:
    made = application(tmp_path)
    sent = asyncio.run(life(made, "startup", "shutdown"))
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert events(made) == ["start", "stop"]


@pytest.mark.parametrize("error", [ValueError("no database"), SystemExit("no database")])
def test_a_start_that_fails(tmp_path: Path, error: BaseException) -> None:
    made = application(tmp_path, error)
    (sent,) = asyncio.run(life(made, "startup"))
    assert sent["type"] == "lifespan.startup.failed"
    assert "no database" in sent["message"] and "on_startup" in sent["message"]


def test_an_end_that_fails(tmp_path: Path) -> None:
    made = application(tmp_path)

    async def main() -> list[Message]:
        await ask(made)
        made.site.failures.append(ValueError("still open"))  # type: ignore[attr-defined]  # for the hooks
        return await life(made, "shutdown")

    (sent,) = asyncio.run(main())
    assert sent["type"] == "lifespan.shutdown.failed" and "still open" in sent["message"]


def test_the_first_requests_start_the_site_once(tmp_path: Path) -> None:
    made = application(tmp_path)

    async def main() -> None:
        answers = await asyncio.gather(*[ask(made) for _ in range(20)])
        assert {answer.body for answer in answers} == {b"home"}
        assert events(made) == ["start"]

    asyncio.run(main())


def test_whoever_came_first_may_leave(tmp_path: Path) -> None:
    made = application(tmp_path)

    async def main() -> None:
        first, second = asyncio.create_task(ask(made)), asyncio.create_task(ask(made))
        await asyncio.sleep(0.01)
        first.cancel()
        assert (await second).body == b"home"
        assert first.cancelled()
        assert events(made) == ["start"]

    asyncio.run(main())


def test_a_start_that_failed_is_tried_again(tmp_path: Path) -> None:
    made = application(tmp_path, SystemExit(), ValueError("not yet"))

    async def main() -> None:
        with pytest.raises(ValueError, match="not yet"):
            await ask(made)
        with pytest.raises(StartFailed):
            await ask(made)
        assert (await ask(made)).body == b"home"

    asyncio.run(main())


def test_the_lifespan_of_a_host(tmp_path: Path) -> None:
    made = application(tmp_path)

    async def main() -> None:
        for _ in range(2):
            async with made.lifespan(object()):
                assert (await ask(made)).body == b"home"

    asyncio.run(main())
    assert events(made) == ["start", "stop", "start", "stop"]


def test_a_lifespan_ends_when_what_is_inside_fails(tmp_path: Path) -> None:
    made = application(tmp_path)

    async def main() -> None:
        async with made.lifespan():
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        asyncio.run(main())
    assert events(made) == ["start", "stop"]
