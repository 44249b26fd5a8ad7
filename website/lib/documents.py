"""The documents in the order of their table of contents, and their HTML with links that lead inside of the site."""

import re
from dataclasses import dataclass

from content.config import docs

from pyastro.content import Entry, get_collection

_ITEM = re.compile(r"^- \[(?P<id>[\w-]+)\.md\]\((?P=id)\.md\): (?P<about>(?:.|\n {2})+)", re.MULTILINE)
_LINK = re.compile(r'<a href="(?P<to>[^"]*)">(?P<text>.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Document:
    """One page."""

    id: str
    title: str
    about: str
    entry: Entry[dict[str, object]]


async def documents() -> list[Document]:
    """All documents; those that the table of contents does not name come last."""
    entries = {entry.id: entry for entry in await get_collection(docs)}
    contents = entries.pop("README").body
    found = [
        Document(item["id"], _title(entries[item["id"]]), _plain(item["about"]), entries.pop(item["id"]))
        for item in _ITEM.finditer(contents)
        if item["id"] in entries
    ]
    return found + [Document(id, _title(entry), "", entry) for id, entry in entries.items()]


def _plain(text: str) -> str:
    """A sentence of Markdown as text, on one line."""
    return " ".join(text.replace("`", "").split())


def _title(entry: Entry[dict[str, object]]) -> str:
    first = re.search(r"^# (.+)$", entry.body, re.MULTILINE)
    return first[1] if first else entry.id


def linked(html: str) -> str:
    """HTML of a document whose links to other documents lead to their pages; what is outside of `docs/` is no link."""

    def link(match: re.Match[str]) -> str:
        to, text = match["to"], match["text"]
        if "://" in to or to.startswith("#"):
            return match[0]
        path, _, fragment = to.partition("#")
        if not re.fullmatch(r"[\w-]+\.md", path):
            return text
        id = path.removesuffix(".md")
        address = "/" if id == "README" else f"/{id}/"
        return f'<a href="{address}{fragment and "#" + fragment}">{text}</a>'

    return (
        _LINK.sub(link, html)
        .replace('src="performance.svg"', 'src="/performance.svg"')
        .replace('src="images/', 'src="/images/')
    )
