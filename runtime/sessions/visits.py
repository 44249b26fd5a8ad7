"""The sessions of a site's visitors, and the cookie that ties them to one."""

from pyastro.runtime.cookies import Cookies
from pyastro.runtime.sessions.session import COOKIE_NAME, Session
from pyastro.runtime.sessions.store import SessionStore


class Visits:
    """Gives each request its session. The default store is made when a session is first used."""

    def __init__(self, store: SessionStore | None, idle_seconds: float) -> None:
        self._store = store
        self._idle_seconds = idle_seconds

    def session(self, cookies: Cookies) -> Session:
        """The session that a request's cookies name, or a new one; nothing is loaded yet."""
        cookie = cookies.get(COOKIE_NAME)
        return Session(self.store, cookie.value if cookie else None, idle_seconds=self._idle_seconds)

    def set_cookie(self, session: Session, cookies: Cookies, *, is_secure: bool) -> None:
        """Sets or deletes the visitor's cookie, where the session's id is not the one that came."""
        change = session.cookie_change
        if change:
            cookies.set(COOKIE_NAME, change, http_only=True, secure=is_secure, same_site="lax")
        elif change == "":
            cookies.delete(COOKIE_NAME, http_only=True, secure=is_secure, same_site="lax")

    def store(self) -> SessionStore:
        """The store of the sessions."""
        if self._store is None:
            from pyastro.runtime.sessions.sqlite import SqliteStore

            self._store = SqliteStore()
        return self._store

    async def close(self) -> None:
        """Lets go of what the store holds open."""
        if self._store is not None:
            await self._store.close()
