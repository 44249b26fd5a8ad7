"""The routes of a site: what its pages and endpoints answer, and in which order they are tried.

The rules are Astro's (its guide "Routing"): file names give the path, `[name]` is one segment or a part of one,
`[...name]` any number of them, and the most specific route is tried first.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.config import Redirect
from pyastro.compiler.project.layout import Layout

PartKind = Literal["static", "param", "rest"]
RouteKind = Literal["page", "endpoint", "redirect"]
ERROR_PAGES = {"/404": 404, "/500": 500}
"""The pages that answer an error, as in Astro."""


class Part(NamedTuple):
    """A piece of a path segment: literal text, or a parameter's name."""

    kind: PartKind
    text: str


Segment = tuple[Part, ...]


class Route(NamedTuple):
    """What one page, endpoint or redirect answers. `/` has no segments."""

    source: str
    kind: RouteKind
    segments: tuple[Segment, ...]
    redirect: Redirect | None = None

    @property
    def error(self) -> int | None:
        """The status that this page answers, if it is an error page."""
        return ERROR_PAGES.get(self.pattern) if self.kind == "page" else None

    @property
    def pattern(self) -> str:
        """The route as its author writes it: `/post/[id]`."""
        return "/" + "/".join(map(segment_text, self.segments))

    @property
    def shape(self) -> tuple[tuple[str | None, ...], ...]:
        """What the route matches, whatever its parameters are called."""
        return tuple(
            tuple(part.text if part.kind == "static" else f"[{part.kind}]\0" for part in segment)
            for segment in self.segments
        )


def find_routes(layout: Layout) -> tuple[list[Route], list[Diagnostic]]:
    """The routes of a site in order of priority, and what is wrong with them."""
    routes: list[Route] = []
    problems: list[Diagnostic] = []
    for path in [*filter(layout.is_page, layout.components), *layout.endpoints]:
        route = read_route(path, layout.pages)
        if isinstance(route, Route):
            routes.append(route)
        else:
            problems += route
    routes, rivals = _without_rivals(routes)
    return sorted(routes, key=priority), problems + rivals


def read_route(path: str, pages: str) -> Route | list[Diagnostic]:
    """The route of a source below the folder `pages`, or what is wrong with its name.

    `pages/post/[id].astro` → `/post/[id]`; `pages/blog/index.json.py` → `/blog.json`, as in Astro.
    """
    name = path.removeprefix(f"{pages}/")
    kind: RouteKind = "endpoint" if name.endswith(".py") else "page"
    *folders, file = name.split("/")
    stem, _, suffix = file.rpartition(".")[0].partition(".")
    texts = [*folders, file.rpartition(".")[0]]
    if stem == "index" and (folders or not suffix):
        texts = [*folders[:-1], folders[-1] + (f".{suffix}" if suffix else "")] if folders else []
    problems = [p for text in texts for p in _check_segment(path, text, kind)]
    if problems:
        return problems
    segments = tuple(map(read_segment, texts))
    problems = _check_names(path, segments)
    return problems or Route(path, kind, segments)


_PART = re.compile(r"\[(\.\.\.)?([^\[\]]*)\]|([^\[\]]+)")


def read_segment(text: str) -> Segment:
    """The parts of one segment: `[lang]-[version]` is a parameter, the text `-`, and a parameter.

    Text is in the normal form NFC, in which browsers send it, whatever the file system makes of it.
    """
    parts: list[Part] = []
    for match in _PART.finditer(text):
        if match[3] is not None:
            parts.append(Part("static", unicodedata.normalize("NFC", match[3])))
        else:
            parts.append(Part("rest" if match[1] else "param", match[2]))
    return tuple(parts)


def segment_text(segment: Segment) -> str:
    """The opposite of `read_segment`."""
    brackets = {"static": "{}", "param": "[{}]", "rest": "[...{}]"}
    return "".join(brackets[part.kind].format(part.text) for part in segment)


def _check_segment(path: str, text: str, kind: RouteKind) -> list[Diagnostic]:
    """What is wrong with the brackets and the names of one segment."""
    if _PART.sub("", text):
        return [messages.unbalanced_brackets(path, text)]
    if "][" in text:
        return [messages.adjacent_params(path, text)]
    segment = read_segment(text)
    problems = []
    for part in segment:
        if part.kind == "static" or re.fullmatch(r"\w+", part.text):
            continue
        if not part.text:
            problems.append(messages.empty_param_name(path, text))
        else:
            suggestion = re.sub(r"\W+", "_", part.text).strip("_")
            dots = "..." if part.kind == "rest" else ""
            problems.append(
                messages.bad_param_name(path, part.text, dots + suggestion if suggestion else None)
            )
    rests = sum(part.kind == "rest" for part in segment)
    if rests and len(segment) > 1 and (kind == "page" or rests > 1):
        problems.append(messages.rest_inside_segment(path, text))
    return problems


def _check_names(path: str, segments: Iterable[Segment]) -> list[Diagnostic]:
    """An error for each name that two parameters of a route have."""
    names = [part.text for segment in segments for part in segment if part.kind != "static"]
    return [messages.duplicate_param(path, name) for name in dict.fromkeys(names) if names.count(name) > 1]


def _without_rivals(routes: Sequence[Route]) -> tuple[list[Route], list[Diagnostic]]:
    """The routes without the pages that an endpoint hides, and what is to be said of routes of one shape."""
    kept: list[Route] = []
    problems: list[Diagnostic] = []
    for _, group in groupby(sorted(routes, key=lambda r: (r.shape, r.source)), key=lambda r: r.shape):
        rivals = list(group)
        pages = [route for route in rivals if route.kind == "page"]
        endpoints = [route for route in rivals if route.kind == "endpoint"]
        for first, *others in filter(None, (pages, endpoints)):
            if others:
                problems.append(
                    messages.duplicate_route(first.source, [r.source for r in others], first.pattern)
                )
        if endpoints:
            problems += [
                messages.page_behind_endpoint(p.source, endpoints[0].source, p.pattern) for p in pages
            ]
        kept += endpoints or pages
    return kept, sorted(problems, key=lambda problem: problem.path)


def priority(route: Route) -> tuple[object, ...]:
    """The key by which routes are sorted: what is smaller is tried first.

    As in Astro, segment by segment: literal text, then text with parameters, a parameter, a rest parameter. Of two
    routes that begin alike the longer goes first, unless all that it has more is a rest parameter. Then endpoints go
    before pages, these before redirects, and at last the alphabet decides. Of two segments with text, the one with more text goes first:
    `[id].json` before `[id].[format]`.
    """
    last = len(route.segments) - 1
    keys = [_segment_priority(segment, index == last) for index, segment in enumerate(route.segments)]
    return (*keys, _END, route.kind, route.pattern, route.source)


_END = (4,)


def _segment_priority(segment: Segment, is_last: bool) -> tuple[object, ...]:
    kinds = {part.kind for part in segment}
    if kinds == {"static"}:
        return (0, segment_text(segment))
    if "static" in kinds:
        return (1, "rest" in kinds, -sum(len(part.text) for part in segment if part.kind == "static"))
    if "rest" not in kinds:
        return (2,)
    return (5,) if is_last else (3,)
