"""The head of a response: its status and headers."""

from __future__ import annotations

from functools import cache

from pyastro.runtime.errors import ResponseSentError
from pyastro.runtime.headers import Headers, HeadersInit
from pyastro.runtime.patterns import pattern

__all__ = ["ResponseInit"]

_STATUS_TEXT = r"[\t\x20-\x7e\x80-\xff]*"


class ResponseInit:
    """Status, status text and headers; `Astro.response` is one, for a page to change before it is sent."""

    __slots__ = ("_headers", "_is_sent", "_status", "_status_text")

    def __init__(
        self, status: int = 200, status_text: str | None = None, headers: HeadersInit | None = None
    ) -> None:
        """Make a head. Raises ValueError for a status outside 200 to 599 or a text HTTP refuses."""
        self._is_sent = False
        self._status = status if status.__class__ is int and 200 <= status <= 599 else _checked_status(status)
        self._status_text = None if status_text is None else _checked_text(status_text)
        self._headers = Headers(headers)

    @property
    def status(self) -> int:
        """The status code, from 200 to 599 (Fetch standard)."""
        return self._status

    @status.setter
    def status(self, status: int) -> None:
        self._check("Setting the status")
        self._status = _checked_status(status)

    @property
    def status_text(self) -> str | None:
        """The reason phrase; None stands for the usual one of the status."""
        return self._status_text

    @status_text.setter
    def status_text(self, text: str | None) -> None:
        self._check("Setting the status text")
        self._status_text = None if text is None else _checked_text(text)

    @property
    def headers(self) -> Headers:
        """The headers; a mapping or pairs may be assigned."""
        return self._headers

    @headers.setter
    def headers(self, headers: HeadersInit) -> None:
        self._check("Setting the headers")
        self._headers = Headers(headers)

    @property
    def reason(self) -> str:
        """The status text as it is sent: the one given, else the usual one, else nothing."""
        if self._status_text is not None:
            return self._status_text
        return _phrase(self._status)

    @property
    def ok(self) -> bool:
        """Whether the status says success: 200 to 299."""
        return 200 <= self._status <= 299

    def seal(self) -> None:
        """From now on every change raises ResponseSentError: the head is on its way."""
        self._is_sent = True
        self._headers.seal()

    def _check(self, change: str) -> None:
        if self._is_sent:
            raise ResponseSentError(change)


@cache
def _phrase(status: int) -> str:
    """The usual reason phrase of a status (RFC 9110, 15); nothing for one that has none."""
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _checked_status(status: int) -> int:
    if not isinstance(status, int) or isinstance(status, bool):
        raise TypeError(f"A status must be an int, not {type(status).__name__}")
    if not 200 <= status <= 599:
        raise ValueError(f"A status must be between 200 and 599, not {status}")
    return int(status)


def _checked_text(text: str) -> str:
    if not pattern(_STATUS_TEXT).fullmatch(text):
        raise ValueError(f"{text!r} cannot be a status text (RFC 9112, 4)")
    return text
