"""What every host does with the head and the body of a request before the site gets it."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.errors import BadRequest, ContentTooLarge, RequestError
from pyastro.runtime.headers import Headers
from pyastro.runtime.hosts import BadHost, Hosts
from pyastro.runtime.limits import Limits
from pyastro.runtime.url import URL

_ABSOLUTE = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class SlowBody(RequestError):
    """A body did not arrive in time (RFC 9110, 15.5.9)."""

    status = 408


class ExpectationFailed(RequestError):
    """The client expects something other than `100-continue` (RFC 9110, 15.5.18)."""

    status = 417


def allowed_hosts(environment: Mapping[str, str]) -> list[str]:
    """The names by which a site is reached, of `PYASTRO_ALLOWED_HOSTS`, with commas between them."""
    names = environment.get("PYASTRO_ALLOWED_HOSTS", "").split(",")
    return [name.strip() for name in names if name.strip()]


def is_forwarding_trusted(environment: Mapping[str, str]) -> bool:
    """Whether a proxy is believed: `PYASTRO_TRUST_FORWARDED=1`."""
    return environment.get("PYASTRO_TRUST_FORWARDED", "") not in ("", "0")


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed of a request, and how much is read."""

    hosts: Hosts
    trust_forwarded: bool
    limits: Limits


class UnknownCoding(RequestError):
    """A body is coded for its transfer in a way that nobody here undoes (RFC 9112, 6.1)."""

    status = 501


def headers_of(fields: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The fields as they came: each character of a value stands for one byte. Raises BadRequest for what is no field."""
    try:
        return Headers.received(fields)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def checked_headers(fields: Iterable[tuple[str, str]]) -> Headers:
    """The fields of a request. Raises BadRequest for what is no field."""
    try:
        return Headers(fields)
    except ValueError as error:
        raise BadRequest(str(error)) from None


class Sender(NamedTuple):
    """Who sends a request, and by which address: as the connection has it, or as a proxy in front says."""

    scheme: str | None
    host: str | None
    client: str | None

    def behind_proxy(self, headers: Headers) -> "Sender":
        """What the nearest proxy says, where it says something."""
        return Sender(
            forwarded(headers, "x-forwarded-proto", self.scheme),
            forwarded(headers, "x-forwarded-host", self.host),
            forwarded(headers, "x-forwarded-for", self.client),
        )


def check_announced(headers: Headers, length: int | None, limits: Limits, *, is_old: bool = False) -> None:
    """Raises RequestError for a body that is announced as too large, and for an expectation that nobody meets.

    The only coding of a transfer is `chunked`, and HTTP/1.0 (`is_old`) knows none: who sends another one means to be read
    in two ways (RFC 9112, 6.1).
    """
    if (length or 0) > limits.body:
        raise ContentTooLarge("The body is announced as too large")
    coding = headers.get("transfer-encoding")
    if coding is not None and is_old:
        raise BadRequest("HTTP/1.0 has no Transfer-Encoding")
    if coding is not None and coding.lower() != "chunked":
        raise UnknownCoding(f"The Transfer-Encoding {coding!r} is not known")
    expected = headers.get("expect")
    if expected is not None and expected.lower() != "100-continue":
        raise ExpectationFailed("Only 100-continue can be expected")


def host_and_target(headers: Headers, target: str, *, needs_host: bool) -> tuple[str | None, str]:
    """The host and the path with its query, of any form of a target (RFC 9112, 3.2 and 3.3).

    The target is taken as it was sent, percent-encoded; whatever else it holds is encoded. Raises BadRequest for one
    that is no path, and where there is not one `Host` header, which HTTP/1.1 wants (`needs_host`).
    """
    hosts = headers.get_all("host")
    if len(hosts) > 1 or (not hosts and needs_host):
        raise BadRequest("There is not one Host header")
    host = hosts[0] if hosts else None
    if not target.startswith("/"):
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None:
            raise BadRequest("The target is no path")
        host, target = absolute[1], absolute[2]
        target = target if target.startswith("/") else f"/{target}"
    if "#" in target:
        target = target.partition("#")[0]
    if not target.isascii() or not target.isprintable() or " " in target:
        target = quote(target, safe=_PRINTABLE, encoding="utf-8", errors="surrogateescape")
    return host, target


def request_url(scheme: str | None, host: str | None, target: str, hosts: Hosts, listening: str) -> URL:
    """The URL that a request is for. `listening` stands for a host that is not known.

    Raises BadRequest for a malformed host or target.
    """
    try:
        authority = hosts.authority(host, listening)
        return URL(f"{'https' if scheme == 'https' else 'http'}://{authority}{target}")
    except BadHost:
        raise BadRequest("The Host header is malformed") from None
    except ValueError as error:
        raise BadRequest(str(error)) from None


def forwarded(headers: Headers, name: str, otherwise: str | None) -> str | None:
    """What the nearest proxy says: the last value of the header."""
    value = headers.get(name, "").rpartition(",")[2].strip()
    return value or otherwise


async def timed(read: Callable[[], Awaitable[bytes]], deadlines: Deadlines) -> AsyncGenerator[bytes, None]:
    """The pieces of a body as `read` gives them, up to an empty one.

    Raises SlowBody after a silence, and for a body that takes too long as a whole, from its first piece on.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    end = loop.time() + deadlines.body
    while True:
        try:
            async with asyncio.timeout_at(min(end, loop.time() + deadlines.silence)):
                piece = await read()
        except TimeoutError:
            raise SlowBody("The body did not arrive in time") from None
        if not piece:
            return
        yield piece
