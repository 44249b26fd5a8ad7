"""Matching the text of one path segment against a route's parts: `[lang]-[version]`, `[id].json`."""

from dataclasses import dataclass

from pyastro.runtime.manifest import Segment


@dataclass(frozen=True, slots=True)
class SegmentPattern:
    """A segment with params: literals in turn with params, as `literals[0] names[0] literals[1] …`.

    Matching takes the shortest text for each param from left to right, like the lazy regular expressions that Astro
    makes, but in linear time whatever the text: each literal is looked for once.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]
    shortest: tuple[int, ...]

    def match(self, text: str) -> tuple[str, ...] | None:
        """The value of each param, or None when the text does not fit."""
        first, last = self.literals[0], self.literals[-1]
        end = len(text) - len(last)
        if end < len(first) or not text.startswith(first) or not text.endswith(last):
            return None
        values = []
        start = len(first)
        for literal, shortest in zip(self.literals[1:-1], self.shortest, strict=False):
            found = text.find(literal, start + shortest, end)
            if found < 0:
                return None
            values.append(text[start:found])
            start = found + len(literal)
        if end - start < self.shortest[-1]:
            return None
        return (*values, text[start:end])


def segment_pattern(segment: Segment) -> SegmentPattern:
    """The pattern of a segment that holds at least one param. A param is one character or more, a rest param none."""
    literals = [""]
    names: list[str] = []
    shortest: list[int] = []
    for kind, text in segment:
        if kind == "static":
            literals[-1] += text
        else:
            names.append(text)
            shortest.append(0 if kind == "rest" else 1)
            literals.append("")
    return SegmentPattern(tuple(literals), tuple(names), tuple(shortest))


def is_static(segment: Segment) -> bool:
    """Whether the segment is text alone."""
    return all(kind == "static" for kind, _ in segment)


def is_rest(segment: Segment) -> bool:
    """Whether the segment holds a rest param, and so may stand for several segments of a path, or for none."""
    return any(kind == "rest" for kind, _ in segment)


def static_text(segment: Segment) -> str:
    """The text of a segment that is text alone."""
    return "".join(text for _, text in segment)
