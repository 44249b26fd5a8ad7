"""How a command that ends soon ends: quickly, and with all that a site's own code relies on."""

import gc
import gzip
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyastro.cli import main
from pyastro.cli.collector import collect_as_usual, collect_rarely, keep_loaded
from tests.prerender.sites import write

PAGE = "---\nimport notes\n---\n<p>{notes.NAME}</p>"


def ran(folder: Path, *arguments: str, python: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """The command, in a process of its own."""
    command = [sys.executable, *python, "-m", "pyastro.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_files_that_a_site_leaves_open_are_written(tmp_path: Path) -> None:
    notes = """
import gzip, tempfile, zipfile
NAME = "x"
def hold():
    return plain
plain = open("plain.txt", "w")
plain.write("a line\\n")
packed = gzip.open("packed.gz", "wt")
packed.write("packed")
archive = zipfile.ZipFile("all.zip", "w")
archive.writestr("in.txt", "archived")
passing = tempfile.NamedTemporaryFile(dir=".", prefix="passing")
"""
    write(tmp_path, {"pages/index.astro": PAGE, "notes.py": notes})
    assert ran(tmp_path, "build").returncode == 0
    assert (tmp_path / "plain.txt").read_text() == "a line\n"
    assert gzip.decompress((tmp_path / "packed.gz").read_bytes()) == b"packed"
    assert zipfile.ZipFile(tmp_path / "all.zip").read("in.txt") == b"archived"
    assert not list(tmp_path.glob("passing*"))


def test_what_a_site_does_at_the_end_is_done_and_told(tmp_path: Path) -> None:
    notes = """
import atexit, weakref
NAME = "x"
class Store:
    def __del__(self):
        print("store closed")
store = Store()
store.itself = store
atexit.register(print, "at exit")
weakref.finalize(store, print, "finalized")
"""
    write(tmp_path, {"pages/index.astro": PAGE, "notes.py": notes})
    done = ran(tmp_path, "build")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()[-3:]) == ["at exit", "finalized", "store closed"]


def test_what_a_collection_s_file_leaves_open_is_written(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    config = """
from dataclasses import dataclass
import zipfile
from pyastro.content import define_collection
@dataclass
class Post:
    title: str
blog = define_collection("blog", schema=Post)
archive = zipfile.ZipFile("all.zip", "w")
archive.writestr("in.txt", "archived")
"""
    page = "---\nfrom content.config import blog\nposts = await blog.entries()\n---\n<p>{posts[0].data.title}</p>"
    files = {"pages/index.astro": page, "content/config.py": config, "content/blog/a.json": '{"title": "A"}'}
    write(tmp_path, files)  # type: ignore[arg-type]  # a dict of texts
    assert ran(tmp_path, "build").returncode == 0
    assert zipfile.ZipFile(tmp_path / "all.zip").read("in.txt") == b"archived"


def test_an_object_that_is_gone_spoils_no_build(tmp_path: Path) -> None:
    notes = """
import weakref
NAME = "x"
class Thing: ...
thing = Thing()
proxy = weakref.proxy(thing)
del thing
"""
    write(tmp_path, {"pages/index.astro": PAGE, "notes.py": notes})
    done = ran(tmp_path, "build")
    assert (done.returncode, done.stderr) == (0, "")


def test_threads_of_a_site_come_to_their_end(tmp_path: Path) -> None:
    notes = """
import threading, time
NAME = "x"
def later():
    time.sleep(1)
    open("later.txt", "w").write("done")
threading.Thread(target=later).start()
"""
    write(tmp_path, {"pages/index.astro": PAGE, "notes.py": notes})
    assert ran(tmp_path, "build").returncode == 0
    assert (tmp_path / "later.txt").read_text() == "done"


@pytest.mark.parametrize(("page", "status"), [("<p>x</p>", 0), ("<p>{1 / 0}</p>", 1)])
def test_the_status_is_the_command_s(tmp_path: Path, page: str, status: int) -> None:
    write(tmp_path, {"pages/index.astro": page})
    assert ran(tmp_path, "build").returncode == status


def test_a_profile_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"pages/index.astro": "<p>x</p>"})
    done = ran(tmp_path, "build", python=("-m", "cProfile", "-o", "profile.out"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "profile.out").stat().st_size > 1000


def test_a_process_that_goes_on_collects_as_before() -> None:
    usual = gc.get_threshold()
    collect_rarely()
    keep_loaded()
    assert gc.get_threshold() != usual and gc.get_freeze_count()
    collect_as_usual()
    assert gc.get_threshold() == usual and not gc.get_freeze_count()
    gc.set_threshold(usual[0] + 1, *usual[1:])
    try:
        assert main(["--version"]) == 0
        assert gc.get_threshold()[0] == usual[0] + 1
    finally:
        gc.set_threshold(*usual)
