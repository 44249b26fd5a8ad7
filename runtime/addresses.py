"""The address of a route: its path with the params filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pyastro.runtime.manifest import Format, Route, SiteConfig, TrailingSlash

_SAFE = "!$&'()*+,;=:@~"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes the addresses of a site; those of files, where `format` says how pages become files."""

    base: str = "/"
    trailing_slash: TrailingSlash = "ignore"
    format: Format | None = None

    @staticmethod
    def of(config: SiteConfig) -> "Addresses":
        """The addresses of a site that renders on demand."""
        return Addresses(config.base, config.trailing_slash)

    def path(self, route: Route, params: Mapping[str, str | None]) -> str:
        """The percent-encoded path of a route. As in Astro, a page in a folder of its own ends with a slash."""
        segments = filled_segments(route, params)
        path = "".join(f"/{quote(segment, safe=_SAFE)}" for segment in segments)
        return self.base.rstrip("/") + (path + self._end(route, segments) if segments else "/")

    def _end(self, route: Route, segments: tuple[str, ...]) -> str:
        if route.kind == "endpoint" or segments[-1].endswith(".html"):
            return ""
        if self.format is None:
            return "/" if self.trailing_slash == "always" else ""
        if not is_folder(self.format, route):
            return ".html"
        return "" if self.trailing_slash == "never" else "/"


ON_DEMAND = Addresses()
"""The addresses of a site without settings."""


def is_folder(format: Format, route: Route) -> bool:
    """Does a page become the `index.html` of a folder?"""
    if format == "preserve":
        return route.source.rpartition("/")[2].rpartition(".")[0] == "index"
    return format == "directory"


def filled_segments(route: Route, params: Mapping[str, str | None]) -> tuple[str, ...]:
    """The decoded segments of a route's path; a rest param may be several, or none."""
    segments: list[str] = []
    for parts in route.segments:
        text = "".join(text if kind == "static" else params.get(text) or "" for kind, text in parts)
        has_rest = any(kind == "rest" for kind, _ in parts)
        segments += [part for part in text.split("/") if part] if has_rest else [text]
    return tuple(segments)
