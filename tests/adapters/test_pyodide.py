"""What is packed for hosts that run Python in Pyodide, and what is refused for them. What the packs do is in tests/hosts."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.adapters.modules_bundle import Module, bundle
from pyastro.adapters.netlify import PYODIDE_FILES
from pyastro.adapters.programs import find_program, run_program
from pyastro.adapters.pyodide import PYODIDE
from pyastro.cli import main

PAGE = "<p>{Astro.url.path}</p>"


def site(folder: Path, adapter: str, files: dict[str, str], settings: str = "") -> Path:
    """A site of these files, beside the npm package pyodide as far as it is looked at."""
    for name, text in {"pyastro.toml": f'adapter = "{adapter}"\n{settings}', **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    npm = folder / "node_modules/pyodide"
    npm.mkdir(parents=True)
    for name in PYODIDE_FILES:
        (npm / name).write_text(json.dumps({"version": PYODIDE}))
    return folder


def build(folder: Path) -> int:
    return main(["build", str(folder / "pages"), "-o", str(folder / "dist")])


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


FILES = {
    "pages/index.astro": PAGE,
    "pages/about.astro": f"---\nprerender = True\n---\n{PAGE}",
    "public/a.txt": "a",
}


def test_a_pack_for_deno_is_complete(tmp_path: Path) -> None:
    assert build(site(tmp_path, "deno", FILES)) == 0
    dist = tmp_path / "dist"
    found = paths(dist)
    assert {"main.mjs", "pyodide.mjs", "snapshot.mjs", "deno.json", ".pyastro-build"} <= found
    assert {"site/pages/index.py", "site/public/a.txt", "site/public/about/index.html"} <= found
    assert {"python/pyastro/javascript/application.py", "python/markupsafe/_native.py"} <= found
    assert not [path for path in found if path.endswith((".so", ".pyd", ".pyc")) or "/server/" in path]
    settings = json.loads((dist / "deno.json").read_text())
    assert settings["imports"] == {"pyodide": f"npm:pyodide@{PYODIDE}"}
    manifest = json.loads((dist / "site/manifest.json").read_text())
    assert manifest["prerendered"]["/about"]["file"] == "about/index.html" and "a.txt" in manifest["public"]


def test_a_build_takes_the_place_of_one_with_what_deno_left_in_it(tmp_path: Path) -> None:
    assert build(site(tmp_path, "deno", FILES)) == 0
    (tmp_path / "dist/snapshot.bin").write_bytes(b"of another site")
    (tmp_path / "pages/index.astro").write_text(f"{PAGE}!")
    assert build(tmp_path) == 0
    assert not (tmp_path / "dist/snapshot.bin").exists()


def test_a_pack_for_netlify_has_files_and_a_function(tmp_path: Path) -> None:
    assert build(site(tmp_path, "netlify", FILES, "[security]\nheaders = true\n")) == 0
    found = paths(tmp_path / "dist")
    function = "functions/site/"
    assert {"netlify.toml", "public/a.txt", "public/about/index.html", "public/_headers"} <= found
    assert {f"{function}{name}" for name in ("site.mjs", "pyodide.mjs", "site/pages/index.py")} <= found
    assert {f"{function}node_modules/pyodide/{name}" for name in PYODIDE_FILES} <= found
    assert not [path for path in found if path.startswith(f"{function}site/public/")]
    assert "x-frame-options: SAMEORIGIN" in (tmp_path / "dist/public/_headers").read_text()
    manifest = json.loads((tmp_path / f"dist/{function}site/manifest.json").read_text())
    assert manifest["public"] == {}


def test_a_file_of_the_authors_own_lies_where_the_host_reads_it(tmp_path: Path) -> None:
    files = {**FILES, "public/_headers": "/docs/*\n  x-mine: 1\n"}
    assert build(site(tmp_path, "netlify", files, 'base = "/docs"\n')) == 0
    assert (tmp_path / "dist/public/_headers").read_text() == files["public/_headers"]
    assert (tmp_path / "dist/public/docs/a.txt").exists()


def test_a_site_of_files_gets_no_function(tmp_path: Path) -> None:
    files = {"pages/index.astro": PAGE, "pages/_x.astro": PAGE}
    settings = 'output = "static"\n[redirects]\n"/old" = "/"\n'
    assert build(site(tmp_path, "netlify", files, settings)) == 0
    found = paths(tmp_path / "dist")
    assert "public/index.html" in found and not [path for path in found if path.startswith("functions")]
    assert "/old / 301" in (tmp_path / "dist/public/_redirects").read_text()


def test_a_pack_for_cloudflare_has_files_and_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_sdk(tmp_path / "packages", monkeypatch)
    assert build(site(tmp_path, "cloudflare", FILES, 'site = "https://My.Shop.example"\n')) == 0
    found = paths(tmp_path / "dist")
    assert {"wrangler.jsonc", "src/entry.py", "public/a.txt", "public/about/index.html"} <= found
    modules = ("pyastro/javascript/worker.py", "markupsafe/_native.py", "workers/__init__.py")
    assert {f"python_modules/{name}" for name in (*modules, "pyastro_site/manifest.json")} <= found
    settings = json.loads((tmp_path / "dist/wrangler.jsonc").read_text())
    assert (settings["name"], settings["main"]) == ("my-shop-example", "src/entry.py")
    assert settings["assets"] == {"directory": "public"}
    compile((tmp_path / "dist/src/entry.py").read_text(), "entry.py", "exec")


def test_a_site_of_files_gets_no_worker(tmp_path: Path) -> None:
    settings = 'output = "static"\n[redirects]\n"/old" = "/"\n'
    assert build(site(tmp_path, "cloudflare", {"pages/index.astro": PAGE}, settings)) == 0
    told = json.loads((tmp_path / "dist/wrangler.jsonc").read_text())
    assert "main" not in told and told["assets"]["not_found_handling"] == "404-page"
    assert not (tmp_path / "dist/python_modules").exists()
    assert "/old / 301" in (tmp_path / "dist/public/_redirects").read_text()


def test_a_worker_wants_what_cloudflare_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pyastro.adapters.cloudflare.SDK", "a-package-that-nobody-has")
    assert build(site(tmp_path, "cloudflare", {"pages/index.astro": PAGE})) == 1
    assert "`pip install a-package-that-nobody-has`" in capsys.readouterr().err


def install_sdk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is called as Cloudflare's own, so that the test needs none from elsewhere."""
    info = folder / "workers_runtime_sdk-1.9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: workers-runtime-sdk\nVersion: 1.9\n")
    (info / "RECORD").write_text("workers/__init__.py,,\n")
    (folder / "workers").mkdir()
    (folder / "workers/__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(folder))


def test_a_bundle_of_modules_is_a_message_of_capn_proto() -> None:
    modules = [Module("one", "script", b"export {}"), Module("two", "data", bytes(range(17)))]
    assert read_bundle(bundle(modules)) == [("one", 2, 0, b"export {}"), ("two", 2, 2, bytes(range(17)))]


def read_bundle(message: bytes) -> list[tuple[str, int, int, bytes]]:
    """Name, type, kind and content of each module, read by the rules of the encoding."""
    segments, size = struct.unpack_from("<II", message)
    assert segments == 0 and len(message) == 8 + 8 * size
    words = struct.unpack(f"<{size}Q", message[8:])

    def target(place: int) -> int:
        return place + 1 + ((words[place] & 0xFFFFFFFF) >> 2)

    def text(place: int) -> bytes:
        assert words[place] & 3 == 1 and words[place] >> 32 & 7 == 2
        start = 8 + 8 * target(place)
        return message[start : start + (words[place] >> 35)]

    root = target(0)
    tag = target(root)
    assert words[root] >> 32 & 7 == 7 and words[tag] >> 32 == 1 | 3 << 16
    found = []
    for place in range(tag + 1, tag + 1 + (words[root] >> 35), 4):
        name, content = text(place + 1), text(place + 2)
        found.append((name.rstrip(b"\0").decode(), words[place] & 0xFFFF, words[place] >> 16, content))
    return found


@pytest.mark.parametrize("adapter", ["deno", "netlify"])
def test_what_pyodide_hosts_cannot_do_is_said_before_anything_is_written(
    adapter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"pages/index.astro": "---\nimport aiohttp\n---\n<p>{await Astro.session.get('a')}{aiohttp}</p>"}
    assert build(site(tmp_path, adapter, files)) == 1
    said = capsys.readouterr().err
    assert f"{adapter} cannot hold them with the driver sqlite" in said and '`driver = "cookie"`' in said
    assert "The package aiohttp holds machine code" in said
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("adapter", ["deno", "netlify"])
def test_sessions_in_cookies_need_no_package_there(adapter: str, tmp_path: Path) -> None:
    files = {"pages/index.astro": "<p>{await Astro.session.get('a')}</p>"}
    assert build(site(tmp_path, adapter, files, '[session]\ndriver = "cookie"\n')) == 0
    assert not list((tmp_path / "dist").rglob("cryptography"))


def test_netlify_wants_pyodide_in_the_version_that_was_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = site(tmp_path, "netlify", {"pages/index.astro": PAGE})
    (folder / "node_modules/pyodide/package.json").write_text('{"version": "0.28.0"}')
    assert build(folder) == 1
    assert f"version {PYODIDE} of the npm package pyodide, and 0.28.0" in capsys.readouterr().err
    (folder / "node_modules/pyodide/package.json").unlink()
    assert build(folder) == 1
    said = capsys.readouterr().err
    assert "not installed" in said and f"npm install pyodide@{PYODIDE}" in said


def test_a_preview_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PreviewUnavailable, match="deno is not installed") as caught:
        find_program("deno", tmp_path, "Install it.")
    assert caught.value.hint == "Install it."


