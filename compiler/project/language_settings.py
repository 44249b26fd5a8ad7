"""`i18n`: the languages of a site."""

import re
from collections.abc import Mapping
from typing import Any

from pyastro.compiler.project.setting_tables import Reader, read_table, wrong

_CODE = r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*"
_EXPECTED = 'a list of languages such as ["en", {path = "francais", codes = ["fr", "fr-CA"]}]'


def read_languages(value: object) -> dict[str, Any]:
    """The languages, each as a table with `path` and `codes`, and the path of the default."""
    settings = read_table(
        value, LANGUAGE_READERS, 'a table such as {locales = ["en", "fr"], default_locale = "en"}'
    )
    for key in LANGUAGE_READERS:
        if key not in settings:
            raise wrong("given as well", "missing", key)
    paths = [locale["path"] for locale in settings["locales"]]
    if settings["default_locale"] not in paths:
        choices = ", ".join(f"`{path}`" for path in paths)
        raise wrong(f"one of the locales: {choices}", settings["default_locale"], "default_locale")
    return settings


def _locales(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise wrong(_EXPECTED, value)
    locales = [_locale(item) for item in value]
    codes = [code.replace("_", "-").lower() for locale in locales for code in locale["codes"]]
    for name in (*codes, *(locale["path"] for locale in locales if locale["path"] not in locale["codes"])):
        if codes.count(name) > 1:
            raise wrong(f"a list that names `{name}` once", value)
    return locales


def _locale(item: object) -> dict[str, Any]:
    match item:
        case str() if re.fullmatch(_CODE, item):
            return {"path": item, "codes": [item]}
        case {"path": str(path), "codes": [*codes], **others} if codes and not others and _is_segment(path):
            if all(isinstance(code, str) and re.fullmatch(_CODE, code) for code in codes):
                return {"path": path, "codes": codes}
    raise wrong(_EXPECTED, item)


def _is_segment(path: str) -> bool:
    return bool(path) and path.isprintable() and not set(path) & set("/?#\\ ")


def _default(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise wrong('one of the locales, such as "en"', value)


LANGUAGE_READERS: Mapping[str, Reader] = {"locales": _locales, "default_locale": _default}
