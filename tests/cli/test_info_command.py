import json
from pathlib import Path

import pytest

from pyastro.cli import main
from pyastro.cli.version import VERSION

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>")
    (tmp_path / "pages/data.json.py").write_text("def GET(context): ...\n")
    (tmp_path / "Card.astro").write_text("<p>")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_versions_extras_and_the_site(site: Path, capsys: Captured) -> None:
    (site / "pyastro.toml").write_text(
        'base = "docs"\nredirects = {"/a" = "/b"}\n'
        '[session]\ndriver = "redis"\nurl = "redis://db:6379/0"\n'
    )
    assert main(["info"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert f"pyastro    {VERSION}\n" in out
    assert "aiohttp 3." in out
    assert f"site       {site}\n" in out
    assert "1 page" in out and "1 endpoint" in out and "1 redirect" in out and "2 components" in out
    assert 'settings   pyastro.toml\n           base = "/docs"\n' in out
    assert '"url": "redis://db:6379/0"' in out


def test_the_same_for_programs(site: Path, capsys: Captured) -> None:
    assert main(["info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["pyastro"] == VERSION
    assert facts["routes"] == {"page": 1, "endpoint": 1}
    assert facts["configuration"] == {"file": None, "settings": {}}
    assert facts["extras"]["live"] == []
    assert "dev" not in facts["extras"]


def test_without_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["info"]) == 0
    assert "site  " not in capsys.readouterr().out


def test_an_error_of_the_configuration_names_file_key_and_remedy(site: Path, capsys: Captured) -> None:
    (site / "pyastro.toml").write_text('site = "https://example.org"\ntrailingSlash = "never"\n')
    assert main(["info"]) == 1
    out, err = capsys.readouterr()
    assert "pyastro.toml:2:1: error:" in err
    assert "`trailingSlash`" in err
    assert "trailing_slash" in err
    assert 'site = "https://example.org"' in out
