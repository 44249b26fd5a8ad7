import asyncio
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.runtime.sessions import Changes, MemoryStore, SessionStore
from pyastro.runtime.sessions.sqlite import SqliteStore

MakeStore = Callable[[], SessionStore]


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    return MemoryStore if request.param == "memory" else lambda: SqliteStore(tmp_path / "s" / "sessions.db")


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


WRITER = """
import asyncio, sys
from pyastro.runtime.sessions import Changes
from pyastro.runtime.sessions.sqlite import SqliteStore

async def main():
    store = SqliteStore(sys.argv[1])
    for number in range(40):
        assert await store.update("k", Changes({f"{sys.argv[2]}-{number}": "1"}), 1, 1000)
    await store.close()

asyncio.run(main())
"""


def test_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"

    async def create() -> None:
        store = SqliteStore(path)
        await store.create("k", Changes({}), 0, 1000)
        await store.close()

    async def load() -> int:
        store = SqliteStore(path)
        found = await store.load("k", 1)
        await store.close()
        assert found is not None
        return len(found[0])

    asyncio.run(create())
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
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
