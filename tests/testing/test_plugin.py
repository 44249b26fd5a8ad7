"""The pytest plug-in, as a project of its own uses it."""

import re
import subprocess
import sys
from pathlib import Path

TEST = """
from pyastro.testing import Client


def test_one(pyastro_client: Client) -> None:
    assert pyastro_client.get("/").one("h1").text == "Hello"
    pyastro_client.cookies["a"] = "b"


def test_two(pyastro_client: Client) -> None:
    assert pyastro_client.cookies == {}
"""


DOCUMENT = (Path(__file__).parents[2] / "docs/testing.md").read_text("utf-8")


def run(folder: Path) -> str:
    """What pytest prints for the project in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def write_project(folder: Path, page: str) -> None:
    (folder / "site/pages").mkdir(parents=True)
    (folder / "site/pages/index.astro").write_text(page)
    (folder / "pytest.ini").write_text("[pytest]\npyastro_pages = site/pages\nfilterwarnings = error\n")
    (folder / "test_site.py").write_text(TEST)


def test_the_site_is_compiled_and_asked(tmp_path: Path) -> None:
    write_project(tmp_path, "<h1>Hello</h1>")
    assert "2 passed" in run(tmp_path)
    assert not (tmp_path / "site/build").exists()


def test_a_site_that_does_not_compile_says_why(tmp_path: Path) -> None:
    write_project(tmp_path, "<h1>{</h1>")
    out = run(tmp_path)
    assert "2 errors" in out
    assert "The site does not compile:" in out
    assert "pages/index.astro:1:" in out


def test_the_tests_of_the_documentation_pass(tmp_path: Path) -> None:
    for name, text in re.findall(r"^```\w+ (\S+)\n((?s:.*?))^```$", DOCUMENT, re.MULTILINE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert "2 passed" in run(tmp_path)
