"""What goes along with a site to a host where nothing is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyastro.adapters.vendoring import OPTIONAL_PARTS, Target, Vendored, vendored
from pyastro.compiler.project import compile_project
from pyastro.runtime.manifest import Manifest

PURE = Target("the moon")
NATIVE = Target("here", runs=lambda package: True)


def packed(folder: Path, files: dict[str, str], target: Target = PURE) -> Vendored:
    """What is vendored for a site of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = compile_project(folder / "pages", folder / "build")
    assert not report.diagnostics
    return vendored(folder / "build", Manifest.read(folder / "build"), target)


def written(found: Vendored, folder: Path) -> Path:
    """The files in a folder."""
    for path, content in found.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.read_bytes() if isinstance(content, Path) else content)
    return folder


def run(code: str, *folders: Path) -> str:
    """What code prints in an interpreter that finds packages in these folders alone."""
    path = os.pathsep.join(map(str, folders))
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import sys; sys.path += {path.split(os.pathsep)!r}\n{code}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


ASK = """
import asyncio
from pyastro.runtime import Request
from pyastro.runtime.site import Site

async def main():
    site = Site.load({build!r})
    await site.startup()
    response = await site.handle(Request("GET", "http://localhost/"))
    print(response.status, await response.text())

asyncio.run(main())
"""


def test_a_site_answers_with_what_was_packed(tmp_path: Path) -> None:
    found = packed(tmp_path, {"pages/index.astro": "<meta name=g content={Astro.generator}><p>{1 + 1}</p>"})
    assert (found.problems, [each.name for each in found.packages]) == (
        (),
        ["markupsafe", "python-multipart"],
    )
    folder = written(found, tmp_path / "packages")
    assert not list(folder.rglob("*.so")) and not (folder / "pyastro/compiler").exists()
    assert not (folder / "pyastro/runtime/server").exists()
    said = run(ASK.format(build=str(tmp_path / "build")), folder)
    assert said.startswith("200") and "<p>2</p>" in said and "pyastro v" in said


def test_a_package_that_the_site_imports_comes_along_with_what_it_requires(tmp_path: Path) -> None:
    files = {"pages/index.astro": "---\nfrom markdown_it import MarkdownIt\n---\n<p>{MarkdownIt}</p>"}
    found = packed(tmp_path, files)
    assert {"markdown-it-py", "mdurl"} <= {each.name for each in found.packages}
    assert any(path.startswith("markdown_it/") for path in found.files)
    assert run("import markdown_it; print('there')", written(found, tmp_path / "packages")) == "there"


def test_a_module_beside_the_site_comes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere/moonshop").mkdir(parents=True)
    (tmp_path / "elsewhere/moonshop/__init__.py").write_text("PRICE = 3\n")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    files = {"pages/index.astro": "---\nimport moonshop\n---\n<p>{moonshop.PRICE}</p>"}
    assert packed(tmp_path / "site", files).files["moonshop/__init__.py"]


def test_what_is_hidden_beside_a_module_stays_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = tmp_path / "elsewhere/hiddenshop"
    for name in (
        "__init__.py",
        "data/prices.csv",
        ".env",
        ".git/config",
        "data/.secret",
        "node_modules/a/a.js",
    ):
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text("")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    files = {"pages/index.astro": "---\nimport hiddenshop\n---\n<p>{hiddenshop}</p>"}
    found = [path for path in packed(tmp_path / "site", files).files if path.startswith("hiddenshop/")]
    assert found == ["hiddenshop/__init__.py", "hiddenshop/data/prices.csv"]


def test_a_package_with_machine_code_is_refused_where_it_cannot_run(tmp_path: Path) -> None:
    files = {"pages/index.astro": "---\nfrom pyastro.runtime import fetch\n---\n<p>{fetch}</p>"}
    found = packed(tmp_path, files)
    messages = [problem.message for problem in found.problems]
    assert any(
        each.startswith("The package aiohttp holds machine code (aiohttp/") and "the moon" in each
        for each in messages
    )
    assert all(problem.hint for problem in found.problems)
    here = vendored(tmp_path / "build", Manifest.read(tmp_path / "build"), NATIVE)
    assert not here.problems and "aiohttp" in {each.name for each in here.packages}


def test_a_package_that_the_host_brings_is_left_to_it(tmp_path: Path) -> None:
    files = {"pages/index.astro": "---\nfrom pyastro.runtime import fetch\n---\n<p>{fetch}</p>"}
    found = packed(tmp_path, files, Target("the moon", provided=frozenset(("aiohttp", "markupsafe"))))
    assert (found.problems, [each.name for each in found.packages]) == ((), ["python-multipart"])


def test_what_we_do_without_is_no_matter_unless_the_site_imports_it(tmp_path: Path) -> None:
    target = Target("the moon", replaced=frozenset(("aiohttp", "cryptography")))
    page = "---\nfrom pyastro.runtime import fetch\n---\n<p>{fetch}{Astro.session}</p>"
    files = {"pages/index.astro": page, "pyastro.toml": '[session]\ndriver = "cookie"'}
    assert not packed(tmp_path / "a", files, target).problems
    itself = {"pages/index.astro": "---\nimport aiohttp\n---\n<p>{aiohttp}</p>"}
    messages = [problem.message for problem in packed(tmp_path / "b", itself, target).problems]
    assert any(each.startswith("The package aiohttp holds machine code") for each in messages)


def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    real = importlib.metadata.distribution

    def without(name: str) -> importlib.metadata.Distribution:
        if name == "cryptography":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "distribution", without)
    files = {"pages/index.astro": "<p>{Astro.session}</p>", "pyastro.toml": '[session]\ndriver = "cookie"'}
    (problem,) = packed(tmp_path, files).problems
    assert problem.message == '`driver = "cookie"` needs the package cryptography, which is not installed.'
    assert "pip install cryptography" in problem.hint


@pytest.mark.parametrize("name", sorted(OPTIONAL_PARTS))
def test_what_counts_as_optional_machine_code_is_optional(name: str, tmp_path: Path) -> None:
    module = {"pyyaml": "yaml"}.get(name, name)
    found = packed(tmp_path, {"pages/index.astro": f"---\nimport {module}\n---\n<p>{{{module}}}</p>"})
    assert not found.problems
    folder = written(found, tmp_path / "packages")
    assert run(f"import {module}; print({module}.__name__)", folder) == module


def test_the_same_site_gives_the_same_files_in_the_same_order(tmp_path: Path) -> None:
    found = packed(tmp_path, {"pages/index.astro": "<p>Hi</p>"})
    again = vendored(tmp_path / "build", Manifest.read(tmp_path / "build"), PURE)
    assert list(found.files.items()) == list(again.files.items()) and list(found.files) == sorted(found.files)
