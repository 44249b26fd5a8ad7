"""Which language a visitor wants, and which one an address is in: Astro's `i18n`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyastro.runtime.patterns import pattern

__all__ = ["Locale", "Locales"]

_RANGE = r"[ \t]*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)[ \t]*(?:;[ \t]*[qQ]=([01](?:\.[0-9]{0,3})?)[ \t]*)?"
_MOST_RANGES = 50  # no browser sends as many


@dataclass(frozen=True, slots=True)
class Locale:
    """One language of a site: how its addresses spell it, and the codes by which browsers ask for it."""

    path: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locales:
    """The languages of a site. The default is the path of one of them."""

    all: tuple[Locale, ...]
    default: str

    def current(self, segments: Sequence[str]) -> str:
        """The code of the first segment of a path that names a language, else that of the default."""
        for segment in segments:
            for locale in self.all:
                if locale.path == segment:
                    return locale.codes[0]
                code = next((code for code in locale.codes if _normal(code) == _normal(segment)), None)
                if code is not None:
                    return code
        return self._default

    def preferred(self, accept_language: str | None) -> str | None:
        """The code that fits best what an `Accept-Language` header asks for; None where none fits."""
        return next(self._fitting(accept_language or ""), None)

    def preferred_list(self, accept_language: str | None) -> list[str]:
        """The codes that an `Accept-Language` header asks for, best first."""
        return list(dict.fromkeys(self._fitting(accept_language or "")))

    @property
    def _default(self) -> str:
        return next(locale.codes[0] for locale in self.all if locale.path == self.default)

    def _fitting(self, header: str) -> Iterator[str]:
        """A lookup for each range (RFC 4647, 3.4): `de-CH-1996` finds `de-CH`, else `de`. `*` stands for all the others,
        the default first.
        """
        ranges = _ranges(header)
        wanted = [tag for tag, quality in ranges if quality > 0]
        refused = {tag for tag, quality in ranges if quality == 0}
        codes = {_normal(code): code for locale in reversed(self.all) for code in reversed(locale.codes)}
        for refusal in refused:
            codes.pop(refusal, None)
        for tag in wanted:
            if tag == "*":
                others = [self._default, *(code for locale in self.all for code in locale.codes)]
                yield from (code for code in others if _normal(code) in codes)
                continue
            found = next((codes[each] for each in _shortened(tag) if each in codes), None)
            if found is not None:
                yield found


def _ranges(header: str) -> list[tuple[str, float]]:
    """The ranges of a header and their qualities, best first (RFC 9110, 12.5.4). What is malformed is left out."""
    found = [pattern(_RANGE).fullmatch(part) for part in header.split(",", _MOST_RANGES)[:_MOST_RANGES]]
    ranges = [(_normal(each[1]), min(float(each[2] or 1), 1.0)) for each in found if each]
    return sorted(ranges, key=lambda each: -each[1])


def _shortened(tag: str) -> Iterator[str]:
    """A tag, then the same without its last part, and so on; a single letter goes with what it introduces."""
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()


def _normal(code: str) -> str:
    """The code as it is compared: `pt_BR` and `pt-br` are one."""
    return code.replace("_", "-").lower()
