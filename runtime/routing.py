"""Finding the route of a path among those of the manifest.

Routes without params are one look-up in a dictionary. The others form a tree by segments, which is searched for the
matching route that stands first in the manifest. No state of the search (a node and a position in the path) is entered
twice, so that a request costs at most nodes times segments, whatever its path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyastro.runtime.manifest import Route, Segment
from pyastro.runtime.segments import (
    SegmentPattern,
    is_rest,
    is_static,
    segment_pattern,
    static_text,
)

# A param's text, or the stretch of segments that it takes: that is joined only for the route that is found.
Values = tuple[tuple[str, str | slice], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A route, and the value of each of its params: decoded text, or None for a rest param without segments."""

    route: Route
    params: dict[str, str | None]


@dataclass(eq=False, slots=True)
class _Node:
    """A place in the tree of dynamic routes. `first` is the place in the manifest of the first route below."""

    first: int
    route: Route | None = None
    route_index: int = 0
    static: "dict[str, _Node]" = field(default_factory=dict)
    dynamic: "dict[Segment, tuple[SegmentPattern, _Node]]" = field(default_factory=dict)
    rest: "dict[Segment, tuple[SegmentPattern, _Node]]" = field(default_factory=dict)


class Router:
    """The routes of a site, ready to be matched."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._static: dict[tuple[str, ...], Match] = {}
        self._root = _Node(first=0)
        for index, route in enumerate(routes):
            if all(map(is_static, route.segments)):
                self._static.setdefault(tuple(map(static_text, route.segments)), Match(route, {}))
            else:
                self._insert(route, index)

    def match(self, segments: Sequence[str]) -> Match | None:
        """The first route, in the manifest's order, that these decoded segments fit; None when there is none.

        A route without params is found before any route with params, as in Astro's order of priority.
        """
        found = self._static.get(tuple(segments))
        if found is not None:
            return Match(found.route, {})
        search = _Search(segments)
        search.enter(self._root, 0, ())
        return search.match()

    def _insert(self, route: Route, index: int) -> None:
        node = self._root
        for segment in route.segments:
            node = _child(node, segment, index)
        if node.route is None:
            node.route, node.route_index = route, index


def _child(node: _Node, segment: Segment, index: int) -> _Node:
    if is_static(segment):
        return node.static.setdefault(static_text(segment), _Node(index))
    edges = node.rest if is_rest(segment) else node.dynamic
    if segment not in edges:
        edges[segment] = segment_pattern(segment), _Node(index)
    return edges[segment][1]


class _Search:
    """One walk through the tree: the best route so far, and which states were entered."""

    def __init__(self, segments: Sequence[str]) -> None:
        self.segments = segments
        self.entered: set[tuple[int, int]] = set()
        self.best: _Node | None = None
        self.values: Values = ()

    def match(self) -> Match | None:
        """The route that the walk found."""
        if self.best is None or self.best.route is None:
            return None
        return Match(self.best.route, {name: self._text(value) for name, value in self.values})

    def _text(self, value: str | slice) -> str | None:
        """What a param is given: a rest param without text is None."""
        return ("/".join(self.segments[value]) if isinstance(value, slice) else value) or None

    def enter(self, node: _Node, position: int, values: Values) -> None:
        """Looks at the routes below a node, for the path from a position on."""
        state = (id(node), position)
        if state in self.entered or (self.best is not None and node.first > self.best.route_index):
            return
        self.entered.add(state)
        if position < len(self.segments):
            self._take_segment(node, position, values)
        elif node.route is not None and (self.best is None or node.route_index < self.best.route_index):
            self.best, self.values = node, values
        for pattern, child in node.rest.values():
            self._take_rest(pattern, child, position, values)

    def _take_segment(self, node: _Node, position: int, values: Values) -> None:
        text = self.segments[position]
        static = node.static.get(text)
        if static is not None:
            self.enter(static, position + 1, values)
        for pattern, child in node.dynamic.values():
            found = pattern.match(text)
            if found is not None:
                self.enter(child, position + 1, values + tuple(zip(pattern.names, found, strict=True)))

    def _take_rest(self, pattern: SegmentPattern, child: _Node, position: int, values: Values) -> None:
        """The shortest stretch first, as a lazy regular expression would."""
        if pattern.literals == ("", ""):
            self._take_any_rest(pattern.names[0], child, position, values)
            return
        for end in self._ends(child, position + 1):
            found = pattern.match("/".join(self.segments[position:end]))
            if found is not None:
                self.enter(child, end, values + tuple(zip(pattern.names, found, strict=True)))

    def _take_any_rest(self, name: str, child: _Node, position: int, values: Values) -> None:
        for end in self._ends(child, position):
            if (id(child), end) in self.entered:
                return  # an earlier stretch of the same param went on from here to the path's end
            self.enter(child, end, (*values, (name, slice(position, end))))

    def _ends(self, child: _Node, position: int) -> Iterable[int]:
        """Where a rest param may end: at the path's end alone, when nothing follows it in any route."""
        is_last = not (child.static or child.dynamic or child.rest)
        return (len(self.segments),) if is_last else range(position, len(self.segments) + 1)
