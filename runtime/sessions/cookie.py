"""Sessions in the visitor's own cookie, encrypted. It needs the package `cryptography`: `pip install 'pyastro-web[cookie]'`,
but not in hosts of JavaScript, which encrypt themselves.

The server keeps nothing. What that costs: a session holds at most what fits into a cookie; of two parallel requests that
change it the last answer wins; and a copy of a cookie stays good until it expires, also after the session was destroyed.
"""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from pyastro.runtime.sessions.fernet import BadToken, make_sealer
from pyastro.runtime.sessions.memory import MemoryStore
from pyastro.runtime.sessions.session import Session
from pyastro.runtime.sessions.settings import COOKIE_NAME, IDLE_SECONDS
from pyastro.runtime.sessions.store import Changes
from pyastro.runtime.set_cookie import LARGEST
from pyastro.runtime.signing import derive_key


class SessionTooLarge(ValueError):
    """A session holds more than fits into a cookie."""


class CookieSessions:
    """Makes sessions of encrypted cookies. The first secret encrypts, each is accepted: that is how they are rotated."""

    def __init__(self, secrets: Sequence[str], cookie_name: str = COOKIE_NAME) -> None:
        """Make it; raises SetupError where the package `cryptography` is not installed."""
        self._sealer = make_sealer(
            [derive_key(secret, f"session cookie {cookie_name}") for secret in secrets]
        )
        self._room = LARGEST - len(cookie_name)

    def session(
        self,
        cookie: str | None,
        *,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> Session:
        """The session that a cookie holds, or a new one; it is decrypted when it is first asked for."""
        store = _CookieStore(self, cookie)
        return _CookieSession(store, cookie, idle_seconds=idle_seconds, clock=clock)

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def seal(self, values: dict[str, str], expires: float) -> str:
        """The cookie's value. Raises SessionTooLarge where a browser would not keep it."""
        text = json.dumps([expires, values], separators=(",", ":"), ensure_ascii=False)
        token = await self._sealer.seal(text.encode("utf-8", "surrogatepass"))
        sealed = token.decode().rstrip("=")
        if len(sealed) > self._room:
            raise SessionTooLarge(
                f"This session takes {len(sealed)} bytes, and a cookie has room for {self._room}. Keep less in it, "
                'or keep sessions on the server: `driver = "sqlite"` or `"redis"`.'
            )
        return sealed

    async def unseal(self, sealed: str) -> tuple[dict[str, str], float] | None:
        """What `seal` was given; None where it was not sealed with one of our secrets."""
        with suppress(BadToken, UnicodeEncodeError):
            text = await self._sealer.unseal((sealed + "=" * (-len(sealed) % 4)).encode("ascii"))
            expires, values = json.loads(text.decode("utf-8", "surrogatepass"))
            return values, expires
        return None


class _CookieStore(MemoryStore):
    """The store of one request: it holds what the cookie brought, and what the cookie has to become."""

    def __init__(self, sessions: CookieSessions, cookie: str | None) -> None:
        super().__init__()
        self._cookie_sessions = sessions
        self._cookie = cookie
        self.sealed: str | None = None
        """The cookie's next value, "" to delete it, None to leave it."""

    async def load(self, key: str, now: float) -> tuple[dict[str, str], float] | None:
        """See SessionStore."""
        cookie = self._cookie
        if cookie is not None:
            found = await self._cookie_sessions.unseal(cookie)
            if found is not None and cookie is self._cookie:  # else another task was quicker
                self._sessions[key] = found
            self._cookie = None
        return await super().load(key, now)

    async def create(self, key: str, changes: Changes, now: float, expires: float) -> None:
        """See SessionStore."""
        await super().create(key, changes, now, expires)
        await self._seal(key)

    async def update(self, key: str, changes: Changes, now: float, expires: float) -> bool:
        """See SessionStore."""
        is_there = await super().update(key, changes, now, expires)
        if is_there:
            await self._seal(key)
        return is_there

    async def move(self, key: str, new_key: str, now: float) -> bool:
        """See SessionStore."""
        is_there = await super().move(key, new_key, now)
        if is_there:
            await self._seal(new_key)
        return is_there

    async def delete(self, key: str) -> None:
        """See SessionStore."""
        await super().delete(key)
        self._cookie, self.sealed = None, ""

    async def _seal(self, key: str) -> None:
        entry = self._sessions[key]
        sealed = await self._cookie_sessions.seal(*entry)
        if self._sessions.get(key) is entry:  # else another task has sealed what came later
            self.sealed = sealed


class _CookieSession(Session):
    """A session whose cookie is not its id but all of it."""

    longest_cookie = LARGEST

    def __init__(self, store: _CookieStore, cookie: str | None, **options: Any) -> None:
        super().__init__(lambda: store, cookie, **options)
        self._cookie_store = store

    @property
    def cookie_change(self) -> str | None:
        """See Session."""
        sealed = self._cookie_store.sealed
        return super().cookie_change if sealed is None else sealed
