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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table
from pyastro.adapters import PreviewUnavailable, awslambda, awslambda_preview, vercel_preview
from pyastro.adapters.front import Asked, forward
from pyastro.adapters.registry import OWN
from pyastro.adapters.zipping import zipped
from pyastro.cli import main
from pyastro.cli.build_report import size

SITE = Path(__file__).parent.parent / "examples/anywhere"
HOSTS = tuple(sorted(set(OWN) - {"static"}))
ASKED = Asked("GET", "/", [("host", "localhost")], b"", "127.0.0.1")
SECRET = "a-secret-that-is-for-measuring-alone"

Ask = Callable[[], int]
"""Asks for the page once; the status."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one host costs."""

    host: str
    size: int
    archive: int
    first: float
    """Seconds from the start of the process to the first answer, of the fastest start: what else runs only adds to it."""
    median: float
    slowest: float
    """The 99th of 100."""

    def row(self) -> tuple[str, ...]:
        """The cost as a row of a table."""
        sizes = (size(each) for each in (self.size, self.archive))
        return (
            f"`{self.host}`",
            *sizes,
            f"{self.first * 1e3:,.0f} ms",
            *(f"{each * 1e3:.1f} ms" for each in (self.median, self.slowest)),
        )


def run(rounds: int, requests: int = 300) -> str:
    """A table of those hosts whose parts are installed; those that are not are named below it."""
    costs, missing = [], []
    for host in HOSTS:
        try:
            costs.append(_cost(host, rounds, requests))
        except PreviewUnavailable as error:
            missing.append(f"`{host}`: {error}")
    head = ("host", "pack", "compressed", "first answer", "median", "99th of 100")
    lines = [table(head, [cost.row() for cost in costs])]
    if missing:
        lines.append("Not measured: " + " ".join(missing))
    return "\n\n".join(lines)


def _cost(host: str, rounds: int, requests: int) -> Cost:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        dist = _built(host, folder)
        files = [
            path for path in sorted(dist.rglob("*")) if path.is_file() and path.name != awslambda.ARCHIVE
        ]
        archive = zipped((path.relative_to(dist).as_posix(), path.read_bytes()) for path in files)
        first, times = [], []
        for _ in range(rounds):
            with _running(host, folder) as (seconds, ask):
                first.append(seconds + _timed(ask))
                times += [_timed(ask) for _ in range(requests // rounds)]
        hundredths = statistics.quantiles(times, n=100)
        size = sum(path.stat().st_size for path in files)
        return Cost(host, size, len(archive), min(first), statistics.median(times), hundredths[-1])


def _built(host: str, folder: Path) -> Path:
    site = folder / "site"
    shutil.copytree(SITE, site)
    config = site / "pyastro.toml"
    config.write_text(
        re.sub(r'(?m)^adapter = ".*"$', f'adapter = "{host}"', config.read_text("utf-8")), "utf-8"
    )
    os.environ["PYASTRO_SECRET"] = SECRET
    with redirect_stdout(io.StringIO()):
        status = main(["build", str(site / "pages"), "-o", str(folder / "dist")])
    if status != 0:
        raise PreviewUnavailable(f"it cannot be built for {host}.", "See above.")
    return folder / "dist"


def _timed(ask: Ask) -> float:
    start = time.perf_counter()
    status = ask()
    if status != 200:
        raise RuntimeError(f"the page answers {status}")
    return time.perf_counter() - start


@contextmanager
def _running(host: str, folder: Path) -> Iterator[tuple[float, Ask]]:
    """The host's part with the site: how long it took to start, and what asks it."""
    dist = folder / "dist"
    if host == "lambda":
        with awslambda_preview.running_function(dist / awslambda.ARCHIVE) as function:
            event = awslambda_preview.url_event(ASKED)
            yield function.seconds, lambda: int(function.call(event)["statusCode"])
    elif host == "vercel":
        start = time.perf_counter()
        with vercel_preview.running_function(dist) as port:
            yield time.perf_counter() - start, lambda: forward(ASKED, port).status
    else:
        with _previewed(folder) as found:
            yield found


@contextmanager
def _previewed(folder: Path) -> Iterator[tuple[float, Ask]]:
    """`pyastro preview`, which has started when it says where it listens."""
    arguments = ["preview", str(folder / "site/pages"), "-o", str(folder / "dist"), "--port", "0"]
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        told = next((line for line in process.stdout if line.startswith("Serving on ")), "")
        if not told:
            raise PreviewUnavailable(process.stderr.readline().strip(), "")
        port = int(re.findall(r":(\d+)", told)[-1])
        yield time.perf_counter() - start, lambda: forward(ASKED, port).status
    finally:
        process.terminate()
        process.wait(20)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
