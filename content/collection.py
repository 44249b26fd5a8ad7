"""Collections, and the entries in them."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from pyastro.assets import Asset
from pyastro.content.errors import ContentError
from pyastro.content.images import ImageTable
from pyastro.content.rendering import Body, RenderedEntry, render_entry
from pyastro.content.schema import Schema, SchemaError
from pyastro.markdown import Document, FrontMatterError, read_document
from pyastro.markdown.document import read_data
from pyastro.runtime.suggest import closest

T = TypeVar("T")
_MARKDOWN = (".md", ".markdown")
_ENDINGS = (*_MARKDOWN, ".json", ".toml", ".yaml", ".yml")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One file of a collection."""

    id: str
    """Its path inside the collection, without the ending: `2024/hello`."""
    collection: str
    data: T
    """The front matter, or the data, as the schema has it."""
    body: str
    """The Markdown; empty for data."""
    file: Path
    path: str = field(default="", compare=False)
    """The file as messages call it: `content/blog/hello.md`."""
    first_line: int = field(default=1, compare=False, repr=False)
    """The line of the file at which the body begins."""
    images: Mapping[str, Asset] = field(default_factory=dict, compare=False, repr=False)
    """The images beside the file that it names, by their paths as they stand there."""

    async def render(self, components: Mapping[str, Any] | None = None) -> RenderedEntry:
        """The body as a component, and its headings: `Content, headings = await entry.render()`.

        `components` maps names to components that stand for the tags of that name: `{"Note": Note}` for `<Note>` in the
        text, `{"blockquote": Quote}` for the element that Markdown makes.
        """
        body = Body(self.body, self.path, self.first_line, self.images)
        return render_entry(body, components or {})


class Collection(Generic[T]):
    """A folder of entries. It is read once, when it is first asked for."""

    def __init__(self, name: str, folder: Path, schema: Any, home: Path | None = None) -> None:
        self.name = name
        self.folder = folder
        self._schema = Schema(schema, _known)
        self._home = home
        """The folder of the file that defines it."""
        self._entries: dict[str, Entry[T]] | None = None

    async def entries(self) -> list[Entry[T]]:
        """All entries, by their ids. Raises ContentError for the first that does not fit."""
        return list(self._read().values())

    async def entry(self, id: str) -> Entry[T]:
        """The entry with this id. Raises LookupError."""
        return self._find(id)

    def _find(self, id: str) -> Entry[T]:
        entries = self._read()
        if id not in entries:
            close = closest(id, entries)
            hint = f"; did you mean {close!r}?" if close else ""
            raise LookupError(f"there is no entry {id!r} in the collection {self.name!r}{hint}")
        return entries[id]

    def _read(self) -> dict[str, Entry[T]]:
        if self._entries is None:
            if not self.folder.is_dir():
                raise FileNotFoundError(
                    f"The collection {self.name!r} has no folder: {_shown(self.folder)} is missing"
                )
            images = ImageTable(self._home)
            files = [(name, self.folder / name) for name in sorted(_names(self.folder), key=_parts)]
            self._entries = _by_id(self._entry(name, file, images.of(file)) for name, file in files)
        return self._entries

    def _entry(self, name: str, file: Path, images: Mapping[str, Asset]) -> Entry[T]:
        path = _shown(file)
        try:
            with open(file, encoding="utf-8") as stream:
                text = stream.read()
        except UnicodeDecodeError as error:
            raise ContentError(path, "", 1, 1, f"This file is not UTF-8: {error.reason}") from None
        try:
            document = _parsed(file, text)
        except FrontMatterError as error:
            raise ContentError(path, text, error.line, error.column, str(error)) from None
        try:
            value: T = self._schema.checked(document.data, images.get)
        except SchemaError as error:
            raise ContentError(path, text, _line(file, text, error.path), 1, error.sentence) from None
        id, _ = os.path.splitext(name)
        return Entry(id, self.name, value, document.body, file, path, document.first_line, images)

    def __repr__(self) -> str:
        return f"<collection {self.name!r}>"


def _by_id(entries: Iterable[Entry[T]]) -> dict[str, Entry[T]]:
    """Entries by their ids. Raises ContentError where two have the same."""
    found: dict[str, Entry[T]] = {}
    for entry in entries:
        other = found.setdefault(entry.id, entry)
        if other is not entry:
            raise ContentError(entry.path, "", 1, 1, f"{other.path} has the id {entry.id!r} as well")
    return found


def _known(collection: object, id: str) -> None:
    """Raises LookupError where a reference leads nowhere."""
    assert isinstance(
        collection, Collection
    ), "a reference names a collection: Annotated[Reference[Author], authors]"
    collection._find(id)


def _names(folder: Path) -> Iterator[str]:
    """The files of a folder that are entries, by their paths inside of it."""
    start = len(str(folder)) + 1
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        for name in names:
            file = os.path.join(above, name)
            if name.endswith(_ENDINGS) and not name.startswith(("_", ".")) and os.path.isfile(file):
                yield file[start:].replace(os.sep, "/")


def _parts(path: str) -> list[str]:
    return path.split("/")


def _parsed(file: Path, text: str) -> Document:
    """The data and the body of an entry's text."""
    if file.suffix in _MARKDOWN:
        return read_document(text)
    if file.suffix != ".json":
        data, lines = read_data(text, "toml" if file.suffix == ".toml" else "yaml")
        return Document(data, "", lines)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise FrontMatterError(f"JSON: {error.msg}", error.lineno, error.colno) from None
    if not isinstance(found, dict):
        raise FrontMatterError('Names with values are expected, such as `{"title": "Hello"}`', 1)
    return Document(found, "")


def _line(file: Path, text: str, path: Sequence[str | int]) -> int:
    """The line of a value inside of an entry's data; that of what holds it where its own is not known."""
    try:  # JSON is YAML as well, which knows its lines
        lines = read_data(text, "yaml")[1] if file.suffix == ".json" else _parsed(file, text).lines
    except FrontMatterError:
        return 1
    names = [".".join(map(str, path[:end])) for end in range(len(path), 0, -1)]
    return next((lines[name] for name in names if name in lines), 1)


def _shown(file: Path) -> str:
    """A file as messages call it: from the folder `content` on."""
    parts = file.parts
    return "/".join(parts[parts.index("content") :]) if "content" in parts else file.name


@overload
def define_collection(name: str, *, schema: type[T], folder: str | Path | None = None) -> Collection[T]: ...
@overload
def define_collection(
    name: str, *, schema: None = None, folder: str | Path | None = None
) -> Collection[dict[str, Any]]: ...
def define_collection(name: str, *, schema: Any = None, folder: str | Path | None = None) -> Collection[Any]:
    """A collection: the files below the folder of its name, beside the file that defines it (`content/config.py`).

    `schema` is a dataclass, a TypedDict or a pydantic model; without one, data is a dict. `folder` is another place.
    """
    here = Path(sys._getframe(1).f_globals["__file__"]).parent
    return Collection(name, here / (name if folder is None else folder), schema, here)


async def get_collection(
    collection: Collection[T], where: Callable[[Entry[T]], object] | None = None
) -> list[Entry[T]]:
    """The entries of a collection, those for which `where` is true."""
    entries: Iterable[Entry[T]] = await collection.entries()
    return [entry for entry in entries if where is None or where(entry)]


async def get_entry(collection: Collection[T], id: str) -> Entry[T]:
    """The entry with this id. Raises LookupError, which names the nearest one."""
    return await collection.entry(id)
