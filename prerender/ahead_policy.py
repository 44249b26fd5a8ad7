"""The Content-Security-Policy of a page that is rendered once for all its visitors."""

import re
from collections.abc import Iterable

from pyastro.runtime.inline_elements import hash_source
from pyastro.runtime.security import Policy

_ATTRIBUTE = r"""\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_ELEMENT = rf"(?i)<(?P<tag>script|style)(?P<attributes>(?:{_ATTRIBUTE})*)\s*>(?P<text>(?s:.*?))</(?P=tag)\s*>"
_SRC = r"""(?i)\ssrc\s*=\s*["']?(?P<url>[^"'\s>]*)"""
_ELSEWHERE = r"(?i)[a-z][a-z0-9+.-]*:|//"


class SharedNonce(Exception):
    """A page that is rendered ahead writes its nonce where nothing can take the nonce's place."""


class AheadPolicy(Policy):
    """Allows by its hash what a page allows by its nonce: who has seen the page once would know the nonce of all visitors."""

    def settle(self, html: str, headers: Iterable[tuple[str, str]]) -> str:
        """The page without its nonce, which the policy does not name either.

        Raises SharedNonce for a nonce that stands elsewhere than at an element whose text is known.
        """
        nonce, self._nonce = self._nonce, None
        if nonce is None:
            return html
        settled = re.sub(_ELEMENT, lambda element: self._without(element, nonce), html)
        if nonce in settled or any(nonce in value for _, value in headers):
            raise SharedNonce(
                "it writes `Astro.nonce` elsewhere than as the `nonce` of a <script> or <style>"
            )
        return settled

    def _without(self, element: re.Match[str], nonce: str) -> str:
        attribute = f' nonce="{nonce}"'
        tag, attributes, text = element["tag"].lower(), element["attributes"], element["text"]
        if attribute not in attributes:
            return element[0]
        source = re.search(_SRC, attributes) if tag == "script" else None
        if source is None:
            self.allow_sources([(tag, hash_source(text))])
        elif re.match(_ELSEWHERE, source["url"]):
            raise SharedNonce(
                f"its script {source['url']} has `Astro.nonce`, and the text of another site's script is not known: name "
                "that site in `script-src` under `security.csp`"
            )
        return element[0].replace(attribute, "", 1)
