"""The completion scripts, run by their shells where these are there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pyastro.cli import main

Captured = pytest.CaptureFixture[str]


def script(shell: str, capsys: Captured) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def shell_path(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"there is no {shell} here")
    return found


def run(shell: str, *arguments: str, given: str | None = None, folder: Path | None = None) -> str:
    command = [shell_path(shell), *arguments]
    done = subprocess.run(
        command, input=given, cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pyastro ro", ["routes"]),
        ("pyastro dev --po", ["--port"]),
        ("pyastro new site --template ", ["minimal", "blog", "shop"]),
        ("pyastro completion ", ["bash", "zsh", "fish"]),
        ("pyastro compile pa", ["pages"]),
        ("pyastro --v", ["--version"]),
    ],
)
def test_bash(line: str, expected: list[str], tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "pages").mkdir()
    words = line.split(" ")
    given = (
        f"{script('bash', capsys)}\nCOMP_WORDS=({' '.join(repr(word) for word in words)})\n"
        f"COMP_CWORD={len(words) - 1}\n_pyastro\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    )
    assert run("bash", "--norc", given=given, folder=tmp_path).split() == expected


def test_zsh_takes_it(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "_pyastro").write_text(script("zsh", capsys))
    run("zsh", "-f", "-n", str(tmp_path / "_pyastro"))
    loaded = run(
        "zsh",
        "-f",
        "-c",
        f"fpath=({tmp_path} $fpath); autoload -U compinit; compinit -D; print $_comps[pyastro]",
    )
    assert loaded == "_pyastro\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [("pyastro ro", "routes"), ("pyastro dev --po", "--port"), ("pyastro new site --template ", "blog")],
)
def test_fish(line: str, expected: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "pyastro.fish").write_text(script("fish", capsys))
    out = run("fish", "--no-config", "-c", f"source {tmp_path}/pyastro.fish; complete -C '{line}'")
    assert expected in [row.split("\t")[0] for row in out.splitlines()]


def test_each_command_is_in_each_script(capsys: Captured) -> None:
    for shell in ("bash", "zsh", "fish"):
        text = script(shell, capsys)
        for command in ("new", "dev", "compile", "check", "serve", "info"):
            assert command in text
