"""From an edit to the screen: `pyastro dev` on a site of 200 components, seen by Chromium."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks.report import table
from benchmarks.sources import component, write_site

FILES = 200
EDITS = 20
BOUND = 300
"""Milliseconds."""

_PAUSE = 0.4
"""Seconds between two edits, in which the page settles."""
_WARMING = 3
_PATIENCE = 20_000

# Looked at in each frame, and noted by the page's own clock: nobody has to ask while the time is measured.
_WATCH = """
(() => {
  const look = () => {
    const shown = (SHOWN)?.match(/\\d+$/)?.[0]
    if (shown && !(shown in sessionStorage)) sessionStorage[shown] = Date.now()
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()
"""
_TEXT = "document.querySelector('{0}')?.textContent"
_STYLE = "document.querySelector('.edit') && getComputedStyle(document.querySelector('.edit')).{0}"


class Edit(NamedTuple):
    """A file, a pattern in it for the number of the edit and what stands before it, and JavaScript that gives what ends
    with the number when it is on the screen."""

    file: str
    pattern: str
    shown: str


EDITS_BY_NAME = {
    "page": Edit("pages/p0.astro", r"(edit )\d+", _TEXT.format("h1")),
    "component": Edit("components/C0.astro", r"(edit )\d+", _TEXT.format(".edit")),
    "layout of every page": Edit("layouts/Frame.astro", r"(edit )\d+", _TEXT.format("nav")),
    "layout of every page, with another prop": Edit(
        "layouts/Frame.astro", r"(edit[ _])\d+", _TEXT.format("nav")
    ),
    "layout of every page, with another slot": Edit(
        "layouts/Frame.astro", r"(edit[ -])\d+", _TEXT.format("nav")
    ),
    "Python file that every page imports": Edit("lib/words.py", r"(edit )\d+", _TEXT.format(".words")),
    "`<style>` of a component": Edit("components/C0.astro", r"(order: )\d+", _STYLE.format("order")),
    "style sheet that a component names": Edit("styles/site.css", r"(z-index: )\d+", _STYLE.format("zIndex")),
}


@dataclass(frozen=True)
class Measured:
    """Milliseconds from each edit to the screen, and of the server's processor for one."""

    times: list[float]
    processor: float

    def row(self, name: str) -> tuple[str, ...]:
        """The same as a row of the table."""
        typical, late = median(self.times), quantiles(self.times, n=20)[-1]
        is_met = "met" if typical <= BOUND else "**not met**"
        return name, f"{typical:.0f} ms", f"{late:.0f} ms", f"{self.processor:.0f} ms", is_met


def run(edits: int = EDITS) -> str:
    """Measure, and give the table of the results, of so many edits of each kind."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        _write(root)
        with _server(root) as (address, process), _browser() as browser:
            numbers = count(1)
            found = {
                kind: _measure(
                    root, browser, f"{address}/p0", edit, islice(numbers, _WARMING + edits), process
                )
                for kind, edit in EDITS_BY_NAME.items()
            }
    head = ("edit of a", "median", "95th percentile", "server's CPU", f"≤ {BOUND} ms")
    after = os.getloadavg()[0]
    load = (
        f"Load average of the machine: {before:.1f} before, {after:.1f} after, of which Chromium is a part."
    )
    return f"{table(head, [each.row(kind) for kind, each in found.items()], numbers=3)}\n\n{load}"


def _write(root: Path) -> None:
    """A site of 200 components, with something to edit."""
    write_site(root, FILES)
    frame = '---\nfrom ..lib.words import WORD\n\nclass Props:\n    edit_0: str = ""\n---\n'
    frame += '<nav>edit 0</nav>\n<slot /><slot name="edit-0" />\n<p class="words">{WORD}</p>\n'
    more = '<p class="edit">edit 0</p>\n<style>.edit { order: 0 }</style>\n'
    more += '<style is:global src="../styles/site.css"></style>\n'
    files = {
        "layouts/Frame.astro": frame,
        "lib/words.py": 'WORD = "edit 0"\n',
        "components/C0.astro": component(0) + more,
        "styles/site.css": ".edit { position: relative; z-index: 0 }\n",
    }
    for page in root.glob("pages/p*.astro"):
        text = page.read_text("utf-8").replace("---\n", "---\nfrom ..layouts import Frame\n", 1)
        text = re.sub(r"<body>(.*)</body>", r"<body><Frame>\1</Frame></body>", text, flags=re.DOTALL)
        files[f"pages/{page.name}"] = text.replace('title = "Page 0"', 'title = "edit 0"')
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _measure(
    root: Path, browser: Any, address: str, edit: Edit, numbers: Iterable[int], server: Any
) -> Measured:
    """From the moment at which a file is written with each of these numbers until a page shows it."""
    file = root / edit.file
    page = browser.new_page()
    page.add_init_script(_WATCH.replace("SHOWN", edit.shown))
    page.goto(address)
    times, used = [], 0.0
    for number in numbers:
        text = re.sub(edit.pattern, rf"\g<1>{number}", file.read_text("utf-8"))
        time.sleep(_PAUSE)
        if len(times) == _WARMING:
            used = _seconds(server)
        start = time.time()
        file.write_text(text, "utf-8")
        page.wait_for_function(f"sessionStorage[{number}]", timeout=_PATIENCE, polling=100)
        times.append(float(page.evaluate(f"sessionStorage[{number}]")) - start * 1000)
    page.close()
    return Measured(times[_WARMING:], (_seconds(server) - used) * 1000 / len(times[_WARMING:]))


def _seconds(process: Any) -> float:
    """Of processor time that a process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _server(root: Path) -> Iterator[tuple[str, Any]]:
    """`pyastro dev` on a site: its address, and the process."""
    import psutil

    command = [sys.executable, "-m", "pyastro.cli", "dev", "pages", "--port", "0"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = iter(server.stdout.readline, "")
            found = next(filter(None, (re.search(r"http://[\w.:]+", line) for line in said)))
            yield found[0], psutil.Process(server.pid)
        finally:
            server.terminate()


@contextmanager
def _browser() -> Iterator[Any]:
    """Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    found: Callable[[str], str | None] = shutil.which
    path = next(filter(None, map(found, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser.new_context()
        browser.close()
