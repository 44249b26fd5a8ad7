"""`pyastro new`: what it writes works at once, and nothing is overwritten."""

import os
import pty
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import black
import pytest

from pyastro.cli import main
from pyastro.cli.scaffold import TEMPLATES
from pyastro.compiler.project import compile_project

Captured = pytest.CaptureFixture[str]

ALWAYS = {
    ".editorconfig",
    ".gitignore",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    "README.md",
    "pages/index.astro",
    "public/favicon.svg",
    "pyproject.toml",
    "tests/test_site.py",
}


@pytest.mark.slow
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_compiles_without_a_word_and_passes_its_tests(
    template: str, tmp_path: Path, capsys: Captured
) -> None:
    folder = tmp_path / "My First_site"
    assert main(["new", str(folder), "--template", template]) == 0
    assert f"cd {shlex.quote(str(folder))}\n  pyastro dev\n" in capsys.readouterr().out
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written >= ALWAYS
    assert tomllib.loads((folder / "pyproject.toml").read_text())["project"]["name"] == "my-first-site"
    report = compile_project(folder / "pages", tmp_path / "build")
    assert (report.diagnostics, report.warnings) == ([], [])
    for path in folder.rglob("*.py"):
        text = path.read_text()
        assert black.format_str(text, mode=black.Mode(line_length=120)) == text, path
    for command in ("build", "check", "routes"):
        run = [sys.executable, "-m", "pyastro.cli", command]
        done = subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "dist").is_dir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "README.md" in written
    named = {path for path in written if not path.startswith(".")}
    assert all((folder / name).exists() for name in _named((folder / "README.md").read_text())), named


def _named(readme: str) -> list[str]:
    """The files that a README's table tells of."""
    rows = [line.split("|")[1].strip() for line in readme.splitlines() if line.startswith("| `")]
    assert rows
    return [row.strip("`") for row in rows]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["new", str(tmp_path)]) == 2
    assert "is not empty: thesis.txt. Nothing was written." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert main(["new", str(tmp_path / "thesis.txt")]) == 2
    assert "is a file." in capsys.readouterr().err


def test_an_empty_repository_is_a_good_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["new", "."]) == 0
    assert "cd " not in capsys.readouterr().out
    assert (tmp_path / "pages/index.astro").exists()


def test_a_script_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new"]) == 2
    assert "pyastro new my-site" in capsys.readouterr().err
    assert main(["new", "site"]) == 0
    assert (tmp_path / "site/components/Greeting.astro").exists()


def test_a_person_is_asked(tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "pyastro.cli", "new"])
    os.write(terminal, b"here\nnonsense\nblog\n")
    said = b""
    try:
        while block := os.read(terminal, 4096):
            said += block
    except OSError:
        pass
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said
    assert b"Folder [my-site]:" in said
    assert b"There is no template nonsense." in said
    assert (tmp_path / "here/lib/posts.py").exists()
