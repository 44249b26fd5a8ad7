"""How a server is to behave: where it listens, what it trusts, and how long it waits."""

from dataclasses import dataclass, field

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set for a server."""

    host: str = "127.0.0.1"
    port: int = 4321
    workers: int = 1
    development: bool = False
    allowed_hosts: tuple[str, ...] = ()
    """Names, besides the configured site's and the machine's own, that a `Host` header may give."""
    trust_forwarded: bool = False
    """Whether `X-Forwarded-For`, `-Proto` and `-Host` are believed: only right behind a proxy that sets them."""
    check_origin: bool = True
    """Whether requests of other sites' pages that may change something are refused."""
    compress: bool = False
    """Whether text is compressed for clients that accept it."""
    access_log: bool = False
    """Whether each request is logged, to the logger `pyastro.access`."""
    health: str | None = None
    """The path at which the server tells whether it takes requests: 200, or 503 when it is about to stop."""
    limits: Limits = DEFAULT_LIMITS
    deadlines: Deadlines = field(default_factory=Deadlines)
