"""`session`: where the sessions of visitors are kept. No password and no secret may stand there."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pyastro.compiler.project.setting_tables import (
    Reader,
    all_of,
    boolean,
    one_of,
    read_table,
    text,
    whole_number,
    wrong,
)

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PATH = r"/[\x20-\x3a\x3c-\x7e]*"
_DOMAIN = r"\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_OWNERS = {"path": "sqlite", "url": "redis", "prefix": "redis"}
"""The settings that only one driver knows."""


def read_session(value: object) -> dict[str, Any]:
    """The settings of the sessions, with those of the cookie in a table of their own."""
    settings = read_table(value, SESSION_READERS, 'a table, such as {driver = "redis", idle = 3600}')
    driver = settings.get("driver", "sqlite")
    all_of(
        wrong(f'left out, since only `driver = "{owner}"` has it', settings[key], key)
        for key, owner in _OWNERS.items()
        if key in settings and driver != owner
    )
    return settings


def _url(value: object) -> str:
    """The address of a Redis, without a password."""
    expected = 'an address such as "redis://localhost:6379/0"'
    if not isinstance(value, str):
        raise wrong(expected, value)
    try:
        url = urlsplit(value)
    except ValueError:
        raise wrong(expected, value) from None
    if url.scheme not in ("redis", "rediss", "unix") or not (url.hostname or url.path):
        raise wrong(expected, value)
    if url.password or "password=" in url.query:
        shown = url._replace(netloc="…@" + url.netloc.rpartition("@")[2], query="").geturl()
        raise wrong("without a password, which belongs into PYASTRO_SESSION_URL in the environment", shown)
    return value


def _cookie(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        value = {"name": value}
    cookie = read_table(
        value, COOKIE_READERS, 'a name, or a table such as {name = "sid", same_site = "strict"}'
    )
    name = str(cookie.get("name", "")).lower()
    is_prefixed = name.startswith(("__host-", "__secure-"))
    if is_prefixed:
        cookie.setdefault("secure", True)
    if not cookie.get("secure") and (is_prefixed or cookie.get("same_site") == "none"):
        raise wrong("`true`: browsers refuse the cookie otherwise", False, "secure")
    if name.startswith("__host-"):
        if "domain" in cookie:
            raise wrong("left out, as its name promises", cookie["domain"], "domain")
        if cookie.get("path", "/") != "/":
            raise wrong('"/", as its name promises', cookie["path"], "path")
    return cookie


def _matching(pattern: str, expected: str) -> Reader:
    def read(value: object) -> str:
        if isinstance(value, str) and re.fullmatch(pattern, value) and len(value) <= 1024:
            return value
        raise wrong(expected, value)

    return read


COOKIE_READERS: Mapping[str, Reader] = {
    "name": _matching(_TOKEN, 'the name of a cookie, such as "sid"'),
    "path": _matching(_PATH, 'a path such as "/"'),
    "domain": _matching(_DOMAIN, 'a domain such as "example.org"'),
    "same_site": one_of("lax", "strict", "none"),
    "secure": boolean,
}

SESSION_READERS: Mapping[str, Reader] = {
    "driver": one_of("sqlite", "memory", "redis", "cookie"),
    "path": text('a file such as ".pyastro/sessions.db"'),
    "url": _url,
    "prefix": text('a text such as "shop:session:"'),
    "idle": whole_number(60),
    "cookie": _cookie,
}
