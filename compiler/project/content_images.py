"""The images that the entries of collections name: each is made like that of a tag, and told to the site in a table.

Nothing of a site runs while it is compiled, so that schemas are not known. What the text of an entry shows is an image for
certain; what its data names may be one, where some file of the site asks for assets at all.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Diagnostic, Problem
from pyastro.compiler.import_statements import ImportedName
from pyastro.compiler.imports import Asset
from pyastro.compiler.project.data_files import CONTENT, data_place
from pyastro.compiler.project.known_files import KnownFiles
from pyastro.compiler.project.resolver import Resolver
from pyastro.compiler.project.wanted_images import NamedImages
from pyastro.compiler.project.workers import results
from pyastro.compiler.source import Source

if TYPE_CHECKING:
    from pyastro.markdown import Document

TABLE = f"{CONTENT.rpartition('/')[0]}/__images__.json"
"""Where the table stands in a build."""
_MARKDOWN = (".md", ".markdown")
_IMAGE_NAME = rb"(?i)\.(?:gif|jpe?g|png|svg|webp)\b"
_ASSET_HOMES = ("pyastro.assets", "pyastro.runtime")


def named_images(
    root: Path, data: Iterable[str], imports: Iterable[Iterable[ImportedName]], files: KnownFiles
) -> dict[str, NamedImages]:
    """The images that entries name, by their files; those that name none are left out.

    `imports` are those of the site's Python files: whether any of them knows what an asset is.
    """
    folder = f"{CONTENT.rpartition('/')[0]}/"
    asks = any(each.name == "Asset" and each.module in _ASSET_HOMES for names in imports for each in names)
    entries = {f"{root}/{path}": path for path in data if path.startswith(folder) and not _is_private(path)}

    def read_all(names: list[str]) -> list[NamedImages]:
        paths = [entries[name] for name in names]
        read = dict(
            results([p for p in paths if _may_name_images(f"{root}/{p}", asks)], partial(_read, root, asks))
        )
        return [read.get(path, NamedImages()) for path in paths]

    known = files.asking_entries if asks else files.entries
    found = zip(entries.values(), known.get_all(list(entries), read_all), strict=True)
    return {path: each for path, each in found if each.shown or each.handed_on}


def _is_private(path: str) -> bool:
    return any(name.startswith(("_", ".")) for name in path.split("/"))


def _may_name_images(file: str, asks: bool) -> bool:
    """Is there a reason to read a file?"""
    try:
        with open(file, "rb") as stream:
            text = stream.read()
    except OSError:
        return False
    shows = file.endswith(_MARKDOWN) and b"![" in text
    return shows or (asks and re.search(_IMAGE_NAME, text) is not None)


def _read(root: Path, asks: bool, path: str) -> NamedImages:
    """What an entry names. One that cannot be read is told of by its collection."""
    try:
        from pyastro.markdown import FrontMatterError, render
    except ImportError:
        return NamedImages()
    try:
        document = _document(path, (root / path).read_text("utf-8"))
    except (FrontMatterError, UnicodeDecodeError):
        return NamedImages()
    rendered = render(document.body)
    lines = [(each.path, rendered.line_at(each.start)) for each in rendered.images]
    above = document.first_line - 1
    return NamedImages(
        tuple((path, line + above) for path, line in lines),
        frozenset(_paths(document.data)) if asks else frozenset(),
    )


def _document(path: str, text: str) -> "Document":
    """The data and the text of an entry."""
    from pyastro.markdown import Document, read_document
    from pyastro.markdown.document import read_data

    if path.endswith(_MARKDOWN):
        return read_document(text)
    return Document(read_data(text, "toml" if path.endswith(".toml") else "yaml")[0], "")


def _paths(value: object) -> Iterator[str]:
    """The texts in some data that may be paths of images."""
    if isinstance(value, str):
        if re.search(_IMAGE_NAME, value.encode("utf-8", "surrogatepass")) and "\n" not in value:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _paths(each)
    elif isinstance(value, list):
        for each in value:
            yield from _paths(each)


@dataclass(eq=False, repr=False)
class ContentImages:
    """The table of a site, and what is wrong with the images that texts show."""

    table: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        return (json.dumps(self.table, ensure_ascii=False, sort_keys=True) + "\n").encode()


def resolved_images(root: Path, named: Mapping[str, NamedImages], resolver: Resolver) -> ContentImages:
    """The images of all entries, as the site is told of them."""
    found = ContentImages()
    for path, each in sorted(named.items()):
        images: dict[str, Any] = {}
        for written, line in each.shown:
            asset = resolver.asset(path, written)
            images[written] = _listed(asset)
            found.problems += _problems(root, path, line, written, asset)
        for written in sorted(each.handed_on - images.keys()):
            asset = resolver.asset(path, written)
            if asset.kind == "found":
                images[written] = _listed(asset)
        place = data_place(path, resolver).partition("/")[2]
        found.table[place] = images
    return found


def _listed(asset: Asset) -> list[Any]:
    """An asset as the runtime reads it."""
    renditions = {key: each.to_json() for key, each in sorted(asset.renditions.items())}
    return [asset.url, asset.width, asset.height, asset.format, renditions]


def _problems(root: Path, path: str, line: int, written: str, asset: Asset) -> Iterator[Diagnostic]:
    """What is wrong with an image, at its line."""
    problem: Problem | None = None
    if asset.kind != "found":
        problem = messages.wrong_asset((0, 0), written, asset)
    elif asset.lacks_pillow:
        problem = messages.image_package((0, 0), written)
    if problem is not None:
        source = Source.read(root, path)
        yield source.diagnose(problem._replace(span=_whole_line(source, line)))


def _whole_line(source: Source, line: int) -> tuple[int, int]:
    start = source.line_starts[line - 1]
    end = source.text.find("\n", start)
    return start, end if end >= 0 else len(source.text)
