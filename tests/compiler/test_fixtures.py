"""Each folder below `fixtures/` that holds an `input.astro` is a case: its module, page or error stand beside it.

`python -m pytest --update -k <case>` writes what a case gives; the diff is the review.
"""

from pathlib import Path

import pytest

from tests.compiler.fixture_site import Outcome, compile_fixture

ROOT = Path(__file__).parent.parent.parent
CASES = sorted(path.parent for path in (ROOT / "fixtures").rglob("input.astro"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(ROOT / "fixtures")))
def test_fixture(case: Path, tmp_path: Path, update: bool) -> None:
    outcome = compile_fixture(case, tmp_path)
    if update:
        _write(case, outcome)
    if (case / "error.txt").exists():
        assert outcome.said == (case / "error.txt").read_text()
        return
    assert outcome.module is not None, outcome.said
    assert outcome.page is not None
    warnings = case / "warning.txt"
    assert outcome.said == (warnings.read_text() if warnings.exists() else "")
    assert outcome.page == (case / "page.html").read_bytes().decode()
    if (case / "module.py").exists():
        assert outcome.module == (case / "module.py").read_text()


def _write(case: Path, outcome: Outcome) -> None:
    for name in ("error.txt", "warning.txt", "page.html", "module.py"):
        (case / name).unlink(missing_ok=True)
    if outcome.module is None:
        (case / "error.txt").write_text(outcome.said)
        return
    (case / "page.html").write_bytes((outcome.page or "").encode())
    (case / "module.py").write_text(outcome.module)
    if outcome.said:
        (case / "warning.txt").write_text(outcome.said)


def test_there_are_cases() -> None:
    assert len(CASES) > 40
