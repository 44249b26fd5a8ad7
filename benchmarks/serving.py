"""`python -m benchmarks server`: processor time for each request, and memory, of servers with one worker."""

import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.data import FULL
from benchmarks.dom import difference, dom
from benchmarks.engines import load_engine
from benchmarks.engines.pyastro_pages import SOURCES
from benchmarks.node import build_astro, serve_astro
from benchmarks.processes import Server, free_port
from benchmarks.report import Target, table, targets_table
from benchmarks.rounds import ratio
from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose

ROOT = Path(__file__).parent.parent
CONNECTIONS = 16
WARM_UP = 8_000
ROUNDS = 7
ROUND = 1_500
"""Requests of one round to one server: some tenths of a second, in which the kernel's clock has many ticks."""

MINIMUM = "aiohttp, constant bytes"
JINJA = "aiohttp + Jinja2"
ASTRO = "Astro's Node server"


@dataclass(frozen=True)
class Contender:
    """A server and the pages that it is asked for."""

    name: str
    server: Server
    pages: tuple[str, ...]


def run(work: Path, has_node: bool, requests: int) -> str:
    """Measure, and give the results as Markdown."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        contenders = list(_contenders(Path(folder), work if has_node else None))
        for each in contenders:
            stack.enter_context(each.server)
        _compare(contenders)
        for each in contenders:
            _warm_up(each)
        times = {page: _measure(page, contenders) for page in ("cards", "hello")}
        memory = {each.name: _memory_after(each, requests) for each in contenders if len(each.pages) > 1}
    return f"{_table(times, memory, requests)}\n\n{targets_table(_targets(times, memory))}"


def _contenders(folder: Path, astro: Path | None) -> Iterator[Contender]:
    build = folder / "build"
    compile_project(SOURCES, build, purpose=Purpose.SERVING)
    both = ("cards", "hello")
    yield Contender("pyastro serve", _python(["pyastro.cli", "serve", str(build), "--port"], folder), both)
    if find_spec("uvicorn") and find_spec("pyastro.asgi"):
        options = ["--no-access-log", "--log-level", "warning", "--port"]
        environment = {"PYASTRO_BUILD": str(build)}
        server = _python(["uvicorn", "pyastro.asgi:app", *options], folder, environment)
        yield Contender("uvicorn + pyastro.asgi", server, both)
    yield Contender(JINJA, _python(["benchmarks.servers.aiohttp_jinja"], folder), ("cards",))
    if find_spec("uvloop"):
        yield Contender(MINIMUM, _python(["benchmarks.servers.aiohttp_bytes"], folder), ("hello",))
    if astro:
        try:
            node = build_astro(FULL, astro)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"without Astro: {error}", file=sys.stderr)
        else:
            yield Contender(ASTRO, serve_astro(node, astro, free_port()), both)


def _python(module: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Server:
    """A module as a server; its last argument is the port."""
    port = free_port()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", *module, str(port)]
    return Server(command, port, folder, {**(environment or {}), "PYTHONPATH": path})


def _compare(contenders: Sequence[Contender]) -> None:
    limit = load_engine("limit_pages", FULL)
    for each in contenders:
        for page in each.pages:
            found = dom(_get(each.server.port, f"/{page}"))
            if problem := difference(dom(limit.html(page)), found):
                raise ValueError(f"{each.name} sends another {page}: {problem}")


def _get(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def _warm_up(contender: Contender) -> None:
    for page in contender.pages:
        _load(contender.server, page, WARM_UP // len(contender.pages))


def _load(server: Server, page: str, requests: int) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.load",
        str(server.port),
        f"/{page}",
        str(requests),
        str(CONNECTIONS),
    ]
    subprocess.run(command, cwd=ROOT, check=True, timeout=1800)


def _measure(page: str, contenders: Sequence[Contender]) -> dict[str, list[float]]:
    """The seconds that a request takes, of each round."""
    print(f"{page} …", file=sys.stderr)
    asked = [each for each in contenders if page in each.pages]
    times: dict[str, list[float]] = {each.name: [] for each in asked}
    for number in range(ROUNDS):
        first = number % len(asked)
        for each in asked[first:] + asked[:first]:
            before = each.server.usage().seconds
            _load(each.server, page, ROUND)
            times[each.name].append((each.server.usage().seconds - before) / ROUND)
    return times


def _memory_after(contender: Contender, requests: int) -> float:
    """Resident memory in megabytes, when the server has answered so many requests in all."""
    pages = contender.pages
    done = WARM_UP + ROUNDS * ROUND * len(pages)
    for page in pages:
        if rest := max(0, requests - done) // len(pages):
            _load(contender.server, page, rest)
    return contender.server.usage().memory / 1e6


def _table(
    times: Mapping[str, Mapping[str, Sequence[float]]], memory: Mapping[str, float], requests: int
) -> str:
    names = dict.fromkeys(name for page in times.values() for name in page)
    rows = [
        (
            name,
            *(_microseconds(times[page].get(name)) for page in ("cards", "hello")),
            f"{memory[name]:.0f}" if name in memory else "",
        )
        for name in names
    ]
    return table(("server", "cards, µs", "hello, µs", f"MB after {requests:,} requests"), rows)


def _microseconds(times: Sequence[float] | None) -> str:
    return f"{sorted(times)[len(times) // 2] * 1e6:,.0f}" if times else ""


def _targets(times: Mapping[str, Mapping[str, Sequence[float]]], memory: Mapping[str, float]) -> list[Target]:
    cards, hello, ours = times["cards"], times["hello"], "pyastro serve"
    found = [Target(f"cards: {JINJA} / pyastro", ratio(cards[JINJA], cards[ours]), 11, is_minimum=True)]
    if ASTRO in cards:
        found += [
            Target(f"cards: {ASTRO} / pyastro", ratio(cards[ASTRO], cards[ours]), 3.5, is_minimum=True),
            Target(f"hello: {ASTRO} / pyastro", ratio(hello[ASTRO], hello[ours]), 7.5, is_minimum=True),
        ]
    if MINIMUM in hello:
        found.append(Target(f"hello: times {MINIMUM}", ratio(hello[ours], hello[MINIMUM]), 1.3))
    return [*found, Target("resident memory", memory[ours], 55, unit="MB")]
