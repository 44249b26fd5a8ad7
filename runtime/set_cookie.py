"""One `Set-Cookie` field, checked as browsers check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pyastro.runtime.dates import http_date
from pyastro.runtime.headers import is_token
from pyastro.runtime.patterns import pattern

__all__ = ["LARGEST", "SameSite", "SetCookie"]

SameSite: TypeAlias = Literal["lax", "strict", "none"]

_DOMAIN = r"\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_PATH = r"/[\x20-\x3a\x3c-\x7e]*"
LARGEST = 4096
"""How many bytes of a cookie's name and value browsers keep."""
_LONGEST_ATTRIBUTE = 1024  # browsers ignore a longer path or domain (RFC 6265bis, 5.6)


@dataclass(frozen=True, slots=True)
class SetCookie:
    """A cookie as it is sent: an encoded value and attributes (RFC 6265bis, 4.1).

    Making one raises ValueError for what the grammar does not allow, and for what browsers would silently
    ignore: a cookie of more than 4096 bytes, `SameSite=None` or `Partitioned` without `Secure`, and a name
    that starts with `__Secure-` or `__Host-` without what that promises.
    """

    name: str
    value: str
    path: str
    domain: str | None
    max_age: int | None
    expires: datetime | None
    http_only: bool
    secure: bool
    same_site: SameSite | None
    partitioned: bool

    def __post_init__(self) -> None:
        self._check_text()
        self._check_same_site()
        self._check_prefix()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same cookie for a browser: name, domain and path (RFC 6265bis, 5.7)."""
        return self.name, (self.domain or "").lstrip(".").lower(), self.path

    def header(self) -> str:
        """The value of the header field: `a=1; Path=/; SameSite=Lax`."""
        parts = [f"{self.name}={self.value}"]
        if self.max_age is not None:
            parts.append(f"Max-Age={int(self.max_age)}")
        if self.domain:
            parts.append(f"Domain={self.domain}")
        parts.append(f"Path={self.path}")
        if self.expires is not None:
            parts.append(f"Expires={http_date(self.expires)}")
        flags = {"HttpOnly": self.http_only, "Secure": self.secure, "Partitioned": self.partitioned}
        parts += [name for name, is_on in flags.items() if is_on]
        if self.same_site is not None:
            parts.append(f"SameSite={self.same_site.capitalize()}")
        return "; ".join(parts)

    def _check_text(self) -> None:
        if not is_token(self.name):
            raise ValueError(f"{self.name!r} is not the name of a cookie")
        if len(self.name) + len(self.value) > LARGEST:
            raise ValueError(
                f"The cookie {self.name!r} is larger than the {LARGEST} bytes that browsers keep"
            )
        if not pattern(_PATH).fullmatch(self.path) or len(self.path) > _LONGEST_ATTRIBUTE:
            raise ValueError(f"{self.path!r} cannot be the path of the cookie {self.name!r}")
        if self.domain is not None and not (
            pattern(_DOMAIN).fullmatch(self.domain) and len(self.domain) <= _LONGEST_ATTRIBUTE
        ):
            raise ValueError(f"{self.domain!r} cannot be the domain of the cookie {self.name!r}")

    def _check_same_site(self) -> None:
        if self.same_site not in (None, "lax", "strict", "none"):
            raise ValueError(f'same_site is "lax", "strict", "none" or None, not {self.same_site!r}')
        if self.same_site == "none" and not self.secure:
            raise ValueError(f'The cookie {self.name!r} has same_site="none", so it needs secure=True')
        if self.partitioned and not self.secure:
            raise ValueError(f"The cookie {self.name!r} is partitioned, so it needs secure=True")

    def _check_prefix(self) -> None:
        name = self.name.lower()
        if name.startswith(("__secure-", "__host-")) and not self.secure:
            raise ValueError(
                f"The name of the cookie {self.name!r} promises that it is secure: pass secure=True"
            )
        if name.startswith("__host-") and (self.domain is not None or self.path != "/"):
            raise ValueError(f'The name of the cookie {self.name!r} promises path="/" and no domain')
