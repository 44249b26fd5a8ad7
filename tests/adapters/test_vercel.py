"""What the pack for Vercel holds, and which sites it refuses."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.prerender.sites import build, built

Captured = pytest.CaptureFixture[str]
FILES: dict[str, str | bytes] = {
    "pyastro.toml": 'adapter = "vercel"\nbase = "/docs"\n[security]\nheaders = true\ncsp = true\nhsts = 60',
    "pages/index.astro": "<p>{Astro.url}</p>",
    "pages/about.astro": '---\nprerender = True\nAstro.response.headers["x-a"] = "b"\n---\n<p>About</p>',
    "pages/a(b).txt.py": "from pyastro.runtime import Response\nprerender = True\n"
    "def GET():\n    return Response('x', headers={'x-c': 'd'})\n",
    "public/a.txt": "a",
}


def test_the_network_gets_files_and_the_function_the_rest(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    files = [file for file in built(tmp_path) if not file.startswith("packages/")]
    assert files == [
        "app.py",
        "compiled/__init__.py",
        "compiled/manifest.json",
        "compiled/pages/__init__.py",
        "compiled/pages/a_b__txt.py",
        "compiled/pages/about.py",
        "compiled/pages/index.py",
        "public/docs/a(b).txt",
        "public/docs/a.txt",
        "public/docs/about/index.html",
        "pyproject.toml",
        "vercel.json",
    ]
    manifest = json.loads((tmp_path / "dist/compiled/manifest.json").read_text())
    assert (manifest["public"], manifest.get("prerendered", {})) == ({}, {})


def test_the_project_names_the_entry_and_the_packages(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    project = tomllib.loads((tmp_path / "dist/pyproject.toml").read_text())
    assert project["tool"]["vercel"]["entrypoint"] == "app:app"
    names = [re.sub(r"==[0-9.]+$", "", each) for each in project["project"]["dependencies"]]
    assert names == ["markupsafe", "python-multipart"]
    packages = {path.partition("/")[0] for path in built(tmp_path) if path.startswith("packages/")}
    assert packages == {"packages"}
    inside = {path.split("/")[1] for path in built(tmp_path) if path.startswith("packages/")}
    assert {re.sub(r"-[0-9.]+(?=\.dist-info)", "", each) for each in inside} == {
        "pyastro",
        "pyastro_web.dist-info",
    }


def test_the_network_is_told_the_headers(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    rules = json.loads((tmp_path / "dist/vercel.json").read_text())["headers"]
    told = {rule["source"]: {each["key"]: each["value"] for each in rule["headers"]} for rule in rules}
    assert told["/(.*)"]["x-frame-options"] == "SAMEORIGIN"
    assert told["/(.*)"]["strict-transport-security"] == "max-age=60"
    assert told["/docs/about"] == {"x-a": "b"}
    assert told[r"/docs/a\(b\)\.txt"] == {"x-c": "d"}
    assert "immutable" in told["/docs/_astro/(.*)"]["cache-control"]
    page = (tmp_path / "dist/public/docs/about/index.html").read_text()
    assert '<meta http-equiv="content-security-policy"' in page


@pytest.mark.parametrize("driver", ["sqlite", "memory"])
def test_sessions_that_no_instance_can_keep_are_refused(
    driver: str, tmp_path: Path, capsys: Captured
) -> None:
    files: dict[str, str | bytes] = {
        "pyastro.toml": f'adapter = "vercel"\n[session]\ndriver = "{driver}"',
        "pages/index.astro": '<p>{await Astro.session.get("a")}</p>',
    }
    assert build(tmp_path, files) == 1
    said = capsys.readouterr().err
    assert f"vercel cannot hold them with the driver {driver}:" in said
    assert '`driver = "cookie"` or `driver = "redis"`' in said
    assert not (tmp_path / "dist").exists()


def test_a_site_without_sessions_needs_no_driver(tmp_path: Path) -> None:
    assert build(tmp_path, {"pyastro.toml": 'adapter = "vercel"', "pages/index.astro": "<p>Hi</p>"}) == 0


def test_folders_that_would_be_left_out_are_refused(tmp_path: Path, capsys: Captured) -> None:
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "vercel"',
        "pages/public/index.astro": "<p>Hi</p>",
    }
    assert build(tmp_path, files) == 1
    assert (
        "leaves folders called public out of a function, and the build has pages/public"
        in capsys.readouterr().err
    )
