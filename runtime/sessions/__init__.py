"""Sessions: state of a visitor that is kept on the server, under an id that only the visitor's cookie holds."""

from pyastro.runtime.sessions.memory import MemoryStore
from pyastro.runtime.sessions.session import Session, SessionValueError
from pyastro.runtime.sessions.settings import CookieSettings, SessionSettings
from pyastro.runtime.sessions.store import Changes, SessionStore

__all__ = [
    "Changes",
    "CookieSettings",
    "MemoryStore",
    "Session",
    "SessionSettings",
    "SessionStore",
    "SessionValueError",
]
