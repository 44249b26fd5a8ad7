"""What a site tells browsers to be careful about: headers, and which scripts and styles may run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pyastro.runtime.inline_elements import InlineSources, hash_source
from pyastro.runtime.patterns import pattern

if TYPE_CHECKING:
    from pyastro.runtime.response import Response

__all__ = ["Csp", "Policy", "SecuritySettings", "element_hashes"]

_ELEMENT = r"<(script|style)\b([^>]*)>((?s:.*?))</\1>"
_NONE = "'none'"


@dataclass(frozen=True, slots=True)
class Csp:
    """A Content-Security-Policy (CSP Level 3): what each directive allows."""

    directives: Mapping[str, Sequence[str]]
    report_only: bool = False
    """Whether browsers report what they would refuse, and refuse nothing."""

    @property
    def header(self) -> str:
        """The name of the header."""
        return "content-security-policy-report-only" if self.report_only else "content-security-policy"


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """What is configured under `security`."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of all responses that do not have them already."""
    hsts: int | None = None
    """For how many seconds browsers are to use HTTPS alone, once they did."""
    csp: Csp | None = None

    def policy(self) -> Policy | None:
        """A new policy for one visit; None where the site has none."""
        return None if self.csp is None else Policy(self.csp)

    def complete(self, response: Response, scheme: str) -> None:
        """Adds what a response lacks. A page's policy was added before, with what the page itself may run."""
        headers = response.headers
        for name, value in self.headers.items():
            if not headers.has(name):
                headers[name] = value
        if self.hsts is not None and scheme == "https" and not headers.has("strict-transport-security"):
            headers["strict-transport-security"] = f"max-age={self.hsts}"
        if self.csp is not None:
            Policy(self.csp).add_to(response)


class Policy:
    """What the browser may run of one visit's document: the site's own inline scripts and styles beside the settings'.

    What is the same in every visit is allowed by its hash, so that a page may be kept in a cache. A page that streams
    sends its head before it knows what follows, so there a nonce is used.
    """

    def __init__(self, csp: Csp) -> None:
        self._csp = csp
        self._nonce: str | None = None
        self._hashes: dict[str, dict[str, None]] = {"script": {}, "style": {}}
        self._streams = False

    @property
    def nonce(self) -> str:
        """The nonce of this visit, which the policy names once it was asked for."""
        if self._nonce is None:
            from secrets import token_urlsafe

            self._nonce = token_urlsafe(18)
        return self._nonce

    def expect_stream(self) -> None:
        """The document is sent while it is made: what is allowed later is allowed by the nonce."""
        self._streams = True
        _ = self.nonce

    def allow(self, html: str) -> str:
        """The site's own `<script>` and `<style>` elements, in a form that the browser runs."""
        if self._streams:
            return pattern(_ELEMENT).sub(rf'<\1\2 nonce="{self.nonce}">\3</\1>', html)
        self.allow_sources(element_hashes(html))
        return html

    def allow_sources(self, sources: Iterable[tuple[str, str]]) -> None:
        """Allows elements by their kind and their hash."""
        for kind, value in sources:
            self._hashes[kind][value] = None

    def add_to(self, response: Response) -> None:
        """Adds the header to an HTML response that has none."""
        headers = response.headers
        if not headers.has(self._csp.header) and headers.get("content-type", "").startswith("text/html"):
            headers[self._csp.header] = self._text()

    def _text(self) -> str:
        directives = dict(self._csp.directives)
        for kind, hashes in self._hashes.items():
            own = [*hashes, *([f"'nonce-{self._nonce}'"] if self._nonce else [])]
            name = f"{kind}-src-elem" if f"{kind}-src-elem" in directives else f"{kind}-src"
            if own:
                given = directives.get(name, directives.get("default-src", ()))
                directives[name] = [*(source for source in given if source != _NONE), *own]
        return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


@lru_cache(maxsize=1024)
def element_hashes(html: str) -> InlineSources:
    """The kind and the hash of each element in a text that pyastro itself wrote."""
    every = pattern(_ELEMENT).finditer(html)
    return tuple((found[1], hash_source(found[3])) for found in every if " src=" not in found[2])
