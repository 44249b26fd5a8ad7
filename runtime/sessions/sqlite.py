"""Sessions in an SQLite file, shared by all workers of one machine.

The store works in a thread of its own, so that a slow disk never stops the event loop. Write-ahead logging lets workers
read while one writes; a write is one transaction that takes the lock at its start, so that parallel writes queue up
instead of failing.
"""

import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar

from pyastro.runtime.errors import ServiceUnavailable
from pyastro.runtime.sessions.store import Changes

DEFAULT_PATH = Path(".pyastro/sessions.db")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires);
CREATE TABLE IF NOT EXISTS session_values (
    key TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE ON UPDATE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key, name)
) WITHOUT ROWID;
"""
_SWEEP_SECONDS = 600.0
_BUSY_SECONDS = 10.0

_T = TypeVar("_T")
_Work = Callable[[sqlite3.Connection], _T]


class SqliteStore:
    """A session store in one file, which is created, readable by its owner alone, when the first session is kept.

    `path` is taken from the working directory when it is relative; the default is `.pyastro/sessions.db`.
    """

    def __init__(self, path: str | os.PathLike[str] = DEFAULT_PATH) -> None:
        self.path = Path(path).absolute()
        self._connection: sqlite3.Connection | None = None
        self._executor: Executor | None = None
        self._next_sweep = 0.0

    async def load(self, key: str, now: float) -> tuple[dict[str, str], float] | None:
        """See SessionStore."""
        if self._connection is None and not self.path.exists():
            return None
        return await self._run(lambda db: _load(db, key, now))

    async def create(self, key: str, changes: Changes, now: float, expires: float) -> None:
        """See SessionStore."""

        def work(db: sqlite3.Connection) -> None:
            self._sweep(db, now)
            db.execute("INSERT INTO sessions VALUES (?, ?)", (key, expires))
            _merge(db, key, changes)

        await self._write(work)

    async def update(self, key: str, changes: Changes, now: float, expires: float) -> bool:
        """See SessionStore."""

        def work(db: sqlite3.Connection) -> bool:
            self._sweep(db, now)
            found = db.execute(
                "UPDATE sessions SET expires = ? WHERE key = ? AND expires > ?", (expires, key, now)
            )
            if found.rowcount == 0:
                return False
            _merge(db, key, changes)
            return True

        return await self._write(work)

    async def move(self, key: str, new_key: str, now: float) -> bool:
        """See SessionStore."""

        def work(db: sqlite3.Connection) -> bool:
            found = db.execute(
                "UPDATE sessions SET key = ? WHERE key = ? AND expires > ?", (new_key, key, now)
            )
            return found.rowcount == 1

        return await self._write(work)

    async def delete(self, key: str) -> None:
        """See SessionStore."""
        if self._connection is not None or self.path.exists():
            await self._write(lambda db: db.execute("DELETE FROM sessions WHERE key = ?", (key,)))

    async def close(self) -> None:
        """See SessionStore. The store opens the file again when it is used after that."""
        executor, self._executor = self._executor, None
        if executor is not None:
            await _in_thread(executor, self._disconnect)
            executor.shutdown(wait=False)

    async def _write(self, work: _Work[_T]) -> _T:
        def transaction(db: sqlite3.Connection) -> _T:
            db.execute("BEGIN IMMEDIATE")
            with db:
                return work(db)

        return await self._run(transaction)

    async def _run(self, work: _Work[_T]) -> _T:
        if self._executor is None:
            self._executor = _new_executor()
        try:
            return await _in_thread(self._executor, lambda: work(self._connect()))
        except (sqlite3.DatabaseError, OSError) as error:
            raise ServiceUnavailable(
                f"The sessions cannot be kept in {self.path}: {error}. "
                "See that this process may write there, and that the disk has room."
            ) from error

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = _open(self.path)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _sweep(self, db: sqlite3.Connection, now: float) -> None:
        """Deletes what expired, once in ten minutes."""
        if now >= self._next_sweep:
            self._next_sweep = now + _SWEEP_SECONDS
            db.execute("DELETE FROM sessions WHERE expires <= ?", (now,))


def _open(path: Path) -> sqlite3.Connection:
    """A connection to the file, which is made where it is missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the database, and would itself create that readable by everybody.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    """Sets a connection up. SQLite does not wait for the lock that the change of the journal takes: we do."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    db.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")


def _load(db: sqlite3.Connection, key: str, now: float) -> tuple[dict[str, str], float] | None:
    rows = db.execute(
        "SELECT expires, name, value FROM sessions LEFT JOIN session_values USING (key) WHERE key = ? AND expires > ?",
        (key, now),
    ).fetchall()
    if not rows:
        return None
    return {name: value for _, name, value in rows if name is not None}, rows[0][0]


def _merge(db: sqlite3.Connection, key: str, changes: Changes) -> None:
    for name in changes.deleted:
        db.execute("DELETE FROM session_values WHERE key = ? AND name = ?", (key, name))
    for name, value in changes.values.items():
        db.execute("INSERT OR REPLACE INTO session_values VALUES (?, ?, ?)", (key, name, value))


def _new_executor() -> Executor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pyastro-sessions")


async def _in_thread(executor: Executor, work: Callable[[], _T]) -> _T:
    from asyncio import get_running_loop

    return await get_running_loop().run_in_executor(executor, work)
