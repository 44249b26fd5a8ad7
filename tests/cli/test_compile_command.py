import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyastro.cli import compile_command, main

Captured = pytest.CaptureFixture[str]


def write(root: Path, **pages: str) -> Path:
    (root / "pages").mkdir(exist_ok=True)
    for name, text in pages.items():
        (root / "pages" / f"{name}.astro").write_text(text)
    return root / "pages"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path, index="<h1>Hello</h1>\n", about="<p>about</p>\n")


def test_a_compilation_is_one_line(site: Path, capsys: Captured) -> None:
    assert main(["compile", str(site), "-o", str(site.parent / "build")]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"Compiled 2 components in \d+\.\d s\n", out)
    assert err == ""
    assert (site.parent / "build/pages/index.py").is_file()


def test_what_is_unchanged_is_counted(site: Path, capsys: Captured) -> None:
    arguments = ["compile", str(site), "--output", str(site.parent / "build")]
    main(arguments)
    write(site.parent, about="<p>more</p>\n")
    main(arguments)
    assert re.search(r"Compiled 1 component in \d+\.\d s \(1 unchanged\)\n$", capsys.readouterr().out)


def test_a_run_that_reads_and_writes_the_same_is_spared(
    site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.parent)
    (site.parent / "public").mkdir()
    (site.parent / "public/a.txt").write_text("a")

    def compiled() -> tuple[str, bool]:
        """What is said of a run, without its time, and whether it looked at the site."""
        looked = []
        with monkeypatch.context() as patch:
            real = compile_command._compiled
            patch.setattr(compile_command, "_compiled", lambda *each: (looked.append(1), real(*each))[1])
            assert main(["compile"]) == 0
        return re.sub(r" in \d+\.\d s", "", capsys.readouterr().out).strip(), bool(looked)

    assert compiled() == ("Compiled 2 components", True)
    assert compiled() == ("Compiled 0 components (2 unchanged)", False)
    write(site.parent, about="<p>more</p>\n")
    assert compiled() == ("Compiled 1 component (1 unchanged)", True)
    assert compiled() == ("Compiled 0 components (2 unchanged)", False)
    for change in (
        lambda: (site / "new.astro").write_text("<p>new</p>"),
        lambda: (site / "new.astro").unlink(),
        lambda: (site.parent / "build/pages/index.py").write_text("# changed"),
        lambda: shutil.rmtree(site.parent / "build"),
        lambda: (site.parent / "pyastro.toml").write_text('site = "https://example.org"'),
        lambda: (site.parent / "public/b.txt").write_text("b"),
        lambda: (site.parent / "public/a.txt").write_text("other"),
        lambda: (site.parent / ".pyastro/compiled.json").write_text("{"),
        lambda: monkeypatch.setenv("PYASTRO_TEST", "other"),
    ):
        change()
        assert compiled()[1]
        assert not compiled()[1]
    assert "other" in (site.parent / "build/public/a.txt").read_text()


def test_warnings_are_said_each_time(site: Path, capsys: Captured) -> None:
    write(site.parent, index="<p></b></p>")
    for _ in range(3):
        assert main(["compile", str(site), "-o", str(site.parent / "build")]) == 0
        assert "warning" in capsys.readouterr().err


def test_how_components_are_written_is_no_other_runs_affair(site: Path) -> None:
    arguments = ["compile", str(site), "-o", str(site.parent / "build")]
    texts = []
    for extra in ([], ["--no-inline"], ["--no-inline"], []):
        assert main([*arguments, *extra]) == 0
        texts.append([path.read_bytes() for path in sorted((site.parent / "build").glob("*.json"))])
    assert texts[0] == texts[3] != texts[1] == texts[2]


def test_the_usual_folders_need_not_be_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.parent)
    assert main(["compile"]) == 0
    assert (site.parent / "build/pages/index.py").is_file()


