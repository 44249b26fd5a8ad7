"""What the pack for a server of one's own holds."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.prerender.sites import build

Captured = pytest.CaptureFixture[str]

FILES: dict[str, str | bytes] = {
    "pyastro.toml": 'adapter = "server"',
    "pages/index.astro": "<p>Hi</p>",
    "pages/about.astro": "---\nprerender = True\n---\n<p>About</p>",
}


def test_files_that_did_not_change_are_known_after_the_next_build(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    first = json.loads((tmp_path / "dist/manifest.json").read_text())
    assert build(tmp_path, {"pages/index.astro": "<p>Changed</p>"}) == 0
    second = json.loads((tmp_path / "dist/manifest.json").read_text())
    assert first["public"] == second["public"] and "about/index.html" in second["public"]


def test_the_container_gets_what_the_site_imports(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "server"\n[session]\ndriver = "cookie"',
        "pages/index.astro": "---\nfrom markdown_it import MarkdownIt\nfrom pyastro.runtime import fetch\n---\n<p>{MarkdownIt}</p>",
    }
    assert build(tmp_path, files) == 0
    lines = (tmp_path / "dist/requirements.txt").read_text().splitlines()
    assert lines == [
        f"pyastro-web[speed]=={version('pyastro-web')}",
        f"cryptography=={version('cryptography')}",
        f"markdown-it-py=={version('markdown-it-py')}",
    ]


def test_what_pip_cannot_bring_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("loneshop.py", "wholeshop/__init__.py", "wholeshop/prices.py"):
        (tmp_path / "elsewhere" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "elsewhere" / name).write_text("")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    page = "---\nimport loneshop\nfrom wholeshop import prices\n---\n<p>{loneshop}{prices}</p>"
    assert build(tmp_path / "site", {**FILES, "pages/index.astro": page}) == 0
    lines = (tmp_path / "site/dist/requirements.txt").read_text().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("#")] == ["loneshop", "wholeshop"]
    assert len(lines) == 3


def test_the_recipe_of_a_container_copies_what_is_there(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    recipe = (tmp_path / "dist/Dockerfile").read_text()
    assert re.findall(r"^COPY (\S+) ", recipe, re.MULTILINE) == ["requirements.txt", "."]
    assert (tmp_path / "dist/requirements.txt").is_file()


@pytest.mark.parametrize("name", ["asgi.py", "Dockerfile", "requirements.txt"])
def test_a_file_of_the_sites_own_is_not_replaced(name: str, tmp_path: Path, capsys: Captured) -> None:
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "server"\ninclude = ["Dockerfile", "requirements.txt"]',
        "pages/index.astro": "---\nfrom asgi import x\n---\n<p>{x}</p>" if name == "asgi.py" else "<p>Hi</p>",
        name: "x = 1\n",
    }
    assert build(tmp_path, files) == 1
    assert f"The build has a file {name}, and the adapter server writes one" in capsys.readouterr().err
