"""The documentation as a site, built by pyastro itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.links import dead_links

pytest.importorskip("markdown_it")
ROOT = Path(__file__).parents[2]


def test_each_document_is_a_page_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pyastro.cli",
        "build",
        "website/pages",
        "--force",
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for document in (ROOT / "docs").glob("*.md"):
        page = "index.html" if document.stem == "README" else f"{document.stem}/index.html"
        assert (tmp_path / page).is_file()
    assert dead_links(tmp_path) == []
