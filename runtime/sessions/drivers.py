"""The places where sessions can be kept, each made as the configuration and the environment say."""

import os
from collections.abc import Mapping

from pyastro.runtime.errors import SetupError
from pyastro.runtime.secret import password_of, remember
from pyastro.runtime.sessions.cookie import CookieSessions
from pyastro.runtime.sessions.memory import MemoryStore
from pyastro.runtime.sessions.settings import SessionSettings
from pyastro.runtime.sessions.store import SessionStore
from pyastro.runtime.signing import read_secrets

URL_VARIABLE = "PYASTRO_SESSION_URL"


def open_driver(
    settings: SessionSettings, environment: Mapping[str, str] = os.environ
) -> SessionStore | CookieSessions:
    """What keeps the sessions. Nothing is opened or connected yet.

    Raises SetupError, with the remedy, where a secret, an address or a package is missing.
    """
    match settings.driver:
        case "sqlite":
            return _sqlite(settings)
        case "memory":
            return MemoryStore()
        case "redis":
            return _redis(settings, environment.get(URL_VARIABLE) or settings.url)
        case "cookie":
            return CookieSessions(read_secrets(environment), settings.cookie.name)


def _sqlite(settings: SessionSettings) -> SessionStore:
    from pyastro.runtime.sessions.sqlite import DEFAULT_PATH, SqliteStore

    return SqliteStore(DEFAULT_PATH if settings.path is None else settings.path)


def _redis(settings: SessionSettings, url: str | None) -> SessionStore:
    if not url:
        raise SetupError(
            f'Sessions in Redis need its address: set {URL_VARIABLE}, or `url = "redis://localhost:6379/0"` '
            "under `session` in the configuration."
        )
    try:
        from pyastro.runtime.sessions.redis import DEFAULT_PREFIX, RedisStore
    except ImportError:
        raise SetupError(
            "Sessions in Redis need the package redis: `pip install 'pyastro-web[redis]'`."
        ) from None
    remember(password_of(url) or "")
    try:
        return RedisStore(url, prefix=DEFAULT_PREFIX if settings.prefix is None else settings.prefix)
    except ValueError as error:
        raise SetupError(f"{URL_VARIABLE} is no address of Redis: {error}") from None
