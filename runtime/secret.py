"""Values that nobody is to see: in no page, no log, no error message."""

from __future__ import annotations

from typing import NoReturn

from markupsafe import escape

__all__ = ["MASK", "Secret", "mask", "remember"]

MASK = "••••••"

_SHORTEST = 6  # a shorter text stands in too many others, and is no secret
_known: set[str] = set()
"""Each secret in every spelling."""


class Secret(str):
    """A text that does not show itself: its `repr` is masked, and no page can hold it.

    Everywhere else it is a `str`: a database driver gets it as it is.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __html__(self) -> NoReturn:
        raise TypeError("A secret is never written into a page.")


def remember(text: str) -> None:
    """Have `mask` find a text from now on: a secret of this process, whichever site has it."""
    import json

    for secret in (text, password_of(text)):
        if secret and len(secret) >= _SHORTEST:
            plain = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
            _known.update(plain, map(str, map(escape, plain)))


def password_of(url: str) -> str | None:
    """The password inside a URL, which drivers may tell on its own."""
    from urllib.parse import unquote, urlsplit

    try:
        password = urlsplit(url).password
    except ValueError:
        return None
    return password and unquote(password)


def mask(text: str) -> str:
    """A text without the secrets that are known, also where they stand in it as HTML, JSON or Python."""
    for spelling in sorted(_known, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text
