"""Sessions in this process's memory: for tests, and for sites that may forget."""

from pyastro.runtime.sessions.store import Changes


class MemoryStore:
    """A session store that lives as long as its process. Workers do not share it."""

    def __init__(self) -> None:
        self._sessions: dict[str, tuple[dict[str, str], float]] = {}
        self._next_sweep = 0.0

    async def load(self, key: str, now: float) -> tuple[dict[str, str], float] | None:
        """See SessionStore."""
        found = self._sessions.get(key)
        if found is None or found[1] <= now:
            return None
        return dict(found[0]), found[1]

    async def create(self, key: str, changes: Changes, now: float, expires: float) -> None:
        """See SessionStore."""
        self._sweep(now)
        self._sessions[key] = dict(changes.values), expires

    async def update(self, key: str, changes: Changes, now: float, expires: float) -> bool:
        """See SessionStore."""
        self._sweep(now)
        found = await self.load(key, now)
        if found is None:
            return False
        values = {name: text for name, text in found[0].items() if name not in changes.deleted}
        self._sessions[key] = {**values, **changes.values}, expires
        return True

    async def move(self, key: str, new_key: str, now: float) -> bool:
        """See SessionStore."""
        found = await self.load(key, now)
        self._sessions.pop(key, None)
        if found is None:
            return False
        self._sessions[new_key] = found
        return True

    async def delete(self, key: str) -> None:
        """See SessionStore."""
        self._sessions.pop(key, None)

    async def close(self) -> None:
        """See SessionStore."""

    def _sweep(self, now: float) -> None:
        """Drops what expired, once in ten minutes."""
        if now >= self._next_sweep:
            self._next_sweep = now + 600
            self._sessions = {key: entry for key, entry in self._sessions.items() if entry[1] > now}
