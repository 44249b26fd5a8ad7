import asyncio
import importlib
import sys
import threading
import time
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose
from pyastro.runtime.profiler import Profile, Profiler

SOURCES = {
    "pages/index.astro": "---\nfrom ..components import Slow, Quick\nfrom ..lib import busy\n---\n"
    "<main>\n  <Quick n={1} />\n  <Slow>\n    {busy()}\n  </Slow>\n</main>\n",
    "components/Slow.astro": "---\nclass Props:\n    n: int = 60_000\n---\n<p>{\n  sum(range(n))\n}<slot /></p>\n",
    "components/Quick.astro": "---\nclass Props:\n    n: int\n---\n<p>{n}</p>\n",
    "lib.py": "def busy():\n    return sum(i for i in range(300))\n",
}


@pytest.mark.parametrize("purpose", [Purpose.RUNNING, Purpose.SERVING])
def test_lines_of_the_site(purpose: Purpose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    build = tmp_path / f"profiled_{purpose.value}"
    assert compile_project(tmp_path / "pages", build, purpose=purpose).is_successful
    monkeypatch.syspath_prepend(str(tmp_path))
    render = importlib.import_module(f"{build.name}.pages.index").render
    profiler = Profiler(build)
    profiler.start()
    end = time.monotonic() + 0.5
    while time.monotonic() < end or (profiler._stacks.total() < 100 and time.monotonic() < end + 30):
        asyncio.run(render())
    profile = profiler.stop()
    shares = {(each.source, each.line): each for each in profile.lines}
    slowest = profile.lines[0]
    assert (slowest.source, slowest.line, slowest.text) == ("components/Slow.astro", 6, "sum(range(n))")
    assert slowest.own > profile.in_site / 2
    assert shares["pages/index.astro", 7].total >= slowest.own
    assert profile.report().count("components/Slow.astro:6") == 1
    assert 0 < profile.in_site <= profile.samples
    assert sys.getswitchinterval() == pytest.approx(0.005)
    assert not any(each.name == "pyastro profiler" for each in threading.enumerate())


def test_nothing_was_asked_for(tmp_path: Path) -> None:
    profiler = Profiler(tmp_path)
    profiler.start()
    report = profiler.stop().report()
    assert "0 of them in the site: ask it for pages while it is profiled." in report


def test_a_long_profile_is_cut() -> None:
    from pyastro.runtime.profiler import LineShare

    lines = tuple(LineShare("pages/a.astro", n, "x" * 200, 1, 1) for n in range(40))
    rows = Profile(1.0, 100, 40, lines).report().splitlines()
    assert len(rows) == 28
    assert rows[-1] == "  and 15 more"
    assert max(map(len, rows)) < 140
