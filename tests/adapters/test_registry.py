"""Adapters that other packages bring, and parts of hosts that are missing."""

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from pyastro.adapters import AdapterError, find_adapter
from pyastro.cli import main
from tests.prerender.sites import build, built, write

Captured = pytest.CaptureFixture[str]
MOON = '''
import os

from pyastro.adapters import Capabilities, Problem


class MoonAdapter:
    """One index file that is a list of the others."""

    name = "moon"
    capabilities = Capabilities(renders_on_demand=False)
    public = "files"

    def check(self, compiled):
        heavy = [file.path for file in compiled.manifest.public if file.size > 10]
        return [Problem(f"{path} is too heavy for a rocket.", "Make it smaller.") for path in heavy]

    def build(self, product, pack):
        pack.write("list.txt", "\\n".join(pack.paths).encode())

    def preview(self, folder, manifest, host, port, on_listening):
        on_listening(f"moon://{host}:{port}/{(folder / 'list.txt').read_text()}")
        return 0


class SunAdapter(MoonAdapter):
    """A host that runs code."""

    name = "sun"
    capabilities = Capabilities(renders_on_demand=True)

    def preview(self, folder, manifest, host, port, on_listening):
        on_listening(f"sun://{os.environ['OF_THE_FILE']}/{len(os.environ['PYASTRO_SECRET'])}")
        return 3
'''


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with an adapter, as pip would have installed it."""
    folder = tmp_path_factory.mktemp("packages")
    info = folder / "pyastro_moon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pyastro-moon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[pyastro.adapters]\nmoon = pyastro_moon:MoonAdapter\nsun = pyastro_moon:SunAdapter\n"
        "broken = pyastro_moon:Nothing\n"
    )
    (folder / "pyastro_moon.py").write_text(MOON)
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.mark.usefixtures("installed")
def test_the_adapter_of_another_package_builds_and_previews(tmp_path: Path, capsys: Captured) -> None:
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "moon"\noutput = "static"',
        "pages/index.astro": "<p>Hi</p>",
    }
    assert build(tmp_path, files) == 0
    assert built(tmp_path) == ["files/index.html", "list.txt"]
    capsys.readouterr()
    assert main(["preview", str(tmp_path / "pages"), "-o", str(tmp_path / "dist"), "--port", "1"]) == 0
    assert "Serving on moon://127.0.0.1:1/files/index.html" in capsys.readouterr().out
    assert build(tmp_path, {"public/a.txt": "a" * 11}) == 1
    assert "a.txt is too heavy for a rocket." in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_a_preview_has_the_settings_of_the_folder_and_a_secret(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYASTRO_SECRET", "OF_THE_FILE"):
        monkeypatch.setenv(name, "")  # so that it is as it was when the test ends
        monkeypatch.delenv(name)
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "sun"\n[session]\ndriver = "cookie"',
        "pages/index.astro": "<p>Hi</p>",
        ".env": "OF_THE_FILE=warm\n",
    }
    monkeypatch.chdir(tmp_path)
    assert build(tmp_path, files) == 0
    assert not [path for path in built(tmp_path) if ".env" in path]
    command = ["preview", str(tmp_path / "pages"), "-o", str(tmp_path / "dist")]
    assert main(command) == 3
    said = capsys.readouterr()
    assert "Serving on sun://warm/43" in said.out and "PYASTRO_SECRET is not set" in said.err
    monkeypatch.setenv("PYASTRO_SECRET", "x" * 40)
    assert main(command) == 3
    said = capsys.readouterr()
    assert "Serving on sun://warm/40" in said.out and not said.err


@pytest.mark.usefixtures("installed")
def test_an_adapter_that_cannot_be_loaded_is_told(tmp_path: Path, capsys: Captured) -> None:
    with pytest.raises(AdapterError, match=r"The adapter 'broken' \(pyastro_moon:Nothing\) cannot be loaded"):
        find_adapter("broken")
    assert build(tmp_path, {"pyastro.toml": 'adapter = "broken"', "pages/index.astro": "x"}) == 1
    assert "cannot be loaded" in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_those_of_other_packages_are_listed() -> None:
    with pytest.raises(
        AdapterError, match=r"there are: broken, .*lambda, moon, .*server, static, sun, vercel"
    ):
        find_adapter("mars")


@pytest.mark.parametrize(
    ("adapter", "part", "advice"),
    [
        ("vercel", "vercel_runtime", "pip install vercel-runtime"),
        ("lambda", "awslambdaric", "pip install awslambdaric"),
    ],
)
def test_a_preview_says_what_to_install(
    adapter: str,
    part: str,
    advice: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = write(tmp_path, {"pyastro.toml": f'adapter = "{adapter}"', "pages/index.astro": "<p>Hi</p>"})
    assert main(["build", str(pages), "-o", str(tmp_path / "dist")]) == 0
    real = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == part else real(name, package)

    for place in ("awslambda_preview", "vercel_preview"):
        monkeypatch.setattr(f"pyastro.adapters.{place}.find_spec", without)
    assert main(["preview", str(pages), "-o", str(tmp_path / "dist"), "--port", "0"]) == 1
    said = capsys.readouterr().err
    assert "is not installed." in said and advice in said


def test_a_preview_tells_why_a_function_does_not_start(tmp_path: Path, capsys: Captured) -> None:
    pytest.importorskip("awslambdaric", reason="needs awslambdaric: pip install -e '.[hosts]'")
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "lambda"',
        "pages/index.astro": "<p>Hi</p>",
        "middleware.py": "import os\nasync def on_startup(site):\n"
        "    if 'LAMBDA_TASK_ROOT' in os.environ:\n        raise ValueError('no database')\n",
    }
    pages = write(tmp_path, files)
    assert main(["build", str(pages), "-o", str(tmp_path / "dist")]) == 0
    assert main(["preview", str(pages), "-o", str(tmp_path / "dist"), "--port", "0"]) == 1
    assert "The function did not start: ValueError: no database" in capsys.readouterr().err