def test_a_program_of_the_folder_is_found_and_its_status_is_the_previews(tmp_path: Path) -> None:
    program = tmp_path / "node_modules/.bin/host-of-a-test"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    folder = tmp_path / "dist"
    folder.mkdir()
    found = find_program("host-of-a-test", folder, "")
    assert found == str(program)
    assert run_program([found], folder, "127.0.0.1", 0, lambda url: None) == 3


def test_a_program_is_told_where_to_listen(tmp_path: Path) -> None:
    code = "import signal, sys\nfrom http.server import *\nsignal.signal(15, lambda *_: sys.exit(0))\n"
    code += "HTTPServer((sys.argv[1], int(sys.argv[2])), SimpleHTTPRequestHandler).serve_forever()"
    runner = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pyastro.adapters.programs import run_program\n"
        "def listening(url):\n    print(url, flush=True)\n    os.kill(os.getpid(), signal.SIGTERM)\n"
        f"sys.exit(run_program([sys.executable, '-c', {code!r}, '{{host}}', '{{port}}'], Path('.'), '127.0.0.1', 0, listening))"
    )
    done = subprocess.run([sys.executable, "-c", runner], cwd=tmp_path, stdout=subprocess.PIPE, timeout=60)
    assert done.returncode == 0 and done.stdout.startswith(b"http://127.0.0.1:")
