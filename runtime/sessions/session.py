"""`Astro.session`: what a visitor's session holds, loaded when it is first asked for."""

import hashlib
import json
import math
import time
from collections.abc import Callable
from typing import Any, ClassVar

from pyastro.runtime.errors import ResponseSentError
from pyastro.runtime.sessions.settings import IDLE_SECONDS
from pyastro.runtime.sessions.store import Changes, SessionStore

_TOUCH_SECONDS = 3600.0  # a session that is only read has its end moved at most once an hour


class SessionValueError(TypeError):
    """A value that a session cannot keep, because it is no JSON."""


class Session:
    """The session of one request.

    Values are JSON: None, bool, int, float, str, lists, and dicts with str keys. A value that was read is a copy; a
    change of it counts when it is given to `set`. Everything is kept when the request is answered, name by name, so that
    what parallel requests write is merged. An id that the store does not know is never taken over from a cookie.
    """

    longest_cookie: ClassVar[int] = 200
    """The longest value of a cookie that is looked at."""

    def __init__(
        self,
        store: Callable[[], SessionStore],
        session_id: str | None,
        *,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._cookie_id = session_id if session_id and len(session_id) <= self.longest_cookie else None
        self._id = self._cookie_id
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._loaded = self._id is None
        self._stored: dict[str, str] = {}
        self._expires = 0.0
        self._changed: dict[str, str] = {}
        self._deleted: set[str] = set()
        self._is_sent = False

    @property
    def cookie_change(self) -> str | None:
        """What the visitor's cookie has to become: another id, "" to delete it, or None to leave it as it is."""
        return None if self._id == self._cookie_id else self._id or ""

    async def get(self, key: str, default: Any = None) -> Any:
        """The value under a key, or the default where there is none."""
        await self._load()
        text = self._text(key)
        return default if text is None else json.loads(text)

    async def has(self, key: str) -> bool:
        """Whether there is a value under a key."""
        await self._load()
        return self._text(key) is not None

    async def keys(self) -> list[str]:
        """The keys that have a value, those of earlier requests first."""
        await self._load()
        kept = [key for key in self._stored if key not in self._deleted]
        return kept + [key for key in self._changed if key not in self._stored]

    async def set(self, key: str, value: object) -> None:
        """Puts a value under a key. Raises SessionValueError, naming the key, for a value that is no JSON."""
        self._check("Setting a value of the session")
        text = _encode(key, value)
        await self._load()
        self._deleted.discard(key)
        if self._stored.get(key) == text:
            self._changed.pop(key, None)
        else:
            self._changed[key] = text

    async def delete(self, key: str) -> None:
        """Removes the value under a key, if there is one."""
        self._check("Deleting a value of the session")
        await self._load()
        self._changed.pop(key, None)
        if key in self._stored:
            self._deleted.add(key)

    async def regenerate(self) -> None:
        """Gives the session another id, and makes the old one worthless at once. To be done after a login."""
        self._check("Regenerating the session")
        await self._load()
        if self._id is None:
            return
        new_id = _new_id()
        if await self._store().move(_key(self._id), _key(new_id), self._clock()):
            self._id = new_id
        else:
            self._forget()

    async def destroy(self) -> None:
        """Deletes the session and all its values at once; the visitor's cookie goes with the response."""
        self._check("Destroying the session")
        if self._id is not None:
            await self._store().delete(_key(self._id))
        self._forget()
        self._changed.clear()

    async def save(self) -> None:
        """Keeps what the request changed; the site calls it when the request is answered."""
        changes = Changes(self._changed, self._deleted)
        if self._id is not None and self._loaded:
            await self._update(self._id, changes)
        elif changes:
            new_id = _new_id()
            now = self._clock()
            await self._store().create(_key(new_id), changes, now, now + self._idle_seconds)
            self._id = new_id

    def seal(self) -> None:
        """From now on every change raises ResponseSentError: the response is on its way, and the session was saved."""
        self._is_sent = True

    def _check(self, change: str) -> None:
        if self._is_sent:
            raise ResponseSentError(change)

    async def _update(self, session_id: str, changes: Changes) -> None:
        now = self._clock()
        expires = now + self._idle_seconds
        if changes or expires - self._expires >= min(_TOUCH_SECONDS, self._idle_seconds / 2):
            await self._store().update(_key(session_id), changes, now, expires)

    async def _load(self) -> None:
        if self._loaded or self._id is None:
            return
        found = await self._store().load(_key(self._id), self._clock())
        self._loaded = True
        if found is None:
            self._forget()
        else:
            self._stored, self._expires = found

    def _forget(self) -> None:
        self._id = None
        self._loaded = True
        self._stored = {}
        self._deleted.clear()

    def _text(self, key: str) -> str | None:
        if key in self._deleted:
            return None
        return self._changed.get(key) or self._stored.get(key)


def _new_id() -> str:
    import secrets  # importing it draws random numbers, which some hosts allow only while they answer a request

    return secrets.token_urlsafe(32)


def _key(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogateescape")).hexdigest()


def _encode(key: str, value: object) -> str:
    wrong = _not_json(value)
    if wrong is not None:
        raise SessionValueError(f"session key {key!r}: {wrong}; a session keeps JSON values only")
    return json.dumps(value, separators=(",", ":"))


def _not_json(value: object) -> str | None:
    """What of a value is no JSON; None when all of it is. A tuple is not, since it would come back as a list."""
    match value:
        case None | bool() | int() | str():
            return None
        case float():
            return None if math.isfinite(value) else f"{value!r} is no JSON number"
        case list():
            return next(filter(None, map(_not_json, value)), None)
        case dict():
            strange = next((key for key in value if not isinstance(key, str)), None)
            if strange is not None:
                return f"the dict key {strange!r} is no str"
            return next(filter(None, map(_not_json, value.values())), None)
        case _:
            return f"{value!r:.80} is a value of type {type(value).__name__}"
