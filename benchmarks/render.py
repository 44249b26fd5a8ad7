"""`python -m benchmarks render`: how long each contestant needs for each page."""

import gc
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.contestants import Contestant
from benchmarks.data import FULL, PAGES, Data
from benchmarks.dom import difference, dom
from benchmarks.engines import ENGINES, load_engine
from benchmarks.node import AstroEngine, build_astro, serve_astro
from benchmarks.plot import Bar, bar_chart
from benchmarks.processes import free_port
from benchmarks.report import DOCUMENT, Target, table, targets_table, write_section
from benchmarks.rounds import ratio, take_turns

LIMIT = "hand-written Python"
PLOT = DOCUMENT.with_suffix(".svg")

Results = Mapping[str, Mapping[str, Sequence[float]]]
"""The times of each round, by page and contestant."""

TO_THE_LIMIT = {"table": 1.1, "escape": 1.1, "static": 1.15, "hello": 3.0, "cards": 1.0}
"""How many times as long as hand-written Python a page of pyastro may take."""

TO_OTHERS = {"Jinja2": 14.0, "minijinja": 3.5, "Astro": 2.9}
"""How many times as long as pyastro others are to take for the cards."""


def run(rounds: int, seconds: float, work: Path, has_node: bool, is_written: bool) -> str:
    """Measure, and give the results as Markdown."""
    with contestants(FULL, work if has_node else None) as everyone:
        compare(everyone)
        gc.freeze()
        results = {page: _measure(page, everyone, rounds, seconds) for page in PAGES}
        versions = {each.name: each.version for each in everyone}
    report = f"{_times(results, versions)}\n\n{targets_table(targets(results))}"
    if is_written:
        write_section("render", report)
        PLOT.write_text(plot(results), "utf-8")
    return report


@contextmanager
def contestants(data: Data, work: Path | None) -> Iterator[list[Contestant]]:
    """Everybody who can take part here; who cannot is named on the standard error."""
    everyone = list(_python_contestants(data))
    node = _build_astro(data, work) if work else None
    if work is None or node is None:
        yield everyone
        return
    port = free_port()
    with serve_astro(node, work, port):
        yield [*everyone, AstroEngine(work, port)]


def _python_contestants(data: Data) -> Iterator[Contestant]:
    for module in ENGINES:
        try:
            yield load_engine(module, data)
        except ImportError as error:
            print(f"without {module}: {error} (pip install -e '.[bench]')", file=sys.stderr)


def _build_astro(data: Data, work: Path) -> Path | None:
    try:
        return build_astro(data, work)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"without Astro: {error}", file=sys.stderr)
        return None


def compare(everyone: Sequence[Contestant]) -> None:
    """Check that all render the same. Raises ValueError where one does not."""
    limit = next(each for each in everyone if each.name == LIMIT)
    for page in PAGES:
        expected = dom(limit.html(page))
        for each in everyone:
            if each.can_render(page) and (found := difference(expected, dom(each.html(page)))):
                raise ValueError(f"{each.name} renders another {page}: {found}")


def _measure(
    page: str, everyone: Sequence[Contestant], rounds: int, seconds: float
) -> dict[str, list[float]]:
    print(f"{page} …", file=sys.stderr)
    measures = {each.name: partial(each.measure, page) for each in everyone if each.can_render(page)}
    return take_turns(measures, rounds, seconds)


def targets(results: Results) -> list[Target]:
    """What is to be reached, of the contestants that took part."""
    to_limit = [
        Target(f"{page}: times the limit", ratio(results[page]["pyastro"], results[page][LIMIT]), bound)
        for page, bound in TO_THE_LIMIT.items()
    ]
    cards = results["cards"]
    to_others = [
        Target(f"cards: {name} / pyastro", ratio(cards[name], cards["pyastro"]), bound, is_minimum=True)
        for name, bound in TO_OTHERS.items()
        if name in cards
    ]
    return to_limit + to_others


def _times(results: Results, versions: Mapping[str, str]) -> str:
    rows = [
        (f"{name} {version}", *(_cell(results[page], name) for page in PAGES))
        for name, version in versions.items()
    ]
    return table(("microseconds (times the limit)", *PAGES), rows)


def _cell(times: Mapping[str, Sequence[float]], name: str) -> str:
    if name not in times:
        return ""
    return f"{microseconds(times[name])} ({_times_limit(times, name)})"


def _times_limit(times: Mapping[str, Sequence[float]], name: str) -> str:
    value = ratio(times[name], times[LIMIT])
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def microseconds(seconds: Sequence[float]) -> str:
    """The median in microseconds."""
    value = sorted(seconds)[len(seconds) // 2] * 1e6
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def plot(results: Results) -> str:
    """The cards, as bars, the fastest first."""
    cards = results["cards"]
    bars = [
        Bar(name, ratio(times, cards[LIMIT]), f"{_times_limit(cards, name)}×", name == "pyastro")
        for name, times in cards.items()
    ]
    title = "A page of 100 cards: processor time, hand-written Python = 1"
    return bar_chart(title, sorted(bars, key=lambda bar: bar.value))
