"""How a server is to behave: where it listens, what it trusts, and how long it waits."""

from dataclasses import dataclass, field

from pyastro.runtime.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How many seconds the server waits for a client, and for itself at its end."""

    head: float = 20.0
    """For the whole head of a request, from the connection's start or the head's first byte."""
    keep_alive: float = 65.0
    """For the next request on a connection: longer than the usual proxies, so that they close first."""
    silence: float = 20.0
    """For the next piece of a body."""
    body: float = 300.0
    """For a whole body."""
    write: float = 30.0
    """For a client to take what it was sent: 64 KB at a time."""
    shutdown: float = 8.0
    """For what is in flight when the server stops."""


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
