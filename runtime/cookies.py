"""A request's cookies, and those that its response sets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from pyastro.runtime.errors import BadRequest, ResponseSentError
from pyastro.runtime.headers import is_token
from pyastro.runtime.media_type import json_text, parse_json
from pyastro.runtime.patterns import pattern
from pyastro.runtime.set_cookie import SameSite, SetCookie
from pyastro.runtime.signing import Signer, read_secrets

__all__ = ["Cookie", "Cookies"]

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie's value, decoded."""

    value: str

    def json(self) -> Any:
        """The value that the text means as JSON. Raises BadRequest, a ValueError, when it is none."""
        return parse_json(self.value, "The cookie's value")

    def number(self) -> int | float:
        """The number that the text writes. Raises BadRequest, a ValueError, when it writes none."""
        text = self.value.strip()
        if not pattern(_NUMBER).fullmatch(text) or len(text) > 300:
            raise BadRequest(f"The cookie's value is not a number: {self.value!r}")
        return int(text) if text.lstrip("+-").isdigit() else float(text)

    def boolean(self) -> bool:
        """False for "", "0" and "false", otherwise True, as in Astro."""
        return self.value not in ("", "0", "false")


class Cookies:
    """Cookies by name: those that the browser sent, as the code changed them.

    A value that was set is what `get` gives from then on, and a deleted one is None.
    """

    __slots__ = ("_changed", "_header", "_is_sent", "_outgoing", "_received")

    def __init__(self, header: str | None = None) -> None:
        """Make cookies from the value of a `Cookie` header; it is read when it is first needed."""
        self._header = header
        self._received: dict[str, Cookie] | None = None
        self._changed: dict[str, Cookie | None] = {}
        self._outgoing: dict[tuple[str, str, str], str] = {}
        self._is_sent = False

    def get(self, name: str) -> Cookie | None:
        """The cookie called `name`, or None."""
        if name in self._changed:
            return self._changed[name]
        return self._from_header().get(name)

    def received(self, name: str) -> Cookie | None:
        """The cookie called `name` as the browser sent it, whatever was set since."""
        return self._from_header().get(name)

    def get_signed(self, name: str, *, max_age: float | None = None) -> Cookie | None:
        """The cookie called `name`, if it was set with `signed=True`: None for one that anybody else wrote.

        `max_age` is in seconds since it was set; a browser's word for that is not taken. Raises SetupError where the
        environment holds no secret.
        """
        signer = _signer(name)
        found = self.get(name)
        text = None if found is None else signer.unsign(found.value, time.time(), max_age)
        return None if text is None else Cookie(text)

    def has(self, name: str) -> bool:
        """Whether there is a cookie called `name`."""
        return self.get(name) is not None

    def set(
        self,
        name: str,
        value: object,
        *,
        path: str = "/",
        domain: str | None = None,
        max_age: int | None = None,
        expires: datetime | None = None,
        http_only: bool = False,
        secure: bool = False,
        same_site: SameSite | None = "lax",
        partitioned: bool = False,
        signed: bool = False,
    ) -> None:
        """Set a cookie in the browser.

        A `str` is stored as it is, a number, bool, dict or list as JSON; both are percent-encoded. `signed=True` adds the
        time and a signature, for `get_signed`: a visitor can read the value, and not change it.
        `expires` needs a time zone; `max_age` is in seconds. Raises ValueError for a name, path, domain or
        combination that browsers refuse (RFC 6265bis), TypeError for a value of another type.
        """
        text = _value_text(value)
        if signed:
            text = _signer(name).sign(text, time.time())
        encoded = quote(text, safe="-_.!~*'()")  # JavaScript's encodeURIComponent
        cookie = SetCookie(
            name, encoded, path, domain, max_age, expires, http_only, secure, same_site, partitioned
        )
        self._send(cookie.key, cookie.header())
        self._changed[name] = Cookie(text)

    def delete(
        self,
        name: str,
        *,
        path: str = "/",
        domain: str | None = None,
        http_only: bool = False,
        secure: bool = False,
        same_site: SameSite | None = None,
        partitioned: bool = False,
    ) -> None:
        """Make the browser forget a cookie; path and domain must be those with which it was set."""
        # browsers refuse even the removal of a prefixed cookie when it is not Secure
        secure = secure or partitioned or name.lower().startswith(("__host-", "__secure-"))
        cookie = SetCookie(
            name, "deleted", path, domain, None, _EPOCH, http_only, secure, same_site, partitioned
        )
        self._send(cookie.key, cookie.header())
        self._changed[name] = None

    def outgoing(self) -> list[str]:
        """The values of the response's `Set-Cookie` fields, in order.

        There is one for each name, path and domain: the one that was set or deleted last.
        """
        return list(self._outgoing.values())

    def seal(self) -> None:
        """From now on every change raises ResponseSentError: the response is on its way."""
        self._is_sent = True

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.has(name)

    def __iter__(self) -> Iterator[str]:
        """The names of the cookies that exist now."""
        names = dict.fromkeys([*self._from_header(), *self._changed])
        return iter([name for name in names if self.has(name)])

    def __repr__(self) -> str:
        return f"<Cookies {', '.join(self)}>"

    def _send(self, key: tuple[str, str, str], header: str) -> None:
        if self._is_sent:
            raise ResponseSentError("Changing a cookie")
        self._outgoing.pop(key, None)
        self._outgoing[key] = header

    def _from_header(self) -> dict[str, Cookie]:
        if self._received is None:
            self._received = _parse(self._header or "")
        return self._received


def _signer(name: str) -> Signer:
    """What signs the cookies of one name: the value of another cookie is not accepted for it."""
    return Signer(read_secrets(), f"cookie {name}")


def _parse(header: str) -> dict[str, Cookie]:
    """The cookies of a header. Of several with one name, the first counts: its path is the longest."""
    cookies: dict[str, Cookie] = {}
    for pair in header.split(";"):
        name, equals, value = pair.partition("=")
        name = name.strip()
        if equals and is_token(name) and name not in cookies:
            cookies[name] = Cookie(_decoded(value.strip()))
    return cookies


def _decoded(value: str) -> str:
    """The text that a value stands for: quotes around it go, escapes are decoded where they are UTF-8."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    with suppress(UnicodeError):
        # headers hold one character for each byte, but scripts write cookies in UTF-8
        value = value.encode("latin-1").decode()
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        return value


def _value_text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, int, float, dict, list, tuple)):
        return json_text(value)
    raise TypeError(
        f"A cookie's value is a str, a number, a bool, a dict or a list, not {type(value).__name__}"
    )
