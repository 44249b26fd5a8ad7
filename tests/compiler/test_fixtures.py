"""Each folder below `fixtures/` that holds an `input.astro` is a case; what it must give stands beside it.

A case below `fixtures/syntax/` has its tree in `ast.txt`. Any other has its module and its page, with the warnings if
there are some, or the errors. A module that is written otherwise for
serving is `served.py`. `python -m pytest --update -k <case>` writes what a case gives; the diff is the review. A case that only some versions
of Python can compile names them in `python.txt`: `>=3.12`, or `<3.12`. One that depends on esbuild says in `esbuild.txt`
whether it is `found` or `missing`.
"""

import sys
from pathlib import Path

import pytest

from pyastro.compiler.project.esbuild import Esbuild
from pyastro.compiler.purpose import Purpose
from tests.compiler.fixture_site import Outcome, compile_fixture
from tests.compiler.tree_text import tree_text
from tests.esbuild import has_esbuild

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
FOLDERS = sorted(path.parent for path in FIXTURES.rglob("input.astro"))
TREES = [folder for folder in FOLDERS if folder.parent.name == "syntax"]
CASES = [folder for folder in FOLDERS if folder not in TREES]


def name_of(case: Path) -> str:
    return str(case.relative_to(FIXTURES))


@pytest.mark.parametrize("case", TREES, ids=name_of)
def test_tree(case: Path, update: bool) -> None:
    found = tree_text((case / "input.astro").read_bytes().decode())
    if update:
        (case / "ast.txt").write_text(found)
    assert found == (case / "ast.txt").read_text()


def is_for_this_python(case: Path) -> bool:
    """May this version of Python compile the case?"""
    wanted = (case / "python.txt").read_text().strip() if (case / "python.txt").exists() else ">=3.11"
    is_minimum = wanted.startswith(">=")
    version = tuple(map(int, wanted.strip("<>=").split(".")))
    return (sys.version_info[:2] >= version) == is_minimum


@pytest.mark.parametrize("case", [case for case in CASES if is_for_this_python(case)], ids=name_of)
def test_case(case: Path, tmp_path: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    esbuild = (case / "esbuild.txt").read_text().strip() if (case / "esbuild.txt").exists() else None
    if esbuild == "missing":
        monkeypatch.setattr(Esbuild, "find", classmethod(lambda *_: None))
    elif esbuild == "found" and not has_esbuild():
        pytest.skip("esbuild is not installed")
    outcome = compile_fixture(case, tmp_path)
    served = developed = outcome
    if has_components(case):
        served = compile_fixture(case, tmp_path / "served", Purpose.SERVING)
        developed = compile_fixture(case, tmp_path / "developed", Purpose.DEVELOPING)
    if update:
        write(case, outcome, served)
    assert (served.said, served.page) == (outcome.said, outcome.page)
    assert (developed.said, developed.page) == (outcome.said, outcome.page)
    if (case / "error.txt").exists():
        assert outcome.said == (case / "error.txt").read_text()
        return
    assert outcome.module is not None, outcome.said
    warnings = case / "warning.txt"
    assert outcome.said == (warnings.read_text() if warnings.exists() else "")
    assert outcome.page == (case / "page.html").read_bytes().decode()
    assert outcome.module == (case / "module.py").read_text()
    copied = case / "served.py"
    assert served.module == (copied if copied.exists() else case / "module.py").read_text()


def has_components(case: Path) -> bool:
    """Does the case use a component of its own?"""
    return any(path.name != "input.astro" for path in case.rglob("*.astro"))


def write(case: Path, outcome: Outcome, served: Outcome) -> None:
    for name in ("error.txt", "warning.txt", "page.html", "module.py", "served.py"):
        (case / name).unlink(missing_ok=True)
    if outcome.module is None:
        (case / "error.txt").write_text(outcome.said)
        return
    (case / "page.html").write_bytes((outcome.page or "").encode())
    (case / "module.py").write_text(outcome.module)
    if served.module is not None and served.module != outcome.module:
        (case / "served.py").write_text(served.module)
    if outcome.said:
        (case / "warning.txt").write_text(outcome.said)


def test_there_are_cases() -> None:
    assert len(TREES) > 4
    assert len(CASES) > 40
