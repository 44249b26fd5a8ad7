"""The distribution: its packages, and that its wheel works where nothing else of this checkout is."""

import os
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("cli", "compiler", "grammar", "runtime")
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


def test_the_wheel_works_on_its_own(tmp_path: Path) -> None:
    """Built, installed in a fresh environment, its command compiles and serves a page. The dependencies are borrowed."""
    python = _install(tmp_path)
    (tmp_path / "site/pages").mkdir(parents=True)
    (tmp_path / "site/pages/index.astro").write_text("---\nwho = 'wheel'\n---\n<h1>Hello, {who}</h1>\n")
    command = str(python.parent / "pyastro")
    run([command, "compile", "pages", "-o", "build"], tmp_path / "site")
    where = run([str(python), "-c", "import pyastro.runtime as r; print(r.__file__)"], tmp_path / "site")
    assert where.startswith(str(tmp_path))
    assert "Hello, wheel" in _served(command, tmp_path / "site")


def _source(folder: Path) -> Path:
    """A copy of what goes into the distribution: setuptools leaves its work where it builds."""
    copy = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    return copy


def _install(folder: Path) -> Path:
    source = str(_source(folder))
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        source,
    ]
    has_setuptools = subprocess.run(
        [sys.executable, "-c", "import setuptools"], capture_output=True, check=False
    )
    if has_setuptools.returncode or not _is_new_enough():
        build.remove("--no-build-isolation")
    run(build, folder)
    run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    python = folder / "venv/bin/python"
    run([str(python), "-m", "pip", "install", "-q", "--no-deps", *map(str, folder.glob("*.whl"))], folder)
    (wheel_packages,) = (folder / "venv/lib").glob("python*/site-packages")
    import aiohttp

    # an editable install of this checkout lies beside the dependencies; its hook is no path, so it is not borrowed
    (wheel_packages / "borrowed.pth").write_text(str(Path(aiohttp.__file__).parent.parent))
    return python


def _is_new_enough() -> bool:
    code = "import setuptools; print(setuptools.__version__)"
    version = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return int(version.split(".")[0]) >= 77


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
