import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyastro.compiler.project import exchange
from pyastro.compiler.project import output as output_module
from pyastro.compiler.project.output import Output, ProjectError, check_output

MANIFEST = json.dumps(
    {"version": 1, "routes": [], "errors": {}, "middleware": None, "public": {}, "sources": {}, "config": {}}
)


def build(target: Path, files: dict[str, str]) -> Output:
    with Output(target) as output:
        for path, text in files.items():
            output.write(path, text.encode())
        output.install()
    return output


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(params=["exchange", "two renames"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for a build; nothing is left beside it, however folders are exchanged."""
    if request.param == "two renames":
        monkeypatch.setattr(exchange, "_renameat2", lambda: None)
    yield tmp_path / "out/build"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["build"]


def test_a_build_takes_the_place_of_the_old_one(target: Path) -> None:
    build(target, {"manifest.json": MANIFEST, "a.py": "1", "sub/b.py": "2", "gone.py": "3"})
    output = build(target, {"manifest.json": MANIFEST, "a.py": "1", "sub/b.py": "22", "c.py": "4"})
    assert contents(target) == {"manifest.json": MANIFEST, "a.py": "1", "sub/b.py": "22", "c.py": "4"}
    assert output.changes.written == ["sub/b.py", "c.py"]
    assert output.changes.unchanged == ["manifest.json", "a.py"]
    assert output.changes.removed == ["gone.py"]


def test_an_unchanged_build_stays(target: Path) -> None:
    build(target, {"a.py": "1"})
    before = target.stat().st_ino
    build(target, {"a.py": "1"})
    assert target.stat().st_ino == before


def test_what_python_keeps_beside_modules_is_no_change(target: Path) -> None:
    build(target, {"a.py": "1"})
    (target / "__pycache__").mkdir()
    (target / "__pycache__/a.pyc").touch()
    assert build(target, {"a.py": "1"}).changes.removed == []


def test_a_failed_run_leaves_the_old_build(target: Path) -> None:
    build(target, {"a.py": "1"})

    def fail() -> None:
        with Output(target) as output:
            output.write("a.py", b"2")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert contents(target) == {"a.py": "1"}


def test_an_empty_folder_is_taken(target: Path) -> None:
    target.mkdir(parents=True)
    build(target, {"a.py": "1"})
    assert contents(target) == {"a.py": "1"}


def test_modes_are_those_of_ordinary_files(target: Path) -> None:
    umask = os.umask(0o022)
    try:
        secret = target.parent.parent / "secret"
        secret.write_text("x")
        secret.chmod(0o600)
        with Output(target) as output:
            output.write("sub/a.py", b"")
            output.copy("b.txt", secret)
            output.install()
        assert [stat.S_IMODE((target / p).stat().st_mode) for p in (".", "sub", "sub/a.py", "b.txt")] == [
            0o755,
            0o755,
            0o644,
            0o644,
        ]
        target.chmod(0o2775)
        build(target, {"c.py": ""})
        assert stat.S_IMODE(target.stat().st_mode) == 0o2775
    finally:
        os.umask(umask)


def test_copies_follow_the_content(target: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for content in ("one", "two", "two"):
        source.write_text(content)
        with Output(target) as output:
            output.copy("x.txt", source)
            output.install()
        assert (target / "x.txt").read_text() == content
    assert output.changes.unchanged == ["x.txt"]


def test_a_text_under_a_second_name_follows_the_first(target: Path, tmp_path: Path) -> None:
    source, other = tmp_path / "a.md", tmp_path / "b.md"
    source.write_text("one")
    other.symlink_to(source)

    def linked() -> Output:
        with Output(target) as output:
            output.link("a.md", source)
            output.link("b.md", other)
            output.install()
        return output

    assert linked().changes.written == ["a.md", "b.md"]
    assert (target / "a.md").samefile(source)
    assert not (target / "b.md").is_symlink()
    source.write_text("two")
    assert linked().changes.unchanged == ["a.md", "b.md"]
    source.unlink()
    source.write_text("three")
    assert linked().changes.written == ["a.md", "b.md"]
    assert (target / "b.md").read_text() == "three"


def test_a_link_in_the_old_build_is_not_kept(target: Path, tmp_path: Path) -> None:
    build(target, {"a.py": "1"})
    (tmp_path / "elsewhere").write_text("1")
    (target / "a.py").unlink()
    (target / "a.py").symlink_to(tmp_path / "elsewhere")
    build(target, {"a.py": "1", "b.py": ""})
    assert not (target / "a.py").is_symlink()
    assert (tmp_path / "elsewhere").read_text() == "1"


def test_a_link_to_the_build_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "build")
    build(tmp_path / "build", {"a.py": "1"})
    build(tmp_path / "link", {"a.py": "2"})
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "build") == {"a.py": "2"}


# ---------------------------------------------------------------- killed runs


_KILLED = """
import os, signal, sys
from pathlib import Path
from pyastro.compiler.project import exchange
from pyastro.compiler.project.output import Output

def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)

moment = sys.argv[2]
if moment != "writing":
    exchange._renameat2 = lambda: None
    rename, count = Path.rename, [0]
    def counting(self, to):
        if count[0] == int(moment):
            die()
        count[0] += 1
        return rename(self, to)
    Path.rename = counting
with Output(Path(sys.argv[1])) as output:
    output.write("a.py", b"new")
    if moment == "writing":
        die()
    output.install()
    die()
"""


@pytest.mark.parametrize(
    ("moment", "expected"), [("writing", "old"), ("0", "old"), ("1", "new"), ("2", "new"), ("3", "new")]
)
def test_a_killed_run_leaves_a_whole_build(tmp_path: Path, moment: str, expected: str) -> None:
    """Killed while it writes, and before each of its renames; the next command puts it right."""
    target = tmp_path / "out/build"
    build(target, {"a.py": "old"})
    done = subprocess.run([sys.executable, "-c", _KILLED, str(target), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    exchange.recover(target)
    assert contents(target) == {"a.py": expected}
    build(target, {"a.py": "newest"})
    assert contents(tmp_path / "out") == {"build/a.py": "newest"}


def test_the_folder_of_a_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "build"
    with Output(target) as first:
        first.write("a.py", b"1")
        build(target, {"b.py": "2"})
        assert first.folder.is_dir()
        first.install()
    assert contents(target) == {"a.py": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_damaged_journal_is_forgotten(tmp_path: Path) -> None:
    journal = tmp_path / ".build.pyastro-journal"
    for text in ("", "[]", "{}", '{"new": 1, "old": 2}'):
        journal.write_text(text)
        exchange.recover(tmp_path / "build")
        assert not journal.exists()


def test_a_journal_names_only_what_stands_beside_the_build(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.build.pyastro-journal").write_text(json.dumps({"new": "../victim", "old": "../victim"}))
    exchange.recover(tmp_path / "out/build")
    assert victim.is_dir()


# ---------------------------------------------------------------- folders that are refused


def refused(output: Path, pages: Path) -> str:
    with pytest.raises(ProjectError) as caught:
        check_output(output, pages)
    assert caught.value.hint
    return str(caught.value)


def test_the_sources_are_never_replaced(tmp_path: Path) -> None:
    pages = tmp_path / "site/pages"
    pages.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "site")
    for output in (pages, pages.parent, tmp_path, Path("/"), tmp_path / "link"):
        assert "holds the pages" in refused(output, pages)
    assert "lies inside" in refused(pages / "build", pages)
    assert "lies inside" in refused(tmp_path / "site/public/build", pages)


def test_the_pages_of_a_link_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "real/pages").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/pages").symlink_to(tmp_path / "real/pages")
    for output in (tmp_path / "site", tmp_path / "real", tmp_path / "real/pages"):
        assert "holds the pages" in refused(output, tmp_path / "site/pages")


def test_a_folder_that_is_not_ours_is_never_emptied(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    target = tmp_path / "precious"
    target.mkdir()
    for name, text in [
        ("thesis.txt", "all of it"),
        ("manifest.json", '{"name": "an app"}'),
        ("manifest.json", "{"),
    ]:
        (target / name).write_text(text)
        assert "not empty" in refused(target, pages)
    (target / "manifest.json").write_text(MANIFEST)
    check_output(target, pages)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "build").touch()
    assert "is a file" in refused(tmp_path / "build", tmp_path / "pages")


def test_a_mount_point_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path).endswith("build"))
    assert "mount point" in refused(tmp_path / "build", tmp_path / "pages")


def test_a_folder_that_cannot_be_moved_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(new: Path, old: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    target = tmp_path / "build"
    build(target, {"a.py": "1"})
    monkeypatch.setattr(output_module, "install", busy)
    with pytest.raises(ProjectError, match="cannot be exchanged"):
        build(target, {"a.py": "2"})
    assert contents(tmp_path) == {"build/a.py": "1"}
