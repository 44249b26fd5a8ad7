"""Server-sent events on a socket."""

import asyncio
from pathlib import Path

from tests.runtime.server.servers import ask, live
from tests.runtime.site_builds import endpoint

EVENTS = endpoint("""import asyncio
from pyastro.runtime import Event

log = []


async def ticks():
    try:
        yield Event({"n": 1}, event="tick", id="1")
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("closed")


def GET(context):
    return Response.event_stream(ticks(), heartbeat=0.05)


def POST(context):
    return Response.json(log)
""")


def test_events_arrive_and_leaving_ends_them(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert b" 200 OK" in head
        assert b"content-type: text/event-stream\r\n" in head.lower()
        received = b""
        while received.count(b":\n\n") < 2:
            received += await asyncio.wait_for(reader.read(1024), 10)
        assert b'event: tick\nid: 1\ndata: {"n":1}\n\n' in received
        writer.close()
        for _ in range(200):
            answer = await ask(port, "/events", "POST")
            if answer.body.endswith(b'["cancelled","closed"]'):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(answer.body)

    live(tmp_path, {"/events.py": EVENTS}, test)


def test_a_head_request_starts_nothing(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        answer = await ask(port, "/events", "HEAD")
        assert (answer.headers["content-type"], answer.body) == ("text/event-stream", b"")
        assert (await ask(port, "/events", "POST")).body == b"[]"

    live(tmp_path, {"/events.py": EVENTS}, test)
