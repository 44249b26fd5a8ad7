"""Which of the author's lines take the time: samples of what the threads of a process are doing."""

import linecache
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple, TypeAlias

from pyastro.runtime.origins import Origin, find_origin

__all__ = ["LineShare", "Profile", "Profiler"]

_SECONDS = 0.001
_SWITCH_SECONDS = 0.0005
"""Python lets the sampler run only so often while another thread computes; its default is ten times this."""
_DEEPEST = 500
_LINES = 25
_WIDTH = 76

_Frame: TypeAlias = tuple[str, int]
"""A file of the build, and a line of it."""


class _Place(NamedTuple):
    """One of the author's lines."""

    source: str
    line: int
    file: Path | None
    """Where the source is on this machine, if it still is what was compiled."""


class LineShare(NamedTuple):
    """One of the author's lines, and in how many samples it was running: by itself, and with all that it called."""

    source: str
    line: int
    text: str
    own: int
    total: int


class Profile(NamedTuple):
    """What was found."""

    seconds: float
    samples: int
    in_site: int
    """The samples in which one of the author's lines was running."""
    lines: tuple[LineShare, ...]
    """The lines, the one with the most time of its own first."""

    def report(self) -> str:
        """The profile as text, a line for each of the lines that took most."""
        head = f"{self.seconds:.1f} s, {self.samples:,} samples, {self.in_site:,} of them in the site"
        if not self.lines:
            return f"{head}: ask it for pages while it is profiled.\n"
        rows = [f"{head}. The time of its lines, alone and with what they call:\n"]
        for each in self.lines[:_LINES]:
            place = f"{each.source}:{each.line}"
            shares = f"{_percent(each.own, self.in_site)}  {_percent(each.total, self.in_site)}"
            rows.append(f"  {shares}  {place:<32}  {_cut(each.text)}".rstrip())
        if (more := len(self.lines) - _LINES) > 0:
            rows.append(f"  and {more} more")
        return "\n".join(rows) + "\n"


class Profiler:
    """Looks at all other threads every millisecond, from `start` to `stop`. `build` is the folder of the compiled site.

    It costs a few percent. What it finds are shares, not counts of calls; a line that is never seen takes little.
    """

    def __init__(self, build: Path) -> None:
        self._prefix = f"{build.resolve()}/"
        self._stacks: Counter[tuple[_Frame, ...]] = Counter()
        self._samples = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="pyastro profiler", daemon=True)
        self._start = 0.0
        self._switch_seconds = sys.getswitchinterval()

    def start(self) -> None:
        """Begin to look."""
        self._start = time.monotonic()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._thread.start()

    def stop(self) -> Profile:
        """End, and tell what was found."""
        self._ended.set()
        self._thread.join()
        sys.setswitchinterval(self._switch_seconds)
        return Profile(
            time.monotonic() - self._start, self._samples, self._stacks.total(), tuple(_lines(self._stacks))
        )

    def _watch(self) -> None:
        me = threading.get_ident()
        while not self._ended.wait(_SECONDS):
            self._samples += 1
            for thread, frame in sys._current_frames().items():
                if thread != me and (stack := tuple(self._frames(frame))):
                    self._stacks[stack] += 1

    def _frames(self, frame: FrameType | None) -> Iterator[_Frame]:
        """The frames of the site, the innermost first."""
        for _ in range(_DEEPEST):
            if frame is None:
                return
            if frame.f_code.co_filename.startswith(self._prefix):
                yield frame.f_code.co_filename, frame.f_lineno
            frame = frame.f_back


def _lines(stacks: Counter[tuple[_Frame, ...]]) -> list[LineShare]:
    frames = {frame for stack in stacks for frame in stack}
    origins = {file: find_origin(file) for file in {file for file, _ in frames}}
    places = {(file, line): _places(origins[file], line) for file, line in frames}
    own: Counter[_Place] = Counter()
    total: Counter[_Place] = Counter()
    for stack, count in stacks.items():
        seen = list(dict.fromkeys(place for frame in stack for place in places[frame]))
        own.update(dict.fromkeys(seen[:1], count))
        total.update(dict.fromkeys(seen, count))
    shares = [
        LineShare(place.source, place.line, _text(place), own[place], count) for place, count in total.items()
    ]
    return sorted(shares, key=lambda each: (-each.own, -each.total, each.source, each.line))


def _places(origin: Origin | None, number: int) -> list[_Place]:
    """The author's lines that a line of the build stands for: one, or that of a copy and the one that uses it."""
    line = origin.line(number) if origin else None
    if origin is None or line is None:
        return []
    copied = origin.copied(line)
    if copied is None:
        return [_Place(origin.source, line, origin.file)]
    return [
        _Place(copied.origin.source, copied.line, copied.origin.file),
        _Place(origin.source, copied.used_at, origin.file),
    ]


def _text(place: _Place) -> str:
    return linecache.getline(str(place.file), place.line).strip() if place.file is not None else ""


def _percent(count: int, whole: int) -> str:
    return f"{100 * count / whole:5.1f} %"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
