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
    limits: Limits = DEFAULT_LIMITS
    deadlines: Deadlines = field(default_factory=Deadlines)
