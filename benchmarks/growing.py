"""`python -m benchmarks growth`: what a page costs as it grows, and a visit as the number of sessions does."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import count, islice
from pathlib import Path
from statistics import median
from time import process_time, time
from typing import Any

from benchmarks.contestants import Asynchronous
from benchmarks.report import Target, table, targets_table
from benchmarks.rounds import take_turns
from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose
from pyastro.runtime.sessions.sqlite import SqliteStore
from pyastro.runtime.sessions.store import Changes

PACKAGE = "pyastro_benchmark_growth"

SOURCES = {
    "pages/rows.astro": "---\nclass Props:\n    n: int\n---\n"
    "<table>{<tr><td>{row % 100}</td><td>{row % 7}</td><td>text</td></tr> for row in range(n)}</table>\n",
    "pages/components.astro": "---\nfrom ..components import Box\n\nclass Props:\n    n: int\n---\n"
    "<main>{<Box title={str(row)}><b>{row}</b></Box> for row in range(n)}</main>\n",
    "pages/slot.astro": "---\nfrom ..components import Box\n\nclass Props:\n    n: int\n---\n"
    "<Box title='t'><Box title='u'>{<p>{row}</p> for row in range(n)}</Box></Box>\n",
    "pages/depth.astro": "---\nfrom ..components import Tree\n\nclass Props:\n    n: int\n---\n<Tree n={n} />\n",
    "components/Box.astro": "---\nclass Props:\n    title: str\nhead = title.upper()\n---\n"
    "<section><h2>{head}</h2><slot /></section>\n",
    "components/Tree.astro": "---\nclass Props:\n    n: int\n---\n"
    "<ul><li>{n}</li>{n > 1 and <Astro.self n={n - 1} />}</ul>\n",
}

SIZES: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "rows": ("rows of a table", (10, 100, 1_000, 10_000)),
    "components": ("components with a slot", (10, 100, 1_000, 10_000)),
    "slot": ("elements in a slot of a slot", (10, 100, 1_000, 10_000)),
    "depth": ("components inside one another", (10, 30, 100, 300)),
}
"""What grows, and how large it gets."""

SESSIONS = (10, 100, 1_000, 10_000)


def run() -> str:
    """Measure, and give the results as Markdown."""
    pages = _pages()
    found = {}
    for page, (what, sizes) in SIZES.items():
        print(f"{what} …", file=sys.stderr)
        times = take_turns({str(n): _measure(pages[page], n) for n in sizes}, rounds=7, seconds=0.1)
        found[what] = {size: median(times[str(size)]) / size for size in sizes}
    print("sessions …", file=sys.stderr)
    found["visits, with so many sessions in SQLite"] = _visits()
    rows = [
        (what, *(f"{size:,}: {one * 1e6:,.2f}" for size, one in each.items())) for what, each in found.items()
    ]
    targets = [_target(what, list(each.values())) for what, each in found.items()]
    head = ("microseconds for each of so many", "few", "", "", "most")
    return f"{table(head, rows)}\n\n{targets_table(targets)}"


def _target(what: str, each: Sequence[float]) -> Target:
    return Target(f"{what}: each where there are most, compared with few", each[-1] / each[1], 1.3)


def _visits() -> dict[int, float]:
    """The time of a visit, which loads a session and changes it, by how many there are."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        stores = {n: SqliteStore(Path(folder) / f"{n}.db") for n in SESSIONS}
        for size, store in stores.items():
            runner.run(_fill(store, size))
        measures = {str(n): _visitor(runner, store, n) for n, store in stores.items()}
        times = take_turns(measures, rounds=7, seconds=0.1)
        found = {size: median(times[str(size)]) for size in SESSIONS}
        for store in stores.values():
            runner.run(store.close())
    return found


async def _fill(store: SqliteStore, size: int) -> None:
    changes = Changes({"user": '"ada"', "cart": '{"1":2,"7":1}'})
    for number in range(size):
        await store.create(f"key-{number * 7919 % size:08}", changes, time(), time() + 3600)


def _visitor(runner: asyncio.Runner, store: SqliteStore, size: int) -> Callable[[int], float]:
    numbers = count()

    async def visits(times: int) -> None:
        for number in islice(numbers, times):
            key = f"key-{number * 6007 % size:08}"
            await store.load(key, time())
            await store.update(key, Changes({"seen": str(number)}), time(), time() + 3600)

    def measure(times: int) -> float:
        start = process_time()
        runner.run(visits(times))
        return process_time() - start

    return measure


def _pages() -> dict[str, Callable[..., Any]]:
    """The public `render` of each page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in SOURCES.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text, "utf-8")
        report = compile_project(root / "pages", root / PACKAGE, purpose=Purpose.SERVING)
        if not report.is_successful:
            raise RuntimeError("; ".join(each.message for each in report.diagnostics))
        sys.path.insert(0, folder)
        try:
            return {page: import_module(f"{PACKAGE}.pages.{page}").render for page in SIZES}
        finally:
            sys.path.remove(folder)


def _measure(render: Callable[..., Any], size: int) -> Callable[[int], float]:
    contestant = Asynchronous("pyastro", "", {"page": lambda: render(n=size)})
    return lambda times: contestant.measure("page", times)
