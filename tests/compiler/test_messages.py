"""Every message of the compiler has a case that gives it, at its exact place."""

import re
import sys
from pathlib import Path

import pytest

from pyastro.compiler import Source
from pyastro.compiler.project import compile_project
from tests.test_docs import diagnostic_codes

ROOT = Path(__file__).parent.parent.parent

WITHOUT_FIXTURE = {
    "sass-package",
    "compiler-failure",
    "image-damaged",
    "image-package",
    "markdown-package",
    "too-complex",
    "unreadable-source",
    "unusable-file-name",
}
"""What no file of a repository can give: tests make it."""


def codes_of_fixtures() -> set[str]:
    """The codes that some fixture's expectations show."""
    said = [*ROOT.glob("fixtures/**/error.txt"), *ROOT.glob("fixtures/**/warning.txt")]
    return {
        code
        for path in said
        for code in re.findall(
            r"^\S.*: (?:error|warning): .* \[([a-z0-9-]+)\]$", path.read_text(), re.MULTILINE
        )
    }


def test_every_code_has_a_fixture() -> None:
    missing = diagnostic_codes() - codes_of_fixtures() - WITHOUT_FIXTURE
    assert not missing, f"fixtures/errors: add a case that gives {sorted(missing)}"
    stale = codes_of_fixtures() - diagnostic_codes()
    assert not stale, f"fixtures/errors: nothing gives {sorted(stale)} any more"


def test_a_code_has_a_fixture_or_a_test() -> None:
    assert not WITHOUT_FIXTURE & codes_of_fixtures()
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests/compiler").rglob("test_*.py"))
    for code in WITHOUT_FIXTURE:
        assert f'== ["{code}"]' in tests or f'== [("{code}"' in tests, code


def said(root: Path) -> list[str]:
    """The codes of what is said about a site."""
    return [d.code for d in compile_project(root / "pages", root.parent / "build").diagnostics]


def test_markdown_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site/pages"
    folder.mkdir(parents=True)
    (folder / "post.md").write_text("# A post\n")
    monkeypatch.setitem(sys.modules, "pyastro.markdown", None)
    assert said(folder.parent) == ["markdown-package"]


def test_python_that_is_nested_too_deeply(tmp_path: Path) -> None:
    folder = tmp_path / "site/pages"
    folder.mkdir(parents=True)
    (folder / "api.py").write_text("x = " + "-" * 100_000 + "1\n\n\ndef GET(context): ...\n")
    assert said(folder.parent) == ["too-complex"]


def test_a_source_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: Path, path: str) -> Source:
        raise OSError(5, "Input/output error")

    folder = tmp_path / "site/pages"
    folder.mkdir(parents=True)
    (folder / "index.astro").write_text("<p/>")
    monkeypatch.setattr(Source, "read", fail)
    assert said(folder.parent) == ["unreadable-source"]
