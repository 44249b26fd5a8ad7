"""robots.txt (RFC 9309), as a response."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyastro.runtime.response import Response
from pyastro.runtime.url import URL


@dataclass(frozen=True, slots=True)
class RobotsGroup:
    """What some crawlers may fetch: paths, with `*` for any text and `$` for the end."""

    allow: Sequence[str] = ()
    disallow: Sequence[str] = ()
    user_agents: Sequence[str] = ("*",)


def robots(*groups: RobotsGroup, sitemaps: Iterable[str | URL] = ()) -> Response:
    """A robots.txt; without groups, everything may be fetched. `sitemaps` are absolute URLs.

    Raises ValueError for a value with a line break, and for a path that does not begin with `/` or `*`.
    """
    blocks = ["\n".join(_lines(group)) for group in groups or (RobotsGroup(allow=["/"]),)]
    blocks += [f"Sitemap: {_line(str(url))}" for url in sitemaps]
    return Response("\n\n".join(blocks) + "\n", headers={"content-type": "text/plain; charset=utf-8"})


def _lines(group: RobotsGroup) -> Iterator[str]:
    yield from (f"User-agent: {_line(name)}" for name in group.user_agents)
    yield from (f"Allow: {_path(path)}" for path in group.allow)
    yield from (f"Disallow: {_path(path)}" for path in group.disallow)


def _path(path: str) -> str:
    if path and not path.startswith(("/", "*")):
        raise ValueError(f"A path of robots.txt begins with / or *, unlike {path!r}")
    return _line(path)


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"A line of robots.txt cannot hold {text!r}")
    return text