def test_errors_have_their_place_and_their_line(site: Path, capsys: Captured) -> None:
    write(site.parent, index="<p>\n  {x +}\n</p>\n", about="<p {...y} />\n")
    assert main(["compile", str(site), "-o", str(site.parent / "build")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "pages/index.astro:2:" in err
    assert "  {x +}" in err
    assert "pages/about.astro:1:" in err
    assert "hint:" in err
    assert err.endswith("2 errors. Nothing was written.\n")
    assert "\x1b" not in err
    assert "Traceback" not in err


def test_what_concerns_a_whole_file_shows_no_line(site: Path, capsys: Captured) -> None:
    (site / "index").mkdir()
    (site / "about/index.astro").parent.mkdir()
    (site / "about/index.astro").write_text("<p>other</p>")
    assert main(["compile", str(site), "-o", str(site.parent / "build")]) == 1
    err = capsys.readouterr().err
    assert err.startswith(
        "pages/about.astro:1:1: error: `pages/about.astro` and `pages/about/index.astro` both answer"
    )
    assert "<p>" not in err


def test_warnings_do_not_stop(site: Path, capsys: Captured) -> None:
    write(site.parent, index="<p></b></p>")
    assert main(["compile", str(site), "-o", str(site.parent / "build")]) == 0
    out, err = capsys.readouterr()
    assert "warning" in err
    assert out.startswith("Compiled")


def test_the_old_build_is_told_to_be_there(site: Path, capsys: Captured) -> None:
    build = str(site.parent / "build")
    main(["compile", str(site), "-o", build])
    write(site.parent, index="{")
    assert main(["compile", str(site), "-o", build]) == 1
    assert capsys.readouterr().err.endswith(f"1 error. {build} is as it was.\n")


def test_wrong_folders_are_one_sentence(site: Path, capsys: Captured) -> None:
    (site.parent / "precious").mkdir()
    (site.parent / "precious/file").touch()
    for arguments in (
        [str(site.parent / "nothing")],
        [str(site / "index.astro")],
        [str(site), "-o", str(site)],
        [str(site), "-o", str(site.parent / "precious")],
        [str(site), "-o", str(site / "index.astro")],
    ):
        assert main(["compile", *arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert re.fullmatch(r"error: .*\.\n  hint: .*\n", err)
    assert (site.parent / "precious/file").exists()


def test_a_folder_that_cannot_be_written(site: Path, capsys: Captured) -> None:
    (site.parent / "file").touch()
    assert main(["compile", str(site), "-o", str(site.parent / "file/build")]) == 1
    assert re.fullmatch(r"error: The build cannot be written: .*\n", capsys.readouterr().err)


def test_an_interruption(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pyastro.compiler.project.compile_project", interrupt)
    assert main(["compile", str(site)]) == 130


def run_on_terminal(arguments: list[str], **environment: str) -> str:
    """What the command writes when its error stream is a terminal."""
    leader, follower = pty.openpty()
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", *arguments],
        stderr=follower,
        stdout=follower,
        env=env | environment,
    )
    os.close(follower)
    written = b""
    while True:
        try:
            block = os.read(leader, 65536)
        except OSError:
            break
        if not block:
            break
        written += block
    process.wait()
    os.close(leader)
    return written.decode()


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_are_for_terminals(site: Path, environment: dict[str, str], is_coloured: bool) -> None:
    write(site.parent, index="{")
    written = run_on_terminal(["compile", str(site), "-o", str(site.parent / "build")], **environment)
    assert ("\x1b[" in written) == is_coloured
    assert "pages/index.astro:1:1" in written


def test_the_command_stands_alone(site: Path) -> None:
    command = shutil.which("pyastro", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run(
        [command, "compile", "pages/", "-o", "build/"],
        cwd=site.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Compiled 2 components")


def test_a_build_that_was_removed_is_not_compiled_again(tmp_path: Path, capsys: Captured) -> None:
    pages = tmp_path / "pages"
    (tmp_path / "components").mkdir()
    pages.mkdir()
    (tmp_path / "components/Card.astro").write_text("<p><slot /></p>\n<style>p { color: red }</style>")
    (pages / "index.astro").write_text("---\nfrom ..components import Card\n---\n<Card>x</Card>")
    (pages / "other.astro").write_text("<p>other</p>")
    command = ["compile", str(pages), "-o", str(tmp_path / "build")]
    assert main(command) == 0
    first = contents(tmp_path / "build")
    shutil.rmtree(tmp_path / "build")
    (pages / "other.astro").write_text("<p>changed</p>")
    capsys.readouterr()
    assert main(command) == 0
    assert "Compiled 1 component" in capsys.readouterr().out
    again = contents(tmp_path / "build")
    assert again.keys() == first.keys()
    assert [name for name, data in again.items() if data != first[name] and name.endswith(".py")] == [
        "pages/other.py"
    ]
    (tmp_path / ".pyastro/compiled/pages/index.py").unlink()  # nothing depends on what is kept
    (tmp_path / ".pyastro/compiled/pages/other.py").write_text("damaged")
    shutil.rmtree(tmp_path / "build")
    assert main(command) == 0
    assert contents(tmp_path / "build") == again


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
