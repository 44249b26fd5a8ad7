"""What a place that keeps sessions has to do."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one request changed in a session: values that were set, as JSON text, and names that were deleted."""

    values: Values = field(default_factory=dict)
    deleted: Set[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.values or self.deleted)


class SessionStore(Protocol):
    """Keeps sessions by key. A key is the hash of a session's id: whoever reads the store cannot take a session over.

    Every method is one atomic step, also between processes. Values are JSON text that the store never looks into.
    Times are seconds since the epoch.
    """

    async def load(self, key: str, now: float) -> tuple[dict[str, str], float] | None:
        """The values of a session and when it expires; None where there is no such session, or no longer."""

    async def create(self, key: str, changes: Changes, now: float, expires: float) -> None:
        """Begins a session under a key that was never used."""

    async def update(self, key: str, changes: Changes, now: float, expires: float) -> bool:
        """Merges changes into a session, name by name, and moves its end.

        False, and nothing is written, where the session is gone: what was destroyed stays destroyed.
        """

    async def move(self, key: str, new_key: str, now: float) -> bool:
        """Gives a session another key; the old one is worth nothing from then on. False where it is gone."""

    async def delete(self, key: str) -> None:
        """Destroys a session, if there is one."""

    async def close(self) -> None:
        """Lets go of what the store holds open."""
