import json
import sys
from pathlib import Path

import pytest

from pyastro.runtime.loading import Build


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_modules_are_imported_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "json/__init__.py", "")
    write(tmp_path, "json/pages/__init__.py", "")
    write(tmp_path, "json/pages/index.py", "from ..lib import name")
    write(tmp_path, "json/lib.py", "name = 'x'")
    write(tmp_path, "json/broken.py", "1 / 0")
    build = Build(tmp_path / "json")
    assert build.name not in sys.modules
    module = build.module("pages.index")
    assert module.name == "x"
    assert build.module("pages.index") is module
    assert sys.modules["json"] is json
    with pytest.raises(ZeroDivisionError):
        build.module("broken")
    with pytest.raises(ModuleNotFoundError):
        build.module("missing")
    build.unload()


def test_a_folder_without_init_and_two_builds(tmp_path: Path) -> None:
    write(tmp_path, "a/pages/index.py", "n = 1")
    write(tmp_path, "b/pages/index.py", "n = 2")
    first, second = Build(tmp_path / "a"), Build(tmp_path / "b")
    assert (first.module("pages.index").n, second.module("pages.index").n) == (1, 2)


def test_unloading(tmp_path: Path) -> None:
    write(tmp_path, "build/__init__.py", "")
    write(tmp_path, "build/m.py", "things = []")
    build = Build(tmp_path / "build")
    first = build.module("m")
    build.unload()
    assert not [name for name in sys.modules if name.startswith(build.name)]
    assert build.module("m") is not first


def test_a_broken_package_is_not_left_behind(tmp_path: Path) -> None:
    write(tmp_path, "build/__init__.py", "1 / 0")
    build = Build(tmp_path / "build")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            build.module("m")
    assert build.name not in sys.modules
