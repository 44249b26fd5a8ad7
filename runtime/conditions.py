"""Conditions of a request for a file: what its sender has already, or believes that we have (RFC 9110, 13)."""

from dataclasses import dataclass

from pyastro.runtime.dates import http_date, read_http_date
from pyastro.runtime.headers import Headers


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one state of a file from another: a strong tag, and the moment of its last change."""

    tag: str
    modified: int | None
    """In seconds since 1970."""

    def headers(self) -> dict[str, str]:
        """The validators as the fields of a response."""
        fields = {"etag": self.tag}
        if self.modified is not None:
            fields["last-modified"] = http_date(self.modified)
        return fields

    def refusal(self, headers: Headers) -> int | None:
        """The status for a condition that is not met: 304 for what the client has, 412 for what it must not get."""
        if self._is_another(headers):
            return 412
        known = headers.get("if-none-match")
        if known is not None:
            return 304 if self._is_among(known.replace("W/", "")) else None
        since = read_http_date(headers.get("if-modified-since"))
        return 304 if since is not None and self.modified is not None and self.modified <= since else None

    def is_meant(self, if_range: str | None) -> bool:
        """Whether a range is wanted of just this state of the file."""
        return if_range is None or if_range in self.headers().values()

    def _is_another(self, headers: Headers) -> bool:
        expected = headers.get("if-match")
        if expected is not None:
            return not self._is_among(expected)
        since = read_http_date(headers.get("if-unmodified-since"))
        return since is not None and self.modified is not None and self.modified > since

    def _is_among(self, tags: str) -> bool:
        names = [name.strip() for name in tags.split(",")]
        return "*" in names or self.tag in names
