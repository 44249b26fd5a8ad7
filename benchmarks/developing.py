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
_SCRIPT = "document.documentElement.dataset.{0}"
_STYLE = "document.querySelector('.edit') && getComputedStyle(document.querySelector('.edit')).{0}"


class Edit(NamedTuple):
    """A file, a pattern in it for the number of the edit and what stands before it, JavaScript that gives what ends with
    the number when it is on the screen, and the page that is open."""

    file: str
    pattern: str
    shown: str
    page: str = "/p0"

    def text(self, before: str, number: int) -> str:
        """The file's text with the number of an edit. What it has for even numbers only is there, or commented out."""
        text = re.sub(self.pattern, rf"\g<1>{number}", before)
        return re.sub("^(?:# )?(.*# even)$", r"# \1" if number % 2 else r"\1", text, flags=re.MULTILINE)


_RESTART = "variable in `.env`"
"""What no process that runs takes up; nothing is promised of it."""

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
    "layout of every page, that begins or ceases to wait": Edit(
        "layouts/Wait.astro", r"(edit )\d+", _TEXT.format(".wait")
    ),
    "Python file that every page imports": Edit("lib/words.py", r"(edit )\d+", _TEXT.format(".words")),
    "`<style>` of a component": Edit("components/C0.astro", r"(order: )\d+", _STYLE.format("order")),
    "style sheet that a component names": Edit("styles/site.css", r"(z-index: )\d+", _STYLE.format("zIndex")),
    "`<script>` of a component": Edit("components/C0.astro", r"(script )\d+", _SCRIPT.format("own")),
    "script in `public/`": Edit("public/site.js", r"(edit )\d+", _SCRIPT.format("site")),
    "endpoint": Edit("pages/document.py", r"(edit )\d+", _TEXT.format("h1"), "/document"),
    "middleware": Edit("middleware.py", r"(edit )\d+", _TEXT.format(".middle")),
    "setting in `pyastro.toml`": Edit("pyastro.toml", r"(edit)\d+", _TEXT.format(".site")),
    "Python module beside the site": Edit("application/words.py", r"(edit )\d+", _TEXT.format(".outside")),
    _RESTART: Edit(".env", r"(edit )\d+", _TEXT.format(".environment")),
}


_FILES = {
    "layouts/Frame.astro": """---
import os
from application import words
from ..lib.words import WORD

class Props:
    edit_0: str = ""
---
<nav>edit 0</nav>
<slot /><slot name="edit-0" />
<p class="words">{WORD}</p>
<p class="outside">{words.WORD}</p>
<p class="environment">{os.environ["WORD"]}</p>
<p class="middle">{Astro.locals.word}</p>
<p class="site">{Astro.site.host}</p>
<script is:inline src="/site.js"></script>
""",
    "layouts/Wait.astro": """---
import asyncio

await asyncio.sleep(0)  # even
---
<p class="wait">edit 0</p>
""",
    "lib/words.py": 'WORD = "edit 0"\n',
    "application/words.py": 'WORD = "edit 0"\n',
    "styles/site.css": ".edit { position: relative; z-index: 0 }\n",
    "public/site.js": "document.documentElement.dataset.site = 'edit 0'\n",
    "pages/document.py": """from pyastro.runtime import Response

def GET(context):
    return Response("<!doctype html><html><h1>edit 0</h1></html>", headers={"content-type": "text/html"})
""",
    "middleware.py": """async def on_request(context, next):
    context.locals.word = "edit 0"
    return await next()
""",
    "pyastro.toml": 'site = "http://edit0"\nexternal = ["application"]\n',
    ".env": "WORD=edit 0\n",
}
_MORE = """<p class="edit">edit 0</p>
<style>.edit { order: 0 }</style>
<style is:global src="../styles/site.css"></style>
<script>document.documentElement.dataset.own = "script 0"</script>
"""


@dataclass(frozen=True)
class Measured:
    """Milliseconds from each edit to the screen, and of the server's processor for one."""

    times: list[float]
    processor: float

    def row(self, name: str) -> tuple[str, ...]:
        """The same as a row of the table."""
        typical, late = median(self.times), quantiles(self.times, n=20)[-1]
        is_met = "met" if typical <= BOUND else "**not met**"
        if name == _RESTART:
            is_met = "a new process"
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
                kind: _measure(root, browser, address, edit, islice(numbers, _WARMING + edits), process)
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
    files = _FILES | {"components/C0.astro": component(0) + _MORE}
    for page in root.glob("pages/p*.astro"):
        text = page.read_text("utf-8").replace("---\n", "---\nfrom ..layouts import Frame, Wait\n", 1)
        frame = r"<body><Wait /><Frame>\1</Frame></body>"
        text = re.sub(r"<body>(.*)</body>", frame, text, flags=re.DOTALL)
        files[f"pages/{page.name}"] = text.replace('title = "Page 0"', 'title = "edit 0"')
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _measure(
    root: Path, browser: Any, address: str, edit: Edit, numbers: Iterable[int], server: Any
) -> Measured:
    """From the moment at which a file is written with each of these numbers until the page shows it."""
    file = root / edit.file
    page = browser.new_page()
    page.add_init_script(_WATCH.replace("SHOWN", edit.shown))
    page.goto(f"{address}{edit.page}")
    times, used = [], 0.0
    for number in numbers:
        text = edit.text(file.read_text("utf-8"), number)
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
    """Of processor time that a process has used, with those that it has started."""
    times = process.cpu_times()
    own = float(times.user + times.system + times.children_user + times.children_system)
    return own + sum(map(_seconds, process.children()))


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
