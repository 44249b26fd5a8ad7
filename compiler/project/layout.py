"""Which files belong to a site: what stands below its source root, the folder that holds its pages."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.build_folder import is_build
from pyastro.compiler.project.config import OWN_FILE, SHARED_FILE
from pyastro.compiler.project.naming import module_name

PUBLIC = "public"
MIDDLEWARE = ("middleware.py", "middleware/__init__.py")
WELL_KNOWN = ".well-known"
"""The one hidden folder that is part of a site's paths (RFC 8615)."""

SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})
SKIPPED_AT_ROOT = frozenset({PUBLIC, "dist"})
MAX_LINKS = 3
"""How many links to folders a path may go through: links between links grow without end otherwise."""

Belongs = Callable[[str, str], bool]
"""Is a folder entered? It is told by its parent's path and its name."""


@dataclass(frozen=True)
class Layout:
    """The files of a site. All paths are relative to the source root, with forward slashes, and sorted."""

    root: Path
    pages: str
    """The name of the folder that holds the pages."""
    components: tuple[str, ...]
    python: tuple[str, ...]
    """Every `.py` file that a component could import."""
    public: tuple[str, ...] = ()
    """The static files, relative to `public/`."""
    external: tuple[str, ...] = ()
    """Packages that are never taken for files of the source root."""

    @cached_property
    def endpoints(self) -> tuple[str, ...]:
        """The `.py` files below the pages that answer a route."""
        below = self.pages + "/"
        return tuple(
            path
            for path in self.python
            if path.startswith(below) and not is_private(path.removeprefix(below))
        )

    @cached_property
    def middleware(self) -> str | None:
        """The middleware beside the pages, if there is one."""
        return next((path for path in MIDDLEWARE if path in self.python), None)

    @cached_property
    def modules(self) -> dict[str, str]:
        """The module of each source. A component goes before an endpoint of its name, which is called differently."""
        modules = {path: module_name(path) for path in self.python}
        components = {path: module_name(path) for path in self.components}
        taken = set(components.values())
        for path in self.endpoints:
            if modules[path] in taken:
                modules[path] += "_endpoint"
        return modules | components

    def is_page(self, path: str) -> bool:
        """Is this component a page? Those in files or folders named `_…` below the pages are not."""
        below = self.pages + "/"
        return path.startswith(below) and not is_private(path.removeprefix(below))


def is_private(path: str) -> bool:
    """Does a name on the way, below the pages, begin with an underscore?"""
    return any(name.startswith("_") for name in path.split("/"))


def discover(
    pages: Path, output: Path | None = None, external: tuple[str, ...] = ()
) -> tuple[Layout, list[Diagnostic]]:
    """The files of the site whose pages stand in a folder, and an error for each whose name cannot be used.

    `output` is where the build goes: it is no part of the sources.
    """
    root = pages.parent
    names = [
        path
        for path in _walk(root, pages.name, output)
        if (path.endswith((".astro", ".py")) or _is_markdown_page(path, pages.name)) and not _is_hidden(path)
    ]
    public = [path.removeprefix(f"{PUBLIC}/") for path in _public_files(root, output) if not _is_hidden(path)]
    unusable = [path for path in [*names, *public] if not _is_usable(path)]
    layout = Layout(
        root=root,
        pages=pages.name,
        components=tuple(sorted(path for path in names if not path.endswith(".py") and _is_usable(path))),
        python=tuple(sorted(path for path in names if path.endswith(".py") and _is_usable(path))),
        public=tuple(sorted(path for path in public if _is_usable(path))),
        external=external,
    )
    return layout, [messages.unusable_file_name(_printable(path)) for path in sorted(unusable)]


def _is_markdown_page(path: str, pages: str) -> bool:
    """Is this a page in Markdown? Below the pages, what begins with an underscore is none, and no component either."""
    below = f"{pages}/"
    return path.endswith(".md") and path.startswith(below) and not is_private(path.removeprefix(below))


def _is_usable(path: str) -> bool:
    """Can a file of this name be told to Python, to JSON and to a person?"""
    if path.isascii() and path.isprintable():
        return "\\" not in path
    return "\\" not in path and all(c.isprintable() and not "\ud800" <= c <= "\udfff" for c in path)


def _printable(path: str) -> str:
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in path
    )


def _walk(root: Path, pages: str, output: Path | None) -> Iterator[str]:
    """The files below the source root that may be sources."""

    def belongs(folder: str, name: str) -> bool:
        if not folder and name == pages:
            return True
        if name.startswith("."):
            return name == WELL_KNOWN and (folder + "/").startswith(pages + "/")
        if name in SKIPPED or (not folder and name in SKIPPED_AT_ROOT):
            return False
        place = root / folder / name
        return not (
            _is_output(place, output) or _is_environment(place) or is_build(place) or _is_other_site(place)
        )

    yield from _files(root, "", belongs)


def _public_files(root: Path, output: Path | None) -> Iterator[str]:
    """The files that are served as they are. Hidden folders are left out, but for `.well-known`."""

    def belongs(folder: str, name: str) -> bool:
        return (name == WELL_KNOWN or not name.startswith(".")) and not _is_output(
            root / folder / name, output
        )

    if (root / PUBLIC).is_dir():
        yield from _files(root, PUBLIC, belongs)


def _is_hidden(path: str) -> bool:
    """Is a file hidden by its name, as `._Card.astro` that some systems leave beside a file?"""
    return path.rpartition("/")[2].startswith(".")


def _files(root: Path, start: str, belongs: Belongs) -> Iterator[str]:
    """The paths of the files below a folder, in order; folders that do not belong are left out, loops of links end."""
    stack: list[tuple[str, frozenset[tuple[int, int]], int]] = [(start, frozenset(), 0)]
    while stack:
        folder, above, links = stack.pop()
        place = root / folder
        try:
            status = place.stat()
            entries = sorted(os.scandir(place), key=lambda entry: entry.name, reverse=True)
        except OSError:
            continue
        here = (status.st_dev, status.st_ino)
        if here in above:
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _is_folder(entry):
                deeper = links + entry.is_symlink()
                if deeper <= MAX_LINKS and belongs(folder, entry.name):
                    stack.append((path, above | {here}, deeper))
            elif _is_file(entry):
                yield path


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_output(place: Path, output: Path | None) -> bool:
    return output is not None and place.exists() and output.exists() and place.samefile(output)


def _is_environment(place: Path) -> bool:
    return (place / "pyvenv.cfg").is_file()


def _is_other_site(place: Path) -> bool:
    """Is this another site, with pages and settings of its own?"""
    if not (place / "pages").is_dir() or not any(
        (place / name).is_file() for name in (OWN_FILE, SHARED_FILE)
    ):
        return False
    return any(
        path.endswith(".astro")
        for path in _files(place, "pages", lambda folder, name: not name.startswith("."))
    )
