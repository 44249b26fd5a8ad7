"""How a site keeps its sessions, as far as that may stand in a file: no password and no secret."""

from dataclasses import dataclass, field
from typing import Literal

from pyastro.runtime.set_cookie import SameSite

Driver = Literal["sqlite", "memory", "redis", "cookie"]

COOKIE_NAME = "pyastro-session"
IDLE_SECONDS = 14 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class CookieSettings:
    """The cookie that ties a visitor to a session."""

    name: str = COOKIE_NAME
    path: str = "/"
    domain: str | None = None
    same_site: SameSite = "lax"
    secure: bool = False
    """Whether it is kept from HTTP always, and not only where the request came over HTTPS."""


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Where sessions are kept, and for how long."""

    driver: Driver = "sqlite"
    path: str | None = None
    """SQLite: the file."""
    url: str | None = None
    """Redis: where it is; the environment may say otherwise."""
    prefix: str | None = None
    """Redis: what all keys begin with."""
    idle: float = IDLE_SECONDS
    """After how many seconds without a request a session ends."""
    cookie: CookieSettings = field(default_factory=CookieSettings)
