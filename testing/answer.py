"""What a site answered, with its body read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyastro.runtime.headers import Headers
from pyastro.runtime.media_type import decode_text, parse_json
from pyastro.runtime.url import URL
from pyastro.testing.document import Document, Element, parse_html

__all__ = ["Answer"]


@dataclass(frozen=True)
class Answer:
    """A response that has arrived as a whole."""

    url: URL
    """What was asked for."""
    status: int
    headers: Headers
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)
    """The cookies that this response sets, with their values as they are sent."""
    history: tuple[Answer, ...] = ()
    """The redirects that were followed to come here."""

    @property
    def text(self) -> str:
        """The body as text."""
        return decode_text(self.body, self.headers.get("content-type"))

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.headers.get("location")

    @cached_property
    def document(self) -> Document:
        """The body as the tree that a browser makes of it."""
        return parse_html(self.text)

    def json(self) -> Any:
        """The value of a JSON body. Raises ValueError where it is none."""
        return parse_json(self.body, "The body")

    def select(self, selector: str) -> list[Element]:
        """The elements that a CSS selector matches."""
        return self.document.select(selector)

    def one(self, selector: str) -> Element:
        """The one element that a CSS selector matches. Raises AssertionError where there is not one."""
        return self.document.one(selector)

    def __repr__(self) -> str:
        return f"<Answer {self.status} {self.url}>"
