"""Which host a request is for: the `Host` header, as far as it can be trusted."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from pyastro.runtime.patterns import pattern

_HOST = r"(?a)(?P<host>[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{0,5}))?"
_ANY = ("0.0.0.0", "::", "")
_MOST_KNOWN = 256
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))


class BadHost(ValueError):
    """A `Host` header that names no host: the answer is 400 (RFC 9112, 3.2)."""


class Hosts:
    """The names under which a site may be reached.

    `allowed` holds names such as `example.com`, `example.com:8443` (that port alone) or `*.example.com` (any name below);
    the names of the machine itself (`localhost`, `*.localhost`, `127.0.0.1`, `[::1]`) are always among them. `*` is any
    name, for a site behind something that lets no request pass but for the site's own names.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        names = {name.lower() for name in allowed}
        self._names = frozenset(name for name in names if not name.startswith("*."))
        self._suffixes = tuple(sorted(name[1:] for name in names if name.startswith("*.")))
        self._is_any = "*" in names
        self._authority_of = lru_cache(_MOST_KNOWN)(self._authority)  # a site has few names, and many visits

    def authority(self, header: str | None, listening: str) -> str:
        """The host and port that a request's URL gets: those of the header, where they are known.

        Any other host counts as the address that the site listens at, so that nobody can put a name of theirs into the
        links of a page. Raises BadHost for a malformed header.
        """
        return listening if header is None else self._authority_of(header, listening)

    def _authority(self, header: str, listening: str) -> str:
        found = pattern(_HOST).fullmatch(header)
        if found is None or int(found["port"] or 0) > 65535:
            raise BadHost(header)
        host = found["host"].lower()
        authority = f"{host}:{found['port']}" if found["port"] else host
        return authority if self._is_known(host, authority) else listening

    def _is_known(self, host: str, authority: str) -> bool:
        if self._is_any or host in _LOOPBACK or host.endswith(".localhost"):
            return True
        return host in self._names or authority in self._names or host.endswith(self._suffixes)


def listening_authority(host: str, port: int | None) -> str:
    """The host and port by which what listens there is reached on this machine; a Unix socket has no port."""
    if port is None:
        return "localhost"
    name = "localhost" if host in _ANY else f"[{host}]" if ":" in host else host
    return f"{name}:{port}"


def host_of(site: str | None) -> tuple[str, ...]:
    """The host of a configured site's URL, as a list of one; none where there is no such URL."""
    host = urlsplit(site).netloc.rpartition("@")[2] if site else ""
    return (host,) if host else ()
