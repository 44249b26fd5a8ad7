"""The sockets that a server listens on."""

import errno
import socket

from pyastro.runtime.hosts import listening_authority

_BACKLOG = 1024


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen on every address that a host name has; port 0 stands for a free one.

    Raises OSError, with the address in its message, when the port is taken or the host unknown.
    """
    sockets: list[socket.socket] = []
    failure: OSError | None = None
    for family, address in _addresses(host, port):
        # All addresses of a name share the port that the system chose for the first.
        chosen = sockets[0].getsockname()[1] if sockets else port
        try:
            sockets.append(_listen(family, (address, chosen)))
        except OSError as error:
            failure = error
    # `localhost` names addresses that this machine may not have; a port that is taken on one of them is another matter.
    if failure is not None and (not sockets or failure.errno == errno.EADDRINUSE):
        close(sockets)
        raise failure
    return sockets


def close(sockets: list[socket.socket]) -> None:
    """Closes all of them."""
    for opened in sockets:
        opened.close()


def url(sockets: list[socket.socket], host: str) -> str:
    """The address to open in a browser."""
    return f"http://{authority(sockets, host)}/"


def authority(sockets: list[socket.socket], host: str) -> str:
    """The host and port by which the site is reached on this machine."""
    return listening_authority(host, sockets[0].getsockname()[1])


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise OSError(error.errno, f"{host} is no address of this machine: {error.strerror}") from None
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _listen(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
    try:
        opened = socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OSError(
            error.errno, f"Cannot listen on {address[0]} port {address[1]}: {error.strerror}"
        ) from None
    opened.setblocking(False)
    return opened
