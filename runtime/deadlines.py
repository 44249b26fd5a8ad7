"""How long a host waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How many seconds a server waits for a client, and for itself at its end."""

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
    notice: float = 0.0
    """For those who send requests to notice that the server is to stop: so long it goes on, and says so as its health."""
    shutdown: float = 8.0
    """For what is in flight when the server stops."""
