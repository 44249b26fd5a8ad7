"""From an edit to the screen: `pyastro dev` on a site of 200 components, seen by Chromium."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Target, targets_table
from benchmarks.sources import component, write_site

FILES = 200
EDITS = 15
BOUND = 300
"""Milliseconds."""

_PAUSE = 0.4
"""Seconds between two edits, in which the page settles."""
_WARMING = 3
_TEXT = "n => document.querySelector('{0}')?.textContent === `edit ${{n}}`"
_STYLE = "n => getComputedStyle(document.querySelector('.edit')).{0} === String(n)"

Edit = tuple[str, str, str]
"""A file, a pattern in it for the number of the edit and what stands before it, and the JavaScript that sees the number on the screen."""

EDITS_BY_NAME: dict[str, Edit] = {
    "page": ("pages/p0.astro", r"(edit )\d+", _TEXT.format("h1")),
    "component": ("components/C0.astro", r"(edit )\d+", _TEXT.format(".edit")),
    "`<style>` of a component": ("components/C0.astro", r"(order: )\d+", _STYLE.format("order")),
    "style sheet that a component names": ("styles/site.css", r"(z-index: )\d+", _STYLE.format("zIndex")),
}


def run(edits: int = EDITS) -> str:
    """Measure, and give the table of the results: the median of so many edits of each kind."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        _write(root)
        with _server(root) as address, _page(f"{address}/p0") as page:
            found = {kind: _measure(root, page, edit, edits) for kind, edit in EDITS_BY_NAME.items()}
    return targets_table(
        [Target(f"edit of a {kind}, on the screen", ms, BOUND, unit="ms") for kind, ms in found.items()]
    )


def _write(root: Path) -> None:
    """A site of 200 components, with something to edit."""
    write_site(root, FILES)
    first = root / "pages/p0.astro"
    first.write_text(first.read_text("utf-8").replace('title = "Page 0"', 'title = "edit 0"'), "utf-8")
    more = '<p class="edit">edit 0</p>\n<style>.edit { order: 0 }</style>\n'
    more += '<style is:global src="../styles/site.css"></style>\n'
    (root / "components/C0.astro").write_text(component(0) + more, "utf-8")
    (root / "styles").mkdir()
    (root / "styles/site.css").write_text(".edit { position: relative; z-index: 0 }\n", "utf-8")


def _measure(root: Path, page: Any, edit: Edit, edits: int) -> float:
    """Milliseconds from the moment at which a file is written until the page shows it; the median."""
    file, pattern, sees = root / edit[0], edit[1], edit[2]
    times = []
    for number in range(1, _WARMING + edits + 1):
        text = re.sub(pattern, rf"\g<1>{number}", file.read_text("utf-8"))
        time.sleep(_PAUSE)
        start = time.perf_counter()
        file.write_text(text, "utf-8")
        page.wait_for_function(sees, arg=number, timeout=20_000)
        times.append((time.perf_counter() - start) * 1000)
    return median(times[_WARMING:])


@contextmanager
def _server(root: Path) -> Iterator[str]:
    """`pyastro dev` on a site; its address."""
    command = [sys.executable, "-m", "pyastro.cli", "dev", "pages", "--port", "0"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = iter(server.stdout.readline, "")
            found = next(filter(None, (re.search(r"http://[\w.:]+", line) for line in said)))
            yield found[0]
        finally:
            server.terminate()


@contextmanager
def _page(address: str) -> Iterator[Any]:
    """A page of the site in Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    found: Callable[[str], str | None] = shutil.which
    path = next(filter(None, map(found, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        page = browser.new_page()
        page.goto(address)
        yield page
        browser.close()
