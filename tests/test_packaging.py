"""The distribution: its packages, and that its wheel works where nothing else of this checkout is."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import aiohttp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "adapters",
    "asgi",
    "assets",
    "awslambda",
    "cli",
    "compiler",
    "content",
    "dev",
    "feeds",
    "grammar",
    "hook",
    "javascript",
    "markdown",
    "minify",
    "prerender",
    "runtime",
    "testing",
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_folder_is_a_package() -> None:
    """A package that `pyproject.toml` does not list would be missing in the wheel, and only there."""
    folders = {
        "pyastro." + ".".join(path.parent.relative_to(ROOT).parts)
        for name in PACKAGES
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders


def test_types_are_marked_and_seen() -> None:
    for name in PACKAGES:
        assert (ROOT / name / "py.typed").exists()
        assert (ROOT / "typings/pyastro" / name).resolve() == ROOT / name


DISTRIBUTIONS = {"PIL": "pillow", "sass": "libsass", "markdown_it": "markdown_it_py", "yaml": "pyyaml"}
"""Modules that are called otherwise than what brings them."""


def test_every_library_that_is_imported_is_a_dependency() -> None:
    used = {
        name.partition(".")[0]
        for name in PACKAGES
        for path in (ROOT / name).rglob("*.py")
        for name in imported(ast.parse(path.read_text("utf-8")))
    }
    lists = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    declared = {re.match(r"[\w-]+", each)[0].replace("-", "_") for each in chain(*lists)}  # type: ignore[index]  # each has a name
    part_of_aiohttp = {"multidict"}
    brought_by_hosts = {"js", "pyodide", "snapshot_restore_py"}
    used = {DISTRIBUTIONS.get(name, name) for name in used}
    assert used - sys.stdlib_module_names - {"pyastro"} <= declared | part_of_aiohttp | brought_by_hosts


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that are imported anywhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


@pytest.mark.slow
def test_the_wheel_works_on_its_own(tmp_path: Path) -> None:
    """Installed in a fresh environment, its command compiles and serves a page. The libraries are borrowed."""
    wheel, site = _wheel(tmp_path), tmp_path / "site"
    assert _files(wheel) == _expected_files()
    scripts = _install(wheel, tmp_path / "venv")
    (site / "pages").mkdir(parents=True)
    (site / "pages/index.astro").write_text("---\nwho = 'wheel'\n---\n<h1>Hello, {who}</h1>\n")
    run([str(scripts / "pyastro"), "compile", "pages", "-o", "build"], site)
    where = run([str(scripts / "python"), "-c", "import pyastro.runtime as r; print(r.__file__)"], site)
    assert where.startswith(str(tmp_path))
    assert "Hello, wheel" in _served(str(scripts / "pyastro"), site)


def _files(wheel: Path) -> set[str]:
    """What a wheel brings to the packages."""
    return {name for name in ZipFile(wheel).namelist() if name.startswith("pyastro/")}


def _expected_files() -> set[str]:
    return {
        f"pyastro/{path.relative_to(ROOT).as_posix()}"
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _source(folder: Path) -> Path:
    """A copy of what goes into the distribution: setuptools leaves its work where it builds."""
    copy = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    return copy


def _wheel(folder: Path) -> Path:
    """The wheel, built with the setuptools of this environment where it is new enough, else with one that pip gets."""
    isolation = ["--no-build-isolation"] if _has_new_setuptools() else []
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *isolation, "-w", str(folder)]
    run([*build, str(_source(folder))], folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _has_new_setuptools() -> bool:
    try:
        return int(version("setuptools").split(".")[0]) >= 77
    except PackageNotFoundError:
        return False


def _install(wheel: Path, folder: Path) -> Path:
    """The `bin` folder of a fresh environment that holds the wheel and borrows the libraries of this one."""
    run([sys.executable, "-m", "venv", str(folder)], folder.parent)
    run([str(folder / "bin/python"), "-m", "pip", "install", "-q", "--no-deps", str(wheel)], folder)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # An editable install of this checkout lies beside the libraries; its hook is no path, so it is not borrowed.
    (packages / "borrowed.pth").write_text(str(Path(aiohttp.__file__).parent.parent))
    return folder / "bin"


def _served(command: str, site: Path) -> str:
    process = subprocess.Popen(
        [command, "serve", "build", "--port", "0"],
        cwd=site,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://"))
        with urllib.request.urlopen(url, timeout=10) as response:
            return str(response.read().decode())
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=180, env=_environment(), check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
