import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from pyastro.runtime.sessions import MemoryStore, Session, SessionValueError


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class CountingStore(MemoryStore):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in ("load", "create", "update", "move", "delete"):
            self.calls.append(name)
        return super().__getattribute__(name)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_values_survive_requests() -> None:
    async def test() -> None:
        store = MemoryStore()
        first = Session(lambda: store, None)
        assert await first.get("user") is None
        assert await first.get("user", "anon") == "anon"
        await first.set("user", {"name": "Ann", "tags": [1, "x", None, True, 1.5]})
        await first.set("n", 0)
        await first.save()
        assert first.cookie_change
        second = Session(lambda: store, first.cookie_change)
        assert await second.get("user") == {"name": "Ann", "tags": [1, "x", None, True, 1.5]}
        assert await second.has("n")
        assert await second.get("n", 5) == 0
        assert await second.keys() == ["user", "n"]
        await second.delete("n")
        assert not await second.has("n")
        assert await second.keys() == ["user"]
        await second.save()
        assert second.cookie_change is None
        third = Session(lambda: store, first.cookie_change)
        assert await third.keys() == ["user"]

    run(test)


def test_only_a_hash_of_the_id_is_stored() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        await session.set("a", 1)
        await session.save()
        assert session.cookie_change not in store._sessions
        assert [len(key) for key in store._sessions] == [64]

    run(test)


def test_nothing_is_loaded_or_saved_without_need() -> None:
    async def test() -> None:
        store, clock = CountingStore(), Clock()
        session = Session(lambda: store, "unknown", clock=clock)
        await session.save()
        assert store.calls == []
        assert session.cookie_change is None
        session = Session(lambda: store, None, clock=clock)
        await session.set("a", 1)
        await session.save()
        cookie = session.cookie_change
        store.calls.clear()
        again = Session(lambda: store, cookie, clock=clock)
        assert await again.get("a") == 1
        await again.set("a", 1)
        await again.save()
        assert store.calls == ["load"]

    run(test)


def test_reading_moves_the_end_once_an_hour() -> None:
    async def test() -> None:
        store, clock = CountingStore(), Clock()
        session = Session(lambda: store, None, clock=clock)
        await session.set("a", 1)
        await session.save()
        for days in range(1, 40):
            clock.now += 24 * 3600
            again = Session(lambda: store, session.cookie_change, clock=clock)
            assert await again.get("a") == 1, days
            await again.save()
        assert store.calls.count("update") == 39
        clock.now += 14 * 24 * 3600 + 1
        late = Session(lambda: store, session.cookie_change, clock=clock)
        assert await late.get("a") is None
        assert late.cookie_change == ""

    run(test)


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, {"a": {1, 2}}, (1, 2), b"x", math.nan, [math.inf], {"deep": [{"x": object()}]}],
)
def test_a_value_that_is_no_json_is_an_error_that_names_the_key(value: Any) -> None:
    async def test() -> None:
        session = Session(MemoryStore, None)
        with pytest.raises(SessionValueError, match="session key 'cart'"):
            await session.set("cart", value)

    run(test)


def test_a_value_that_was_read_is_a_copy() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        value = {"n": [1]}
        await session.set("a", value)
        value["n"].append(2)
        read: Any = await session.get("a")
        read["n"].append(3)
        assert await session.get("a") == {"n": [1]}

    run(test)


def test_an_unknown_id_is_never_adopted() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, "chosen-by-somebody")
        await session.set("a", 1)
        await session.save()
        assert session.cookie_change not in (None, "", "chosen-by-somebody")
        assert await Session(lambda: store, "chosen-by-somebody").get("a") is None

    run(test)


def test_regenerate_kills_the_old_id_at_once() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        await session.set("a", 1)
        await session.save()
        old = session.cookie_change
        login = Session(lambda: store, old)
        await login.set("user", "ann")
        await login.regenerate()
        assert await Session(lambda: store, old).get("a") is None
        await login.save()
        assert login.cookie_change not in (None, "", old)
        fresh = Session(lambda: store, login.cookie_change)
        assert (await fresh.get("a"), await fresh.get("user")) == (1, "ann")

    run(test)


def test_destroy_is_final() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        await session.set("a", 1)
        await session.save()
        cookie = session.cookie_change
        parallel = Session(lambda: store, cookie)
        assert await parallel.get("a") == 1
        await parallel.set("b", 2)
        gone = Session(lambda: store, cookie)
        await gone.destroy()
        await gone.save()
        assert gone.cookie_change == ""
        await parallel.save()
        assert await Session(lambda: store, cookie).get("b") is None
        assert store._sessions == {}

    run(test)


def test_after_destroy_a_new_session_begins() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        await session.set("a", 1)
        await session.save()
        cookie = session.cookie_change
        second = Session(lambda: store, cookie)
        await second.set("lost", 1)
        await second.destroy()
        await second.set("kept", 2)
        await second.save()
        assert second.cookie_change not in (None, "", cookie)
        third = Session(lambda: store, second.cookie_change)
        assert await third.keys() == ["kept"]

    run(test)


def test_parallel_writes_are_merged_name_by_name() -> None:
    async def test() -> None:
        store = MemoryStore()
        session = Session(lambda: store, None)
        await session.set("a", 1)
        await session.set("b", 1)
        await session.save()
        cookie = session.cookie_change
        one, two = Session(lambda: store, cookie), Session(lambda: store, cookie)
        await one.set("x", 1)
        await two.set("y", 2)
        await two.delete("a")
        await one.save()
        await two.save()
        assert sorted(await Session(lambda: store, cookie).keys()) == ["b", "x", "y"]

    run(test)


def test_a_long_cookie_is_not_looked_up() -> None:
    async def test() -> None:
        store = CountingStore()
        session = Session(lambda: store, "x" * 5000)
        assert await session.get("a") is None
        assert store.calls == []

    run(test)
