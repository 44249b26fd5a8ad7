import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pyastro.cli import main

Captured = pytest.CaptureFixture[str]


def test_version(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pyastro {version('pyastro-web')}\n"


def test_help_teaches(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for words in ("compile", "serve", "routes", "examples:", "pages/index.astro"):
        assert words in out


@pytest.mark.parametrize("command", ["compile", "serve", "routes"])
def test_each_command_has_help_with_an_example(command: str, capsys: Captured) -> None:
    assert main([command, "--help"]) == 0
    assert f"  pyastro {command} " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["compile", "--nonsense"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
        ["serve", "--workers", "0"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: Captured) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: pyastro" in err


_IMPORTED = """
import sys
from pyastro.cli import main
status = main(sys.argv[1:])
heavy = {"aiohttp", "asyncio", "lark", "black", "jinja2", "pyastro.compiler", "pyastro.runtime"} & set(sys.modules)
print(status, *sorted(heavy), file=sys.stderr)
"""


def imported(cwd: Path, *arguments: str) -> list[str]:
    """The status of a command, and what it imported of that which takes long."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    return done.stderr.split("\n")[-2].split()


def test_help_and_version_import_nothing_heavy(tmp_path: Path) -> None:
    assert imported(tmp_path, "--help") == ["0"]
    assert imported(tmp_path, "--version") == ["0"]
    assert imported(tmp_path, "serve", "--help") == ["0"]


def test_compile_imports_neither_the_runtime_nor_its_server(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>x</p>")
    status, *heavy = imported(tmp_path, "compile")
    assert status == "0"
    assert not {"aiohttp", "pyastro.runtime"} & set(heavy)
    status, *heavy = imported(tmp_path, "compile")
    assert (status, heavy) == ("0", ["pyastro.compiler"])


def test_routes_import_no_compiler(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>x</p>")
    main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")])
    status, *heavy = imported(tmp_path, "routes")
    assert status == "0"
    assert not {"aiohttp", "lark", "black", "pyastro.compiler"} & set(heavy)


def test_a_reader_that_has_enough_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>x</p>")
    main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")])
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", "routes", "build"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert err == b""
