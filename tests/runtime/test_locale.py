"""Languages: what a browser asks for, and what an address is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime import Astro, Request
from pyastro.runtime.errors import NoRequest
from pyastro.runtime.locale import Locale, Locales


def languages(*names: str, default: str = "en") -> Locales:
    return Locales(tuple(Locale(name, (name,)) for name in names), default)


SITE = languages("en", "fr", "de-CH", "pt-BR", "zh-Hant")


@pytest.mark.parametrize(
    ("header", "best", "all_of_them"),
    [
        ("", None, []),
        ("fr", "fr", ["fr"]),
        ("FR", "fr", ["fr"]),
        ("es", None, []),
        ("fr;q=0.5, en;q=0.8", "en", ["en", "fr"]),
        ("fr, en;q=0.8", "fr", ["fr", "en"]),
        ("es, fr;q=0.2", "fr", ["fr"]),
        ("en, fr", "en", ["en", "fr"]),
        # lookup: the range gets shorter until it fits
        ("fr-CA-x-foo", "fr", ["fr"]),
        ("zh-Hant-TW", "zh-Hant", ["zh-Hant"]),
        ("de-CH-1996, fr", "de-CH", ["de-CH", "fr"]),
        ("de, fr", "fr", ["fr"]),
        ("en-US, en;q=0.9, fr;q=0.8", "en", ["en", "fr"]),
        ("pt_BR", None, []),
        # qualities
        ("fr;q=0", None, []),
        ("fr;q=0, fr-CA", None, []),
        ("fr;q=0.000, en;q=0.001", "en", ["en"]),
        ("fr ; q=0.9 , en;q=1.000", "en", ["en", "fr"]),
        ("*", "en", ["en", "fr", "de-CH", "pt-BR", "zh-Hant"]),
        ("fr, *;q=0.1", "fr", ["fr", "en", "de-CH", "pt-BR", "zh-Hant"]),
        ("en;q=0, *", "fr", ["fr", "de-CH", "pt-BR", "zh-Hant"]),
        # what is malformed is left out
        ("fr;q=2, ;;, en;level=1, <x>, de-CH", "de-CH", ["de-CH"]),
        ("fr;q=0.1234, en", "en", ["en"]),
    ],
)
def test_what_a_browser_likes(header: str, best: str | None, all_of_them: list[str]) -> None:
    assert SITE.preferred(header) == best
    assert SITE.preferred_list(header) == all_of_them


def test_a_language_may_have_several_codes() -> None:
    site = Locales((Locale("en", ("en",)), Locale("francais", ("fr", "fr_CA"))), "francais")
    assert site.preferred("fr-CA") == "fr_CA"
    assert site.preferred("fr-BE") == "fr"
    assert site.preferred("*") == "fr"
    assert site.current(["francais", "x"]) == "fr"
    assert site.current(["fr-ca"]) == "fr_CA"
    assert site.current([]) == "fr"


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        ([], "en"),
        (["fr"], "fr"),
        (["FR", "about"], "fr"),
        (["about", "fr"], "fr"),
        (["pt_br"], "pt-BR"),
        (["frog", "fr-CA"], "en"),
        (["fr", "en"], "fr"),
    ],
)
def test_what_an_address_is_in(segments: list[str], code: str) -> None:
    assert SITE.current(segments) == code


@given(st.text(alphabet="enfr-_*;=q0.19, \t,") | st.text(max_size=200))
def test_any_header_is_read(header: str) -> None:
    found = SITE.preferred_list(header)
    assert len(found) == len(set(found)) <= 5
    assert SITE.preferred(header) == (found[0] if found else None)


def test_a_page_is_told() -> None:
    request = Request("GET", "http://localhost/fr/about", {"accept-language": "es, de-CH;q=0.5, en;q=0.1"})
    astro = Astro(request, i18n=SITE)
    assert astro.current_locale == "fr"
    assert astro.preferred_locale == "de-CH"
    assert astro.preferred_locale_list == ["de-CH", "en"]


def test_a_site_without_languages_knows_none() -> None:
    astro = Astro(Request("GET", "http://localhost/fr", {"accept-language": "fr"}))
    assert (astro.current_locale, astro.preferred_locale, astro.preferred_locale_list) == (None, None, [])
    with pytest.raises(NoRequest):
        _ = Astro(i18n=SITE).current_locale
