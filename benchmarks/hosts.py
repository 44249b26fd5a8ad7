"""What a site costs at each host: how large its pack is, how long its first answer takes, and each one after it.

The hosts' own parts run on this machine. What lies around them there, networks and the start of a virtual machine, is
not measured.
"""

import io
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.report import table
from pyastro.adapters import PreviewUnavailable, awslambda, deno, netlify
from pyastro.adapters import awslambda_preview as lambda_host
from pyastro.adapters import cloudflare_preview as cloudflare_host
from pyastro.adapters import netlify_preview as netlify_host
from pyastro.adapters import vercel_preview as vercel_host
from pyastro.adapters.front import Asked, forward
from pyastro.adapters.programs import answers, end_process, find_program, free_port
from pyastro.adapters.pyodide import SNAPSHOT
from pyastro.adapters.registry import OWN
from pyastro.adapters.zipping import zipped
from pyastro.cli import main
from pyastro.cli.build_report import size
from tests.hosts import parts

SITE = Path(__file__).parent.parent / "examples/anywhere"
LARGE = """\
---
rows = [(number, f"Row <{number}>", number * 1.5, number % 3 == 0) for number in range(1000)]
---
<table>
  {<tr class:list={["row", {"third": third}]}><td>{number}</td><td title={name}>{name}</td><td>{price}</td></tr>
    for number, name, price, third in rows}
</table>
"""
"""A page that takes a while to render."""
HOSTS = tuple(sorted(set(OWN) - {"static"}))
ASKED = Asked("GET", "/", [("host", "localhost")], b"", "127.0.0.1")
SECRET = "a-secret-that-is-for-measuring-alone"

Ask = Callable[[Asked], int]
"""Asks for a page once; the status."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one host costs."""

    host: str
    size: int
    archive: int
    memory: int
    """What the host's process holds when all is answered."""
    first: float
    """Seconds from the start of the process to the first answer, of the fastest start: what else runs only adds to it."""
    median: float
    slowest: float
    """The 99th of 100."""
    large: float
    """The median of a page with a table of a thousand rows."""

    def row(self) -> tuple[str, ...]:
        """The cost as a row of a table."""
        return (
            f"`{self.host}`",
            *(size(each) for each in (self.size, self.archive, self.memory)),
            f"{self.first * 1e3:,.0f} ms",
            *(f"{each * 1e3:.1f} ms" for each in (self.median, self.slowest, self.large)),
        )


def run(rounds: int, requests: int = 300) -> str:
    """A table of those hosts whose parts are installed; those that are not are named below it."""
    costs, missing = [], []
    for host in HOSTS:
        try:
            costs.append(_cost(host, rounds, requests))
        except PreviewUnavailable as error:
            missing.append(f"`{host}`: {error}")
    head = ("host", "pack", "compressed", "memory", "first answer", "median", "99th of 100", "1,000 rows")
    lines = [table(head, [cost.row() for cost in costs])]
    if missing:
        lines.append("Not measured: " + " ".join(missing))
    return "\n\n".join(lines)


