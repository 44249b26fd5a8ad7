"""manifest.json, typed: what the compiler tells the site about a build.

The file is read once, when the site is loaded. Everything that the site does later relies on it, so that a
manifest that is damaged or of another version is refused here, with a sentence that names the key.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pyastro.runtime.locale import Locale, Locales
from pyastro.runtime.security import Csp, SecuritySettings
from pyastro.runtime.sessions.settings import CookieSettings, Driver, SessionSettings
from pyastro.runtime.set_cookie import SameSite, SetCookie

VERSION = 1
NAME = "manifest.json"

PartKind = Literal["static", "param", "rest"]
Part = tuple[PartKind, str]
Segment = tuple[Part, ...]
RouteKind = Literal["page", "endpoint", "redirect"]
TrailingSlash = Literal["ignore", "always", "never"]
Output = Literal["static", "server"]
Format = Literal["directory", "file", "preserve"]

_PART_KINDS: dict[str, PartKind] = {"static": "static", "param": "param", "rest": "rest"}
_ROUTE_KINDS: dict[str, RouteKind] = {"page": "page", "endpoint": "endpoint", "redirect": "redirect"}
_TRAILING_SLASH: dict[str, TrailingSlash] = {"ignore": "ignore", "always": "always", "never": "never"}
_OUTPUTS: dict[str, Output] = {"static": "static", "server": "server"}
_FORMATS: dict[str, Format] = {"directory": "directory", "file": "file", "preserve": "preserve"}
_DRIVERS: dict[str, Driver] = {"sqlite": "sqlite", "memory": "memory", "redis": "redis", "cookie": "cookie"}
_SAME_SITE: dict[str, SameSite] = {"lax": "lax", "strict": "strict", "none": "none"}

_T = TypeVar("_T")


class ManifestError(ValueError):
    """A build without a manifest, or one whose manifest cannot be used."""


@dataclass(frozen=True, slots=True)
class Route:
    """One page, endpoint or redirect. `segments` holds the parts of each path segment; `/` has none."""

    pattern: str
    kind: RouteKind
    module: str
    source: str
    segments: tuple[Segment, ...]
    prerender: bool | None = None
    """Is it rendered ahead? None where its source does not say."""
    to: str = ""
    """Where a redirect leads, with the params of its path in brackets."""
    status: int | None = None
    """The status of a redirect, where it does not depend on the method. A redirect has no module."""

    @property
    def param_names(self) -> tuple[str, ...]:
        """The names of the route's params, in the order of its path."""
        return tuple(text for segment in self.segments for kind, text in segment if kind != "static")


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file of `public/`: its path inside the folder, its size, and the hash of its bytes."""

    path: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class Prerendered:
    """What answers a path that was rendered ahead: a public file, and the headers that its page set."""

    file: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """What the author configured, as far as the running site needs it."""

    site: str | None = None
    base: str = "/"
    trailing_slash: TrailingSlash = "ignore"
    session: SessionSettings = field(default_factory=SessionSettings)
    i18n: Locales | None = None
    security: SecuritySettings = field(default_factory=SecuritySettings)
    output: Output = "static"
    """What becomes of pages that do not say whether they are rendered ahead."""
    adapter: str | None = None
    format: Format = "directory"
    """The file of `/about`: `about/index.html`, `about.html`, or as its source lies."""
    minify: bool = False
    sitemap: bool = True


@dataclass(frozen=True, slots=True)
class Manifest:
    """A build's table of contents. `routes` stand in order of priority: the first that matches wins."""

    routes: tuple[Route, ...] = ()
    errors: Mapping[int, str] = field(default_factory=dict)
    middleware: str | None = None
    public: tuple[PublicFile, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    config: SiteConfig = field(default_factory=SiteConfig)
    environment: str | None = None
    """The module that reads the declared settings of the environment."""
    needs_secret: bool = False
    """Whether the site's code signs cookies."""
    prerendered: Mapping[str, Prerendered] = field(default_factory=dict)
    """What answers each path, below the base, that was rendered ahead."""

    @staticmethod
    def read(build: Path) -> "Manifest":
        """The manifest of a build folder.

        Raises ManifestError when the folder holds none, or one that this version cannot use.
        """
        path = build / NAME
        try:
            data = json.loads(path.read_bytes())
        except FileNotFoundError:
            raise ManifestError(
                f"{build} is not a build: it has no {NAME} (pyastro compile writes one)"
            ) from None
        except ValueError as error:
            raise ManifestError(f"{path} is damaged: {error}") from None
        try:
            return Manifest.from_json(data)
        except ManifestError as error:
            raise ManifestError(f"{path}: {error}") from None

    @staticmethod
    def from_json(data: object) -> "Manifest":
        """The manifest that decoded JSON describes; raises ManifestError naming the first wrong key."""
        root = _Reader(data, "manifest")
        version = root.get("version", int)
        if version != VERSION:
            raise ManifestError(f"version {version} was written by another pyastro; compile the site again")
        return Manifest(
            routes=tuple(_route(item) for item in root.items("routes")),
            errors=_errors(root.mapping("errors")),
            middleware=root.optional("middleware", str),
            public=tuple(_public(name, item) for name, item in root.mapping("public").items()),
            sources={name: str(digest) for name, digest in root.mapping("sources").items()},
            config=_config(root.mapping("config")),
            environment=root.optional("environment", str),
            needs_secret=root.optional("needs_secret", bool) or False,
            prerendered={path: _prerendered(item) for path, item in root.mapping("prerendered").items()},
        )


class _Reader:
    """A JSON object whose values are taken out with their types checked."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise ManifestError(f"{where} should be an object, and is {_kind(data)}")
        self.data = data
        self.where = where

    def get(self, key: str, kind: type[_T]) -> _T:
        """The value of a key that has to be there."""
        if key not in self.data:
            raise ManifestError(f"{self.where}: {key!r} is missing")
        value = self.data[key]
        if not isinstance(value, kind):
            raise ManifestError(f"{self.where}: {key!r} should be {kind.__name__}, and is {_kind(value)}")
        return value

    def optional(self, key: str, kind: type[_T]) -> _T | None:
        """The value of a key, or None where it is null or missing."""
        return None if self.data.get(key) is None else self.get(key, kind)

    def items(self, key: str) -> list[object]:
        """The values of a list; none where the key is missing."""
        return self.optional(key, list) or []

    def mapping(self, key: str) -> dict[str, object]:
        """The entries of an object; none where the key is missing. Their values are checked by who reads them."""
        return self.optional(key, dict) or {}

    def one_of(self, key: str, choices: Mapping[str, _T]) -> _T:
        """A word out of a closed list."""
        word = self.get(key, str)
        if word not in choices:
            raise ManifestError(
                f"{self.where}: {key!r} should be one of {', '.join(choices)}, and is {word!r}"
            )
        return choices[word]


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _route(item: object) -> Route:
    pattern = _Reader(item, "a route").get("pattern", str)
    reader = _Reader(item, f"route {pattern!r}")
    kind = reader.one_of("kind", _ROUTE_KINDS)
    return Route(
        pattern=pattern,
        kind=kind,
        module="" if kind == "redirect" else reader.get("module", str),
        source=reader.get("source", str),
        segments=tuple(_segment(parts, reader.where) for parts in reader.get("segments", list)),
        prerender=reader.optional("prerender", bool),
        to=reader.get("to", str) if kind == "redirect" else "",
        status=reader.optional("status", int),
    )


def _segment(parts: object, where: str) -> Segment:
    if not isinstance(parts, list) or not parts:
        raise ManifestError(f"{where}: a segment should be a list of parts, and is {parts!r}")
    return tuple(_part(part, where) for part in parts)


def _part(part: object, where: str) -> Part:
    match part:
        case [str(kind), str(text)] if kind in _PART_KINDS and text:
            return _PART_KINDS[kind], text
        case _:
            raise ManifestError(f"{where}: {part!r} is no part of a segment")


def _errors(entries: Mapping[str, object]) -> dict[int, str]:
    reader = _Reader(dict(entries), "errors")
    return {status: reader.get(str(status), str) for status in (404, 500) if str(status) in entries}


def _public(name: str, item: object) -> PublicFile:
    reader = _Reader(item, f"public file {name!r}")
    return PublicFile(name, reader.get("size", int), reader.get("hash", str))


def _prerendered(item: object) -> Prerendered:
    reader = _Reader(item, "a prerendered path")
    headers = {name: str(value) for name, value in reader.mapping("headers").items()}
    return Prerendered(reader.get("file", str), headers)


def _config(entries: Mapping[str, object]) -> SiteConfig:
    reader = _Reader(dict(entries), "config")
    slash = reader.one_of("trailing_slash", _TRAILING_SLASH) if "trailing_slash" in entries else "ignore"
    return SiteConfig(
        site=reader.optional("site", str),
        base=reader.optional("base", str) or "/",
        trailing_slash=slash,
        session=_session(reader.mapping("session")),
        i18n=_locales(reader.mapping("i18n")),
        security=_security(reader.mapping("security")),
        **_build(reader),
    )


def _build(reader: _Reader) -> dict[str, Any]:
    """What the configuration says of rendering pages ahead."""
    adapter = reader.optional("adapter", str)
    build = _Reader(reader.mapping("build"), "build")
    return {
        "output": (
            reader.one_of("output", _OUTPUTS)
            if "output" in reader.data
            else "static" if adapter in (None, "static") else "server"
        ),
        "adapter": adapter,
        "format": build.one_of("format", _FORMATS) if "format" in build.data else "directory",
        "minify": build.optional("minify", bool) or False,
        "sitemap": reader.optional("sitemap", bool) is not False,
    }


def _session(entries: Mapping[str, object]) -> SessionSettings:
    reader = _Reader(dict(entries), "session")
    default = SessionSettings()
    return SessionSettings(
        driver=reader.one_of("driver", _DRIVERS) if "driver" in entries else default.driver,
        path=reader.optional("path", str),
        url=reader.optional("url", str),
        prefix=reader.optional("prefix", str),
        idle=float(reader.get("idle", int)) if "idle" in entries else default.idle,
        cookie=_cookie(reader.mapping("cookie")),
    )


def _cookie(entries: Mapping[str, object]) -> CookieSettings:
    reader = _Reader(dict(entries), "the session's cookie")
    default = CookieSettings()
    cookie = CookieSettings(
        name=reader.optional("name", str) or default.name,
        path=reader.optional("path", str) or default.path,
        domain=reader.optional("domain", str),
        same_site=reader.one_of("same_site", _SAME_SITE) if "same_site" in entries else default.same_site,
        secure=reader.optional("secure", bool) or default.secure,
    )
    try:
        SetCookie(
            cookie.name,
            "",
            cookie.path,
            cookie.domain,
            None,
            None,
            True,
            cookie.secure,
            cookie.same_site,
            False,
        )
    except ValueError as error:
        raise ManifestError(f"{reader.where}: {error}") from None
    return cookie


def _locales(entries: Mapping[str, object]) -> Locales | None:
    if not entries:
        return None
    reader = _Reader(dict(entries), "i18n")
    locales = tuple(_locale(item) for item in reader.get("locales", list))
    default = reader.get("default_locale", str)
    if default not in [locale.path for locale in locales]:
        raise ManifestError(f"i18n: 'default_locale' should be one of the locales, and is {default!r}")
    return Locales(locales, default)


def _locale(item: object) -> Locale:
    reader = _Reader(item, "a locale")
    codes = reader.get("codes", list)
    if not codes or not all(isinstance(code, str) for code in codes):
        raise ManifestError(f"a locale: 'codes' should be a list of codes, and is {codes!r}")
    return Locale(reader.get("path", str), tuple(codes))


def _security(entries: Mapping[str, object]) -> SecuritySettings:
    reader = _Reader(dict(entries), "security")
    headers = {name: str(value) for name, value in reader.mapping("headers").items()}
    return SecuritySettings(headers, reader.optional("hsts", int), _csp(reader.mapping("csp")))


def _csp(entries: Mapping[str, object]) -> Csp | None:
    if not entries:
        return None
    reader = _Reader(dict(entries), "security.csp")
    directives = reader.mapping("directives")
    sources = _Reader(directives, "security.csp.directives")
    return Csp(
        {name: tuple(map(str, sources.get(name, list))) for name in directives},
        reader.optional("report_only", bool) or False,
    )
