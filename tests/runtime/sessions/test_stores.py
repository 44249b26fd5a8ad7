import asyncio
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.runtime.errors import ServiceUnavailable
from pyastro.runtime.sessions import Changes, MemoryStore, SessionStore
from pyastro.runtime.sessions.redis import RedisStore
from pyastro.runtime.sessions.sqlite import SqliteStore
from tests.runtime.sessions.conftest import RedisServer

MakeStore = Callable[[], SessionStore]


@pytest.fixture(params=["memory", "sqlite", "redis"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    if request.param == "memory":
        return MemoryStore
    if request.param == "sqlite":
        return lambda: SqliteStore(tmp_path / "s" / "sessions.db")
    url, prefix = request.getfixturevalue("redis").url, f"{uuid.uuid4()}:"
    return lambda: RedisStore(url, prefix=prefix)


def test_a_life(make_store: MakeStore) -> None:
    async def live() -> None:
        store = make_store()
        assert await store.load("k", 0) is None
        await store.delete("k")
        await store.create("k", Changes({"a": "1", "b": "2"}), 0, 100)
        assert await store.load("k", 99) == ({"a": "1", "b": "2"}, 100)
        assert await store.load("k", 100) is None
        assert await store.update("k", Changes({"c": "3"}, {"a"}), 50, 150)
        assert await store.load("k", 120) == ({"b": "2", "c": "3"}, 150)
        assert await store.move("k", "n", 60)
        assert await store.load("k", 60) is None
        assert not await store.move("k", "m", 60)
        assert await store.load("n", 60) == ({"b": "2", "c": "3"}, 150)
        assert not await store.update("k", Changes({"z": "9"}), 60, 200)
        await store.delete("n")
        assert await store.load("n", 60) is None
        assert not await store.update("n", Changes({"z": "9"}), 60, 200)
        await store.create("e", Changes({}), 60, 90)
        assert await store.load("e", 60) == ({}, 90)
        assert not await store.update("e", Changes({"z": "9"}), 95, 200)
        await store.close()

    asyncio.run(live())


def test_names_and_values_are_any_text(make_store: MakeStore) -> None:
    values = {"": "1", "expires": "2", "value:a": "3", "ä b\n": '"\\u00e4"', "x" * 500: "4" * 20_000}

    async def live() -> None:
        store = make_store()
        await store.create("k", Changes(values), 0, 100)
        assert await store.load("k", 0) == (values, 100)
        assert await store.update("k", Changes({}, set(values)), 0, 100)
        assert await store.load("k", 0) == ({}, 100)
        await store.close()

    asyncio.run(live())


def test_parallel_writes_are_merged(make_store: MakeStore) -> None:
    async def live() -> None:
        store, other = make_store(), make_store()
        await store.create("k", Changes({"gone": "1"}), 0, 1000)
        others = store if isinstance(store, MemoryStore) else other
        writes = [store.update("k", Changes({f"a{n}": "1"}), 1, 1000 + n) for n in range(50)]
        writes += [others.update("k", Changes({f"b{n}": "1"}, {"gone"}), 1, 1000 + n) for n in range(50)]
        assert all(await asyncio.gather(*writes))
        found = await store.load("k", 1)
        assert found is not None
        assert sorted(found[0]) == sorted(f"{letter}{n}" for letter in "ab" for n in range(50))
        await store.close()
        await other.close()

    asyncio.run(live())


def test_of_parallel_moves_one_wins(make_store: MakeStore) -> None:
    async def live() -> None:
        store = make_store()
        await store.create("k", Changes({"a": "1"}), 0, 100)
        moved = await asyncio.gather(*(store.move("k", f"n{n}", 1) for n in range(10)))
        assert moved.count(True) == 1
        found = [await store.load(f"n{n}", 1) for n in range(10)]
        assert [each is not None for each in found] == moved
        await store.close()

    asyncio.run(live())


def test_expired_rows_are_removed(tmp_path: Path) -> None:
    async def live() -> int:
        store = SqliteStore(tmp_path / "sessions.db")
        for number in range(3):
            await store.create(f"k{number}", Changes({"a": "1"}), 0, 100)
        await store.create("n", Changes({"a": "1"}), 5000, 9000)
        count = await store._run(lambda db: db.execute("SELECT count(*) FROM session_values").fetchone()[0])
        await store.close()
        return int(count)

    assert asyncio.run(live()) == 1


def test_the_file_appears_with_the_first_write_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "sessions.db"

    async def live() -> None:
        store = SqliteStore(path)
        assert await store.load("k", 0) is None
        await store.delete("k")
        assert not path.parent.exists()
        await store.create("k", Changes({"a": "1"}), 0, 100)
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        await store.close()
        assert await store.load("k", 50) is not None
        await store.close()

    asyncio.run(live())


def test_a_file_that_cannot_be_used_is_said_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "other.db").write_text("this is no database" * 100)

    async def live() -> None:
        store = SqliteStore(tmp_path / "file" / "sessions.db")
        with pytest.raises(ServiceUnavailable, match=r"sessions\.db.*may write there"):
            await store.create("k", Changes({"a": "1"}), 0, 100)
        await store.close()
        store = SqliteStore(tmp_path / "other.db")
        with pytest.raises(ServiceUnavailable, match="not a database"):
            await store.load("k", 0)
        await store.close()

    asyncio.run(live())


def test_redis_removes_what_expired(redis: RedisServer) -> None:
    prefix = f"{uuid.uuid4()}:"

    async def live() -> None:
        store = RedisStore(redis.url, prefix=prefix)
        await store.create("k", Changes({"a": "1"}), 1000, 1000.05)
        await store.create("long", Changes({"a": "1"}), 1000, 2000)
        assert await store.update("long", Changes({"b": "1"}), 1000, 3000)
        await asyncio.sleep(0.1)
        client = store._client
        assert [key async for key in client.scan_iter(f"{prefix}*")] == [f"{prefix}long"]
        assert 1_990_000 < await client.pttl(f"{prefix}long") <= 2_000_000
        await store.move("long", "moved", 1000)
        assert await client.pttl(f"{prefix}moved") > 1_900_000
        await store.close()

    asyncio.run(live())


def test_hundreds_of_requests_share_some_connections_to_redis(redis: RedisServer) -> None:
    async def live() -> None:
        store = RedisStore(redis.url, prefix=f"{uuid.uuid4()}:")
        await store.create("k", Changes({"a": "1"}), 0, 100)
        found = await asyncio.gather(*(store.load("k", 0) for _ in range(400)))
        assert found == [({"a": "1"}, 100)] * 400
        await store.close()
        assert await store.load("k", 0)
        await store.close()

    asyncio.run(live())


def test_a_redis_that_is_down_is_said_at_once_and_without_its_password(own_redis: RedisServer) -> None:
    url = own_redis.url.replace("//", "//nobody:hunter2-hunter2@")

    async def live() -> None:
        store = RedisStore(own_redis.url)
        await store.create("k", Changes({"a": "1"}), 0, 100)
        own_redis.stop()
        begin = time.monotonic()
        with pytest.raises(ServiceUnavailable, match=r"redis-cli -u redis://127\.0\.0\.1:\d+/0 ping"):
            await store.load("k", 0)
        assert time.monotonic() - begin < 2
        own_redis.start()
        assert await store.load("k", 0) is None
        await store.close()
        locked = RedisStore(url)
        with pytest.raises(ServiceUnavailable) as error:
            await locked.load("k", 0)
        assert "hunter2" not in str(error.value)
        await locked.close()

    asyncio.run(live())


WRITER = """
import asyncio, sys
from pyastro.runtime.sessions import Changes
from pyastro.runtime.sessions.redis import RedisStore
from pyastro.runtime.sessions.sqlite import SqliteStore

async def main():
    store = (RedisStore if "://" in sys.argv[1] else SqliteStore)(sys.argv[1])
    for number in range(40):
        assert await store.update("k", Changes({f"{sys.argv[2]}-{number}": "1"}), 1, 1000)
    await store.close()

asyncio.run(main())
"""


@pytest.mark.parametrize("driver", ["sqlite", "redis"])
def test_processes_write_at_once(driver: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    place = str(tmp_path / "s.db") if driver == "sqlite" else request.getfixturevalue("own_redis").url

    def make() -> SessionStore:
        return SqliteStore(place) if driver == "sqlite" else RedisStore(place)

    async def create() -> None:
        store = make()
        await store.create("k", Changes({}), 0, 1000)
        await store.close()

    async def load() -> int:
        store = make()
        found = await store.load("k", 1)
        await store.close()
        assert found is not None
        return len(found[0])

    asyncio.run(create())
    running = [subprocess.Popen([sys.executable, "-c", WRITER, place, name]) for name in "abc"]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert asyncio.run(load()) == 120


def test_processes_make_the_file_at_once(tmp_path: Path) -> None:
    code = (
        WRITER.replace('update("k"', 'create(f"{sys.argv[2]}-{number}"')
        .replace("range(40)", "range(3)")
        .replace("assert ", "")
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "s.db"), name]) for name in "abcd"
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
