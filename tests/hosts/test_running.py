import pytest

from tests.hosts.running import Host, require

HOST = Host("imaginary", "imaginary app", "", ("pytest", "no_such_package"))


def test_a_missing_package_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    said = r"imaginary needs no_such_package: pip install -e '\.\[hosts\]'"
    monkeypatch.delenv("PYASTRO_REQUIRE_HOSTS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=said):
        require(HOST)
    monkeypatch.setenv("PYASTRO_REQUIRE_HOSTS", "1")
    with pytest.raises(pytest.fail.Exception, match=said):
        require(HOST)
