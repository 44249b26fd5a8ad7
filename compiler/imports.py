"""What the compiler asks of the tree of sources: where an import leads."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Protocol

from pyastro.compiler.images import Rendition


class Resolution(NamedTuple):
    """Where an import leads.

    `path` is relative to the source root; `module` is the dotted name inside the build. `is_attribute` tells that the
    imported name is something inside a Python file, not a module; of what is missing, that the file is there.
    """

    kind: Literal["component", "python", "package", "external", "missing"]
    path: str | None = None
    module: str | None = None
    suggestion: str | None = None
    is_attribute: bool = False


class Asset(NamedTuple):
    """A file that a page names: where it is served, and what it is; or why it cannot be used."""

    kind: Literal["found", "missing", "outside", "refused", "circle", "unreadable"]
    url: str = ""
    width: int | None = None
    height: int | None = None
    format: str = ""
    suggestion: str | None = None
    renditions: Mapping[str, Rendition] = {}
    """What is made of an image, by the key of the recipe."""
    lacks_pillow: bool = False
    """Would more be made of it, were Pillow installed?"""

    def to_json(self) -> list[Any]:
        """The same as JSON."""
        renditions = {key: each.to_json() for key, each in self.renditions.items()}
        own = [self.kind, self.url, self.width, self.height, self.format, self.suggestion]
        return [*own, renditions, self.lacks_pillow]


class Script(NamedTuple):
    """A module script that was bundled: the address of its file, or its text where it is short."""

    url: str = ""
    text: str = ""


class ImportResolver(Protocol):
    """Finds imported modules among the sources."""

    def module(self, importer: str, module: str | None, level: int) -> Resolution:
        """Where `from <module> import …` in the file `importer` leads."""

    def member(self, importer: str, module: str | None, level: int, name: str) -> Resolution:
        """Where the name `name` of `from <module> import <name>` leads."""

    def module_name(self, path: str) -> str:
        """The dotted name inside the build of a source file."""

    def asset(self, importer: str, path: str) -> Asset:
        """The file that a path means in the file `importer`."""

    def script(self, component: str, start: int) -> Script:
        """What became of the script that begins at an offset of a component."""


def relative_spelling(importer: str, target: str) -> str:
    """How the module `importer` of a build names the module or package `target` of the same build.

    >>> relative_spelling("pages.blog.index", "components.Card")
    '...components.Card'
    >>> relative_spelling("pages.index", "pages")
    '.'
    """
    package = importer.split(".")[:-1]
    parts = target.split(".") if target else []
    shared = 0
    while shared < len(package) and shared < len(parts) and package[shared] == parts[shared]:
        shared += 1
    return "." * (len(package) - shared + 1) + ".".join(parts[shared:])
