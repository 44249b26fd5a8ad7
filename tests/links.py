"""The links of a folder of files, as a browser would follow them."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ORIGIN = "http://site.test"


class _Reader(HTMLParser):
    """Collects the addresses and the ids of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.links += [found[name] or "" for name in ("href", "src") if name in found]
        if found.get("id"):
            self.ids.add(str(found["id"]))


def _read(file: Path) -> _Reader:
    reader = _Reader()
    reader.feed(file.read_text("utf-8"))
    return reader


def dead_links(folder: Path, origin: str = ORIGIN) -> list[str]:
    """The links of all pages that lead to no file of the folder, or to no id in it: `page: link`."""
    pages = {file: _read(file) for file in sorted(folder.rglob("*.html"))}
    dead = []
    for file, page in pages.items():
        here = f"{origin}/{file.relative_to(folder).as_posix().removesuffix('index.html')}"
        for link in page.links:
            url = urlsplit(urljoin(here, link))
            if f"{url.scheme}://{url.netloc}" != origin:
                continue
            target = folder / unquote(url.path).lstrip("/")
            target = target / "index.html" if target.is_dir() or url.path.endswith("/") else target
            is_there = target.is_file() and (not url.fragment or unquote(url.fragment) in pages[target].ids)
            if not is_there:
                dead.append(f"{file.relative_to(folder).as_posix()}: {link}")
    return dead
