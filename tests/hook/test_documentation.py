"""What docs/developing.md shows is run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs/developing.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}[^\n]*\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_a_component_is_imported_tested_and_covered_as_the_document_says(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "components").mkdir()
    (tmp_path / "components/Card.astro").write_text(
        "---\nclass Props:\n    title: str\n---\n<h2>{title}</h2>\n"
    )
    (program,) = blocks("python hook")
    (settings,) = blocks("toml")
    (coverage,) = blocks("ini")
    imports, call = program.split("\n\n")
    (tmp_path / "pyproject.toml").write_text(settings)
    (tmp_path / ".coveragerc").write_text(coverage)
    (tmp_path / "test_card.py").write_text(
        f"import asyncio\n\nfrom components import Card\n\n\nasync def show():\n    {call}    return html\n\n\n"
        "def test_card():\n    assert asyncio.run(show()) == '<h2>Hello</h2>'\n"
    )
    assert imports.startswith("import pyastro.hook\n")
    for command in (
        ["coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        ["coverage", "report"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning" not in done.stdout
    assert re.search(r"components/Card\.astro +\d+ +0 +100%", done.stdout), done.stdout
