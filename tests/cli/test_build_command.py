"""`pyastro build` and `pyastro preview` as commands: what they leave, spare, say and refuse."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.prerender.sites import build, built, text, write

Captured = pytest.CaptureFixture[str]
PYASTRO = [sys.executable, "-W", "error", "-m", "pyastro.cli"]
MANY = """---
def get_static_paths():
    return [{"params": {"n": n}} for n in range(100)]
---
<p>{Astro.params.n}</p>
"""


def ran(folder: Path, *arguments: str) -> str:
    """What the command prints, in a process of its own."""
    done = subprocess.run(
        [*PYASTRO, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_summary_tells_routes_sizes_and_times(tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, {"pages/index.astro": "<p>x</p>", "pages/n/[n].astro": MANY}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ROUTE", "FILES", "SIZE", "TIME"]
    assert re.fullmatch(r"/n/\[n\] +100 +2\.\d kB +[\d,]+ ms", lines[1])
    assert re.fullmatch(r"/ +1 +24 B +\d+ ms", lines[2])
    assert re.fullmatch(r"Rendered 101 files, 2\.\d kB to .*dist in \d+\.\d s", lines[3])


def test_nothing_is_done_where_nothing_changed_and_all_where_something_did(tmp_path: Path) -> None:
    files = {
        "pages/index.astro": "---\nfrom pathlib import Path\n---\n<p>{Path('data.txt').read_text()} {sorted(os.listdir('d'))}</p>",
        "data.txt": "one",
        "d/a": "",
    }
    files["pages/index.astro"] = files["pages/index.astro"].replace("---\nfrom", "---\nimport os\nfrom")
    write(tmp_path, dict(files))
    assert "Rendered 1 file" in ran(tmp_path, "build")
    inode = (tmp_path / "dist/index.html").stat().st_ino
    assert re.fullmatch(r"dist is up to date: 1 file, \d+ B \(\d\.\d\d s\)\n", ran(tmp_path, "build"))
    assert "Rendered" in ran(tmp_path, "build", "--force")
    assert (tmp_path / "dist/index.html").stat().st_ino == inode
    write(tmp_path, {"data.txt": "other"})
    assert "Rendered" in ran(tmp_path, "build")
    assert text(tmp_path, "index.html") == "<p>other a</p>"
    write(tmp_path, {"d/b": ""})
    assert "Rendered" in ran(tmp_path, "build")
    assert text(tmp_path, "index.html") == "<p>other ab</p>"
    write(tmp_path, {"pages/new.astro": "<p>new</p>"})
    assert "Rendered 2 files" in ran(tmp_path, "build")
    (tmp_path / "dist/new/index.html").unlink()
    assert "Rendered 2 files" in ran(tmp_path, "build")
    (tmp_path / "pages/new.astro").unlink()
    assert "Rendered 1 file" in ran(tmp_path, "build")
    assert built(tmp_path) == ["index.html"]


def test_a_site_that_asks_others_is_always_rendered(tmp_path: Path) -> None:
    page = "---\nimport subprocess, sys\n---\n<p>{subprocess.run([sys.executable, '-c', '']).returncode}</p>"
    write(tmp_path, {"pages/index.astro": page})
    assert "Rendered" in ran(tmp_path, "build")
    assert "Rendered" in ran(tmp_path, "build")


SLOW = MANY.replace("---\n<p>", "import os, time\ntime.sleep(0.002)\n---\n<p>")


@pytest.mark.skipif(sys.platform != "linux" or os.cpu_count() == 1, reason="there is one process alone")
def test_only_what_takes_a_while_is_shared_among_processes(tmp_path: Path) -> None:
    shown = "{os.getpid()}</p>"
    write(tmp_path, {"pages/[n].astro": SLOW.replace("</p>", shown)})
    ran(tmp_path, "build")
    assert len({text(tmp_path, f"{n}/index.html").removeprefix(f"<p>{n}") for n in range(100)}) >= 3
    write(tmp_path, {"pages/[n].astro": SLOW.replace("</p>", shown).replace("0.002", "0.0")})
    ran(tmp_path, "build")
    assert len({text(tmp_path, f"{n}/index.html").removeprefix(f"<p>{n}") for n in range(3)}) == 1


def test_the_same_site_gives_the_same_bytes_in_one_process_or_several(tmp_path: Path) -> None:
    site = {
        "pages/index.astro": "<p>x</p>",
        "pages/n/[n].astro": SLOW,
        "pyastro.toml": 'site = "https://e.org"',
    }
    write(tmp_path / "a", site)
    write(tmp_path / "b", site)
    ran(tmp_path / "a", "build")
    one_core = "import os; os.sched_getaffinity = lambda _: {0}; import sys; from pyastro.cli import main; sys.exit(main(['build']))"
    subprocess.run(
        [sys.executable, "-c", one_core], cwd=tmp_path / "b", check=True, stdout=subprocess.DEVNULL
    )
    files = built(tmp_path / "a")
    assert files == built(tmp_path / "b") and len(files) == 102
    assert all(text(tmp_path / "a", file) == text(tmp_path / "b", file) for file in files)


def test_an_error_leaves_the_old_files(tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, {"pages/index.astro": "<p>old</p>"}) == 0
    assert build(tmp_path, {"pages/index.astro": "<p>{1 / 0}</p>"}) == 1
    err = capsys.readouterr().err
    assert "pages/index.astro:1: error: ZeroDivisionError" in err
    assert "while / was rendered ahead" in err
    assert err.endswith("dist is as it was.\n")
    assert text(tmp_path, "index.html") == "<p>old</p>"
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".dist")]


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, {"pages/index.astro": "<p>x</p>", "dist/mine.txt": "x"}) == 2
    assert "is not empty, and is no build of ours" in capsys.readouterr().err
    assert built(tmp_path) == ["mine.txt"]


SERVED = {
    "pages/index.astro": "---\nprerender = True\n---\n<p>ahead</p>",
    "pages/now.astro": '<p>{Astro.request.headers.get("x-who")}</p>',
    "pages/404.astro": "<p>none</p>",
    "public/a.txt": "a",
    "pyastro.toml": 'adapter = "server"\nsite = "https://e.org"',
}


def test_a_server_gets_rendered_files_and_the_build(tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, dict(SERVED)) == 0
    assert "2 routes rendered on demand" in capsys.readouterr().out
    files = built(tmp_path)
    assert {
        "manifest.json",
        "pages/now.py",
        "public/a.txt",
        "public/index.html",
        "public/sitemap.xml",
    } <= set(files)
    assert not [file for file in files if file.startswith(".")]
    assert "https://e.org/now" in text(tmp_path, "public/sitemap.xml")
    with served(tmp_path, "serve", "dist") as origin:
        assert asked(origin, "/") == (200, "<p>ahead</p>")
        assert asked(origin, "/now") == (200, "<p>me</p>")
        assert asked(origin, "/a.txt") == (200, "a")
        assert asked(origin, "/no") == (404, "<p>none</p>")


def test_a_preview_answers_as_a_host_of_files(tmp_path: Path) -> None:
    site = {
        "pages/index.astro": "<p>home</p>",
        "pages/about.astro": "<p>about</p>",
        "pages/404.astro": "<p>none</p>",
        "pyastro.toml": 'base = "/b"',
    }
    assert build(tmp_path, dict(site)) == 0
    with served(tmp_path, "preview") as origin:
        assert asked(origin, "/b/") == (200, "<p>home</p>")
        assert asked(origin, "/b/about/") == asked(origin, "/b/about") == (200, "<p>about</p>")
        assert asked(origin, "/b/no") == asked(origin, "/about") == (404, "<p>none</p>")


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """The origin of a server that the command runs."""
    process = subprocess.Popen(
        [*PYASTRO, *arguments, "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def asked(origin: str, path: str) -> tuple[int, str]:
    request = urllib.request.Request(origin + path, headers={"x-who": "me"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, _text(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _text(error.read())


def _text(body: bytes) -> str:
    return body.decode().removeprefix("<!DOCTYPE html>\n")


BUSY = """---
import asyncio, sys, time
print("busy", flush=True)
await asyncio.sleep(0.05)
time.sleep(20)
---
"""
OTHER = "---\nimport asyncio\nawait asyncio.sleep(20)\n---\n<p>x</p>"
CLOSING = """
import asyncio
async def on_shutdown(site):
    for _ in range(5):
        await asyncio.sleep(0.001)
    print("down", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_site_closes_when_a_build_is_interrupted(tmp_path: Path) -> None:
    write(tmp_path, {"pages/index.astro": BUSY, "pages/other.astro": OTHER, "middleware.py": CLOSING})
    process = subprocess.Popen(
        [*PYASTRO, "build"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "busy\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=10)
    finally:
        process.kill()
        process.wait()
    assert (said, errors, process.returncode) == ("down\n", "", 130)
    assert not (tmp_path / "dist").exists()
