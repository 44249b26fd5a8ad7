"""What the pack for AWS Lambda holds, and which sites it refuses."""

import json
import marshal
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from pyastro.adapters.awslambda import _fits
from pyastro.adapters.distributions import Package
from tests.adapters.test_vendoring import run
from tests.prerender.sites import build, built

Captured = pytest.CaptureFixture[str]
FILES: dict[str, str | bytes] = {
    "pyastro.toml": 'adapter = "lambda"',
    "pages/index.astro": "---\nfrom lib import words\n---\n<p>{words.HELLO}</p>",
    "pages/about.astro": "---\nprerender = True\n---\n<p>About</p>",
    "lib/words.py": 'HELLO = "Hello"\n',
    "public/a.txt": "a",
}
CALL = """
import json
from handler import handler
event = {"rawPath": %r, "headers": {}, "requestContext": {"domainName": "x", "http": {"method": "GET"}}}
print(json.dumps(handler(event)))
import sys
assert not [name for name, each in sys.modules.items() if "site-packages" in (getattr(each, "__file__", None) or "")]
"""


def unpacked(tmp_path: Path) -> Path:
    """The archive as Lambda unpacks it."""
    with ZipFile(tmp_path / "dist/function.zip") as archive:
        archive.extractall(tmp_path / "task")
    return tmp_path / "task"


@pytest.mark.slow
def test_the_archive_needs_nothing_but_python(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    root = unpacked(tmp_path)
    for path, text in (("/", "<p>Hello</p>"), ("/about", "<p>About</p>"), ("/a.txt", "a")):
        result = json.loads(run(CALL % path, root))
        assert (result["statusCode"], text in result["body"]) == (200, True), path


@pytest.mark.slow
def test_the_archive_is_the_folder_and_the_same_each_time(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    first = (tmp_path / "dist/function.zip").read_bytes()
    with ZipFile(tmp_path / "dist/function.zip") as archive:
        names = sorted(archive.namelist())
    assert names == [
        path.removeprefix("function/") for path in built(tmp_path) if path.startswith("function/")
    ]
    assert build(tmp_path, {}, "--force") == 0
    assert (tmp_path / "dist/function.zip").read_bytes() == first


@pytest.mark.slow
def test_modules_are_compiled_ahead(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    (file,) = (tmp_path / "dist/function/compiled/lib/__pycache__").glob("words.*.pyc")
    data = file.read_bytes()
    assert (
        int.from_bytes(data[4:8], "little") == 1
    )  # by hash, and not to be compared with the source (PEP 552)
    assert marshal.loads(data[16:]).co_filename == "/var/task/compiled/lib/words.py"


def test_the_template_names_what_was_built_for(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    template = (tmp_path / "dist/template.yaml").read_text()
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert f"Runtime: {version}" in template and "CodeUri: function/" in template
    assert "Handler: handler.handler" in template and "{" not in template.replace("${", "")


@pytest.mark.parametrize(
    ("tag", "fits"),
    [
        ("manylinux2014_x86_64", True),
        ("manylinux_2_17_x86_64", True),
        ("manylinux_2_34_aarch64", True),
        ("manylinux_2_35_x86_64", False),
        ("manylinux1_x86_64", True),
        ("musllinux_1_2_x86_64", False),
        ("macosx_11_0_arm64", False),
        ("linux_x86_64", False),
        ("any", False),
    ],
)
def test_wheels_that_fit(tag: str, fits: bool) -> None:
    assert _fits(tag) is fits


def test_the_platforms_of_a_wheel_are_read_from_it(tmp_path: Path) -> None:
    wheel = tmp_path / "WHEEL"
    wheel.write_text(
        "Wheel-Version: 1.0\nTag: cp311-abi3-manylinux_2_28_x86_64\nTag: cp311-abi3-linux_x86_64\n"
    )
    package = Package("a", "1", {"a-1.dist-info/WHEEL": wheel, "a/b.so": wheel})
    assert package.platforms == ("manylinux_2_28_x86_64", "linux_x86_64")


def test_a_package_for_another_system_is_refused(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Package, "platforms", ("macosx_11_0_arm64",))
    files: dict[str, str | bytes] = {
        "pyastro.toml": 'adapter = "lambda"\n[session]\ndriver = "cookie"',
        "pages/index.astro": '<p>{await Astro.session.get("a")}</p>',
    }
    assert build(tmp_path, files) == 1
    said = capsys.readouterr().err
    assert "The package cryptography holds machine code" in said and "AWS Lambda (python3." in said


STREAMS = "---\nstream = True\nimport asyncio\nawait asyncio.sleep(0)\n---\n<p>Hi</p>"
EVENTS = "from pyastro.runtime import Response\nasync def events():\n    yield 1\ndef GET():\n    return Response.event_stream(events())\n"


@pytest.mark.parametrize(
    ("page", "text", "said"),
    [
        ("a.astro", STREAMS, "pages/a.astro streams,"),
        ("a.py", EVENTS, "pages/a.py sends events without end,"),
    ],
)
def test_what_streams_is_refused(page: str, text: str, said: str, tmp_path: Path, capsys: Captured) -> None:
    assert build(tmp_path, {"pyastro.toml": 'adapter = "lambda"', f"pages/{page}": text}) == 1
    assert said in capsys.readouterr().err
