"""The redirects of the settings, as routes beside those of the files."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.config import Config
from pyastro.compiler.project.routes import Part, Route, Segment, priority, read_segment

_PARAM = r"\[(?:\.\.\.)?([^\[\]]*)\]"
_SEGMENT = r"(?:\[(?:\.\.\.)?\w+\](?!\[)|[^\[\]])+"


def with_redirects(routes: Sequence[Route], config: Config) -> tuple[list[Route], list[Diagnostic]]:
    """The routes of the files and the redirects of the settings, in order of priority, and what is wrong with those.

    As in Astro, a file wins over a redirect that it has the path of.
    """
    sources = {route.shape: route.source for route in routes}
    all_routes, problems = list(routes), []
    for path, redirect in config.redirects.items():
        line = config.lines.get(f"redirects.{path}", 1)
        wrong = _wrong(path, redirect.to)
        if wrong is not None:
            problems.append(messages.bad_redirect(config.path, line, path, wrong))
            continue
        route = Route(config.path, "redirect", _segments(path), redirect)
        if route.shape in sources:
            problems.append(messages.redirect_behind_file(config.path, line, path, sources[route.shape]))
        else:
            sources[route.shape] = config.path
            all_routes.append(route)
    return sorted(all_routes, key=priority), problems


def _segments(path: str) -> tuple[Segment, ...]:
    """The segments of a path that a browser would also send percent-encoded."""
    return tuple(
        tuple(Part(part.kind, unquote(part.text)) if part.kind == "static" else part for part in segment)
        for segment in map(read_segment, path.strip("/").split("/"))
        if segment
    )


def _wrong(path: str, target: str) -> str | None:
    """What is wrong with a redirect, as the end of a sentence; None where it is fine."""
    return next(_faults(path, target), None)


def _faults(path: str, target: str) -> Iterator[str]:
    names = re.findall(_PARAM, path)
    if re.search(r"[?#\\]|//", path):
        yield "a path is expected, without a query"
    if not all(re.fullmatch(_SEGMENT, text) for text in path.strip("/").split("/") if text):
        yield "a parameter is written as `[name]` or `[...name]`, with text between two of them"
    if len(set(names)) < len(names):
        yield "two of its parameters have one name"
    yield from (
        f"its target uses `{n}`, which the path lacks" for n in re.findall(_PARAM, target) if n not in names
    )
    if not _is_target(target):
        yield "it should lead to a path such as `/new`, or to a URL such as `https://example.org/`"
    if target.rstrip("/") == path.rstrip("/"):
        yield "it leads to itself"


def _is_target(target: str) -> bool:
    if target.startswith("/"):
        return not re.match(r"[/\\]{2}", target)
    try:
        url = urlsplit(target)
        return url.scheme in ("http", "https") and bool(url.hostname) and "[" not in url.netloc
    except ValueError:
        return False
