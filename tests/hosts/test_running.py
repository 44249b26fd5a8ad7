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


def test_a_python_that_is_too_old_fails_where_no_part_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host("imaginary", "imaginary app", "", oldest=(4, 0))
    monkeypatch.delenv("PYASTRO_REQUIRE_PARTS", raising=False)
    monkeypatch.setenv("PYASTRO_REQUIRE_HOSTS", "1")
    with pytest.raises(pytest.skip.Exception, match=r"imaginary needs Python 4\.0 or newer"):
        require(host)
    monkeypatch.setenv("PYASTRO_REQUIRE_PARTS", "1")
    with pytest.raises(pytest.fail.Exception, match=r"imaginary needs Python 4\.0 or newer"):
        require(host)
