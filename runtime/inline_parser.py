"""Finding the inline scripts and styles of an HTML document."""

from __future__ import annotations

from html.parser import HTMLParser

from pyastro.runtime.inline_elements import hash_source


class InlineParser(HTMLParser):
    """Collects the texts of `<script>` and `<style>`. A script with a `src` has no text that counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str]] = []
        self._text: list[str] | None = None

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """A comment, as the HTML standard has it; the library raises an error for what SGML does not know."""
        return self.parse_bogus_comment(i, bool(report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_inline = tag == "style" or (tag == "script" and "src" not in dict(attrs))
        self._text = [] if is_inline else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag in ("script", "style"):
            self.found.append((tag, hash_source("".join(self._text))))
        self._text = None
