"""The sessions of a site's visitors, and the cookie that ties them to one."""

from pyastro.runtime.cookies import Cookies
from pyastro.runtime.sessions.cookie import CookieSessions
from pyastro.runtime.sessions.drivers import open_driver
from pyastro.runtime.sessions.session import Session
from pyastro.runtime.sessions.settings import SessionSettings
from pyastro.runtime.sessions.store import SessionStore


class Visits:
    """Gives each request its session, kept in `store` or else where the settings say."""

    def __init__(self, settings: SessionSettings, store: SessionStore | CookieSessions | None = None) -> None:
        self._settings = settings
        self._cookie = settings.cookie
        self._driver = store

    def prepare(self) -> None:
        """Raises SetupError where something is missing that the driver needs.

        SQLite needs nothing, so its module is not even imported before a session is used: some hosts lack it.
        """
        if self._settings.driver != "sqlite":
            self._open()

    def session(self, cookies: Cookies) -> Session:
        """The session that a request's cookies name, or a new one; nothing is loaded yet.

        What counts is the cookie that came, also where code has set one of that name before it asked for the session.
        """
        cookie = cookies.received(self._cookie.name)
        value = cookie.value if cookie else None
        if isinstance(self._driver, CookieSessions):
            return self._driver.session(value, idle_seconds=self._settings.idle)
        return Session(self._store, value, idle_seconds=self._settings.idle)

    def set_cookie(self, session: Session, cookies: Cookies, *, is_secure: bool) -> None:
        """Sets or deletes the visitor's cookie, where it is not to stay as it came."""
        change = session.cookie_change
        if change is None:
            return
        cookie, secure = self._cookie, is_secure or self._cookie.secure
        if change:
            cookies.set(
                cookie.name,
                change,
                path=cookie.path,
                domain=cookie.domain,
                http_only=True,
                secure=secure,
                same_site=cookie.same_site,
            )
        else:
            cookies.delete(
                cookie.name,
                path=cookie.path,
                domain=cookie.domain,
                http_only=True,
                secure=secure,
                same_site=cookie.same_site,
            )

    async def close(self) -> None:
        """Lets go of what the store holds open."""
        if self._driver is not None:
            await self._driver.close()

    def _open(self) -> SessionStore | CookieSessions:
        if self._driver is None:
            self._driver = open_driver(self._settings)
        return self._driver

    def _store(self) -> SessionStore:
        store = self._open()
        assert not isinstance(store, CookieSessions)  # which `prepare` has opened before the first request
        return store
