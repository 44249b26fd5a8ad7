"""`docs/configuration.md` has every setting, and none that does not exist."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from pyastro.compiler.project.build_settings import BUILD_READERS
from pyastro.compiler.project.config import _READERS
from pyastro.compiler.project.environment_settings import DECLARATION_READERS
from pyastro.compiler.project.language_settings import LANGUAGE_READERS
from pyastro.compiler.project.security_settings import DEFAULT_DIRECTIVES, DEFAULT_HEADERS, SECURITY_READERS
from pyastro.compiler.project.session_settings import COOKIE_READERS, SESSION_READERS
from pyastro.runtime import signing
from pyastro.runtime.sessions import drivers, redis, settings, sqlite

TEXT = (Path(__file__).parent.parent / "docs/configuration.md").read_text("utf-8")
PARTS = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))


def table_keys(section: str) -> list[str]:
    """The names in the first column of a section's tables."""
    rows = re.findall(r"^\| (`.*?) \|", SECTIONS[section], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_each_setting_has_its_section() -> None:
    assert list(SECTIONS) == [*_READERS, "Variables of pyastro"]


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("session", [*SESSION_READERS, *COOKIE_READERS]),
        ("build", BUILD_READERS),
        ("i18n", LANGUAGE_READERS),
        ("security", SECURITY_READERS),
        ("env", DECLARATION_READERS),
        ("Variables of pyastro", [signing.VARIABLE, drivers.URL_VARIABLE]),
    ],
)
def test_each_key_of_a_table_has_its_row(section: str, keys: Collection[str]) -> None:
    assert sorted(table_keys(section)) == sorted(keys)


def test_the_defaults_are_those_of_the_runtime() -> None:
    defaults = settings.SessionSettings()
    shown = dict(
        re.findall(r"^\| `(\w+)` \| .* \| `\"?([^`\"]+)\"?`[^|]*\|$", SECTIONS["session"], re.MULTILINE)
    )
    assert shown == {
        "driver": defaults.driver,
        "path": defaults.cookie.path,  # the cookie's row comes last
        "prefix": redis.DEFAULT_PREFIX,
        "idle": str(int(defaults.idle)),
        "cookie": defaults.cookie.name,
        "name": defaults.cookie.name,
        "same_site": defaults.cookie.same_site,
        "secure": str(defaults.cookie.secure).lower(),
    }
    assert f'"{sqlite.DEFAULT_PATH.as_posix()}"' in SECTIONS["session"]


def test_the_security_headers_are_those_of_the_compiler() -> None:
    block = re.search(r"^```http\n((?s:.*?))^```$", SECTIONS["security"], re.MULTILINE)
    assert block
    shown = dict(re.findall(r"^< ([\w-]+): (.*)$", block[1], re.MULTILINE))
    policy = "; ".join(" ".join((name, *sources)) for name, sources in DEFAULT_DIRECTIVES.items())
    assert {name: shown[name] for name in DEFAULT_HEADERS} == DEFAULT_HEADERS
    assert re.sub(r" 'sha256-[^']*'", "", shown["content-security-policy"]) == policy