def _cost(host: str, rounds: int, requests: int) -> Cost:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        dist = _built(host, folder)
        with _running(host, folder) as (_, ask):  # what is made once: bytecode, a snapshot
            _timed(ask)
        files = [
            path for path in sorted(dist.rglob("*")) if path.is_file() and path.name != awslambda.ARCHIVE
        ]
        archive = zipped((path.relative_to(dist).as_posix(), path.read_bytes()) for path in files)
        first, times, large = [], [], []
        for _ in range(rounds):
            with _running(host, folder) as (seconds, ask):
                first.append(seconds + _timed(ask))
                times += [_timed(ask) for _ in range(requests // rounds)]
                large += [_timed(ask, "/large") for _ in range(10)]
                memory = _memory()
        hundredths = statistics.quantiles(times, n=100)
        return Cost(
            host,
            sum(path.stat().st_size for path in files),
            len(archive),
            memory,
            min(first),
            statistics.median(times),
            hundredths[-1],
            statistics.median(large),
        )


def _memory() -> int:
    """What the largest of the processes holds that were started from here."""
    import psutil

    held = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            held.append(process.memory_info().rss)
    return max(held)


def _built(host: str, folder: Path) -> Path:
    """The pack of the site, with the page that is large, beside the parts that npm has."""
    site = folder / "site"
    shutil.copytree(SITE, site)
    (site / "pages/large.astro").write_text(LARGE, "utf-8")
    config = site / "pyastro.toml"
    config.write_text(
        re.sub(r'(?m)^adapter = ".*"$', f'adapter = "{host}"', config.read_text("utf-8")), "utf-8"
    )
    if parts.parts():
        (folder / "node_modules").symlink_to(parts.node_modules())
        os.environ.update(parts.environment())
    os.environ["PYASTRO_SECRET"] = SECRET
    with redirect_stdout(io.StringIO()):
        status = main(["build", str(site / "pages"), "-o", str(folder / "dist")])
    if status != 0:
        raise PreviewUnavailable(f"it cannot be built for {host}.", "See above.")
    return folder / "dist"


def _timed(ask: Ask, path: str = "/") -> float:
    start = time.perf_counter()
    status = ask(replace(ASKED, target=path))
    if status != 200:
        raise RuntimeError(f"the page answers {status}")
    return time.perf_counter() - start


@contextmanager
def _running(host: str, folder: Path) -> Iterator[tuple[float, Ask]]:
    """The host's part with the site: how long it took to start, and what asks it."""
    dist = folder / "dist"
    match host:
        case "lambda":
            with lambda_host.running_function(dist / awslambda.ARCHIVE) as function:
                yield function.seconds, lambda asked: int(
                    function.call(lambda_host.url_event(asked))["statusCode"]
                )
        case "vercel":
            with _measured(vercel_host.running_function(dist)) as found:
                yield found
        case "cloudflare":
            (folder / "kept").mkdir(exist_ok=True)
            with _measured(cloudflare_host.running_worker(dist, folder / "kept")) as found:
                yield found
        case "netlify":
            node = find_program("node", dist, "")
            if not (dist / netlify.FUNCTION / SNAPSHOT).exists():
                subprocess.run([node, f"{netlify.FUNCTION}/snapshot.mjs"], cwd=dist, check=True)
            with tempfile.TemporaryDirectory() as place:
                entry = netlify_host.bundled(node, dist, Path(place))
                with _measured(netlify_host.running_function(node, entry)) as found:
                    yield found
        case "deno":
            program = find_program("deno", dist, "")
            if not (dist / SNAPSHOT).exists():
                subprocess.run([program, "task", "--quiet", "snapshot"], cwd=dist, check=True)
            with _measured(_program([program, *deno.SERVE], dist)) as found:
                yield found
        case _:
            serve = [
                sys.executable,
                "-m",
                "pyastro.cli",
                "serve",
                ".",
                "--host",
                "{host}",
                "--port",
                "{port}",
            ]
            with _measured(_program(serve, dist)) as found:
                yield found


@contextmanager
def _measured(running: AbstractContextManager[int]) -> Iterator[tuple[float, Ask]]:
    """A server that answers at a port: how long it took until it listens, and what asks it."""

    def ask(asked: Asked) -> int:
        answered = forward(asked, port)
        answered.read()
        return answered.status

    start = time.perf_counter()
    with running as port:
        yield time.perf_counter() - start, ask


@contextmanager
def _program(arguments: Sequence[str], folder: Path) -> Iterator[int]:
    """A server; the port at which it listens."""
    port = free_port()
    words = [word.format(host="127.0.0.1", port=port) for word in arguments]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        if not answers(process, "127.0.0.1", port, 60):
            raise PreviewUnavailable(f"{words[0]} does not start.", "Its log is above.")
        yield port
    finally:
        end_process(process)
