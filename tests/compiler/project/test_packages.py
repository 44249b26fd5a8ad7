import ast
import importlib
import sys
from pathlib import Path

import pytest

from pyastro.compiler.project.packages import completed_initializer, generated_initializer, package_members
from pyastro.compiler.project.python_file import PythonFile


def test_members() -> None:
    assert package_members(["pages.index", "pages.blog.param_id", "middleware"]) == {
        "": ["middleware", "pages"],
        "pages": ["blog", "index"],
        "pages.blog": ["param_id"],
    }


def test_the_modules_of_a_folder_are_attributes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "generated_package"
    package.mkdir()
    (package / "__init__.py").write_text(generated_initializer("generated_package", ["Card", "name"]))
    (package / "Card.py").write_text("from . import name")
    (package / "name.py").write_text("x = 1")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("generated_package")
    assert "generated_package.Card" not in sys.modules
    assert module.Card.name.x == 1
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = module.Nothing


def test_a_generated_initializer_is_python() -> None:
    ast.parse(generated_initializer("", ["a"]))
    assert generated_initializer("a.b", ["c"]).startswith('"""a/b/, compiled by pyastro')


@pytest.mark.parametrize("text", ["", "x = 1", "'''Words.'''\n", "from __future__ import annotations\n"])
def test_an_authors_initializer_keeps_its_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "__init__.py").write_text(text)
    file = PythonFile.read(tmp_path, "__init__.py")
    completed = completed_initializer(file, text, ["Card", "é"])
    assert completed.startswith(text)
    assert completed.isascii()
    compile(completed, "x", "exec")


def test_an_initializer_that_cares_for_attributes_stays(tmp_path: Path) -> None:
    text = "def __getattr__(name): ..."
    (tmp_path / "__init__.py").write_text(text)
    assert completed_initializer(PythonFile.read(tmp_path, "__init__.py"), text, ["Card"]) == text
