"""`security`: headers that tell browsers to be careful, and which scripts and styles they may run."""

import re
from collections.abc import Mapping
from typing import Any

from pyastro.compiler.project.setting_tables import (
    Reader,
    boolean,
    read_each,
    read_table,
    whole_number,
    wrong,
)

DEFAULT_HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}
DEFAULT_DIRECTIVES: Mapping[str, list[str]] = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
"""Style attributes are allowed: no hash covers one, and a value in one stays one declaration."""

_SOURCES = (
    "child-src connect-src default-src fenced-frame-src font-src frame-src img-src manifest-src media-src object-src "
    "script-src script-src-attr script-src-elem style-src style-src-attr style-src-elem worker-src base-uri form-action "
    "frame-ancestors report-to report-uri require-trusted-types-for sandbox trusted-types upgrade-insecure-requests"
).split()
"""The directives of Content Security Policy, Level 3, and those that extend it."""
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_SOURCE = r"[\x21-\x2b\x2d-\x3a\x3c-\x7e]+"
_CSP_HEADERS = ("content-security-policy", "content-security-policy-report-only")


def read_security(value: object) -> dict[str, Any]:
    """The headers and the policy that responses get: what is left out has its default where it is switched on."""
    return read_table(value, SECURITY_READERS, "a table, such as {headers = true, csp = true}")


def _headers(value: object) -> dict[str, str]:
    """The headers that are set where a response has none of the name."""
    if isinstance(value, bool):
        return dict(DEFAULT_HEADERS) if value else {}
    if not isinstance(value, dict):
        raise wrong('`true`, or a table such as {x-frame-options = "DENY"}', value)
    given = read_each({key: value[key] for key in value}, _header)
    merged = {**DEFAULT_HEADERS, **{name.lower(): text for name, text in given.items()}}
    return {name: text for name, text in merged.items() if text is not None}


def _header(name: str) -> Reader:
    def read(value: object) -> str | None:
        if not re.fullmatch(_TOKEN, name):
            raise wrong("the name of a header", name)
        if name.lower() in _CSP_HEADERS:
            raise wrong("left out: `security.csp` says it", value)
        if value is False:
            return None
        if isinstance(value, str) and value and value.isascii() and value.isprintable():
            return value
        raise wrong("a text, or `false` for none", value)

    return read


def _csp(value: object) -> dict[str, Any] | None:
    if isinstance(value, bool):
        return {"directives": dict(DEFAULT_DIRECTIVES), "report_only": False} if value else None
    if not isinstance(value, dict):
        raise wrong('`true`, or a table such as {img-src = ["\'self\'", "https://img.example.org"]}', value)
    settings = read_each(
        value, lambda key: CSP_READERS.get(key.replace("_", "-")), [*_SOURCES, "report-only"]
    )
    given = {key.replace("_", "-"): each for key, each in settings.items()}
    report_only = given.pop("report-only", False)
    merged = {**DEFAULT_DIRECTIVES, **given}
    return {
        "directives": {name: sources for name, sources in merged.items() if sources is not None},
        "report_only": report_only,
    }


def _sources(value: object) -> list[str] | None:
    """What a directive allows; None for a directive that is left out."""
    if isinstance(value, bool):
        return [] if value else None
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, str) and re.fullmatch(_SOURCE, each) for each in value)
    ):
        return value
    raise wrong('a list such as ["\'self\'", "https://example.org"], or `false` for none', value)


CSP_READERS: Mapping[str, Reader] = {**dict.fromkeys(_SOURCES, _sources), "report-only": boolean}
SECURITY_READERS: Mapping[str, Reader] = {"headers": _headers, "hsts": whole_number(0), "csp": _csp}
