import json
from pathlib import Path

import pytest

from pyastro.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for path, text in {
        "index.astro": "<p>x</p>",
        "post/[id].astro": "---\nprerender = True\n---\n<p>x</p>",
        "api/[id].json.py": "def GET(context): ...",
        "../pyastro.toml": 'redirects = {"/old/[...x]" = "/post/[...x]", "/y" = {to = "/", status = 302}}',
    }.items():
        file = tmp_path / "pages" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    return tmp_path / "build"


def test_the_routes_stand_in_order_of_priority(build: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["routes", str(build)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (
        "ROUTE           KIND               SOURCE\n"
        "/api/[id].json  endpoint           pages/api/[id].json.py\n"
        "/old/[...x]     redirect           -> /post/[...x]\n"
        "/post/[id]      page, prerendered  pages/post/[id].astro\n"
        "/y              redirect, 302      -> /\n"
        "/               page               pages/index.astro\n"
    )


def test_the_sources_tell_the_same_as_the_build(
    build: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    capsys.readouterr()
    assert main(["routes", str(build)]) == 0
    said = capsys.readouterr().out
    monkeypatch.chdir(build.parent)
    build.rename(build.with_name("elsewhere"))
    for arguments in ([], ["pages"]):
        assert main(["routes", *arguments]) == 0
        assert capsys.readouterr() == (said, "")


def test_an_error_of_the_sources_is_told_beside_the_routes(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>x</p>")
    (tmp_path / "pages/data.py").write_text("def GET(context: ...")
    assert main(["routes", str(tmp_path / "pages")]) == 1
    out, err = capsys.readouterr()
    assert "pages/index.astro" in out
    assert "pages/data.py:1:" in err


def test_what_is_no_build_is_one_sentence(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    for name in (".", "nothing", "file"):
        assert main(["routes", str(tmp_path / name)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        assert "Traceback" not in err


def test_a_damaged_manifest_is_one_sentence(build: Path, capsys: Captured) -> None:
    (build / "manifest.json").write_text("{")
    assert main(["routes", str(build)]) == 2
    assert "damaged" in capsys.readouterr().err


def test_a_build_that_was_left_half_exchanged_is_found(build: Path, capsys: Captured) -> None:
    old = build.with_name(".build.pyastro-old")
    build.rename(old)
    journal = build.with_name(".build.pyastro-journal")
    journal.write_text(json.dumps({"new": ".build.pyastro-new-1-0", "old": old.name}))
    assert main(["routes", str(build)]) == 0
    assert not journal.exists()
