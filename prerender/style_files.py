"""The style sheets of pages that are rendered ahead: short ones stand in the page, long ones are files, which pages share."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from pyastro.minify import minified_file
from pyastro.runtime.page import Page, style_elements
from pyastro.runtime.static import IMMUTABLE_FOLDER

MOST_INLINE = 4096
"""Style sheets of so many bytes stand in a page, as in Astro."""


class StyleFiles:
    """The style sheets of a site's pages. `base` is its address, `public` the folder of its public files."""

    def __init__(self, base: str, public: Path, *, minifies: bool) -> None:
        self._base = base.rstrip("/") + "/"
        self._public = public
        self._minifies = minifies
        self.files: dict[str, bytes] = {}
        """Those that the pages need besides the public ones, by their paths."""

    def settle(self, pages: Sequence[Page[..., Any]]) -> None:
        """Decide of each page what stands in it, and what is a file beside it.

        What the same pages have goes together. The order stays, by which one rule wins.
        """
        sheets = [page.style_sheets for page in pages]
        users: dict[str, set[int]] = {}
        for number, each in enumerate(sheets):
            for sheet in each:
                users.setdefault(sheet, set()).add(number)
        for page, each in zip(pages, sheets, strict=True):
            runs = [list(run) for _, run in groupby(each, key=users.__getitem__)]
            page.head = "".join((*map(self._file_element, page.style_files), *map(self._elements, runs)))

    def _file_element(self, url: str) -> str:
        """The element of a style sheet that is a file already."""
        text = self._short_text(url)
        return style_elements([url], ()) if text is None else style_elements((), [text])

    def _elements(self, sheets: Sequence[str]) -> str:
        """The elements of style sheets that go together."""
        text = "".join(sheets)
        is_short = len(text.encode()) <= MOST_INLINE
        if is_short or any("@import" in sheet for sheet in sheets[1:]):
            return style_elements((), sheets)
        return style_elements([self._file(text)], ())

    def _short_text(self, url: str) -> str | None:
        """The text of a file that is short, and means the same in a page."""
        file = self._public / url.removeprefix(self._base)
        try:
            text = file.read_text("utf-8") if file.stat().st_size <= MOST_INLINE else None
        except (OSError, UnicodeDecodeError):
            return None
        return None if text is None or "</style" in text.lower() else text

    def _file(self, text: str) -> str:
        """The address of a file with this text."""
        data = minified_file(text.encode(), "css") if self._minifies else text.encode()
        path = f"{IMMUTABLE_FOLDER}/styles.{sha256(data).hexdigest()[:10]}.css"
        self.files[path] = data
        return f"{self._base}{path}"
