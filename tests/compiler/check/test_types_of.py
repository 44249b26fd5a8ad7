"""A checker finds `pyastro.runtime`, however it is installed and whatever its folder is called."""

import shutil
import sysconfig
from pathlib import Path

import pytest

import pyastro.runtime
from pyastro.compiler.check.check import check_project, types_of

RUNTIME = Path(str(pyastro.runtime.__file__)).parent


def folder_of(runtime: Path) -> Path:
    """A runtime that stands in this folder."""
    runtime.mkdir(parents=True)
    (runtime / "__init__.py").touch()
    return runtime


def test_a_clone_that_is_called_pyastro_is_linked(tmp_path: Path) -> None:
    runtime = folder_of(tmp_path / "pyastro" / "runtime")
    types = types_of(tmp_path / "check", runtime)
    assert (types / "pyastro" / "runtime").resolve() == runtime


def test_the_packages_beside_it_are_found_too(tmp_path: Path) -> None:
    runtime = folder_of(tmp_path / "clone" / "runtime")
    assert not (types_of(tmp_path / "check", runtime) / "pyastro/feeds").exists()
    for name, is_typed in {"feeds": True, "notes": False}.items():
        (runtime.parent / name).mkdir()
        (runtime.parent / name / ("py.typed" if is_typed else "__init__.py")).touch()
    types = types_of(tmp_path / "check", runtime)
    assert sorted(each.name for each in (types / "pyastro").iterdir()) == ["feeds", "runtime"]


def test_what_is_in_site_packages_is_not_linked_and_an_older_link_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    types_of(tmp_path / "check", folder_of(tmp_path / "clone" / "runtime"))
    installed = folder_of(tmp_path / "lib" / "site-packages" / "pyastro" / "runtime")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(installed.parent.parent))
    types = types_of(tmp_path / "check", installed)
    assert not (types / "pyastro").exists()


@pytest.mark.slow
def test_a_site_is_checked_with_a_clone_that_is_called_pyastro(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "pyastro"
    shutil.copytree(RUNTIME, clone / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    pages = tmp_path / "site" / "pages"
    pages.mkdir(parents=True)
    (pages / "index.astro").write_text("---\nname: int = await Astro.session.name()\n---\n<p>{name}</p>\n")
    monkeypatch.chdir(pages.parent)
    found = check_project(pages, clone / "runtime").diagnostics
    assert [each.message for each in found] == ['"Session" has no attribute "name".']
