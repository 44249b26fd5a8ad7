"""Finding `.astro` files where Python looks for modules."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import ExecutionLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from pyastro.compiler.project.naming import module_name, python_name
from pyastro.hook.site import ImportedSite, source_root
from pyastro.runtime.component_code import component_code
from pyastro.runtime.line_map import read_line_map

SUFFIX = ".astro"


@dataclass(frozen=True)
class _Listing:
    """What of a folder can be imported and is not Python's own: components and folders, by the name of their module."""

    changed: int
    components: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)


class ComponentFinder(MetaPathFinder):
    """Finds components, and the folders that hold some: their modules are attributes of them, as in a build."""

    def __init__(self) -> None:
        self._sites: dict[Path, ImportedSite] = {}
        self._listings: dict[str, _Listing] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The specification of a component's module, or of a package that holds components; else None."""
        name = fullname.rpartition(".")[2]
        for entry in sys.path if path is None else path:
            place = entry or os.getcwd()
            listing = self._listing(place)
            if name in listing.components:
                file = Path(place, listing.components[name]).resolve()
                site = self._site(file)
                if site is not None:
                    return spec_from_file_location(
                        fullname, file, loader=ComponentLoader(fullname, file, site)
                    )
            if name in listing.folders:
                return self._package(fullname, os.path.join(place, listing.folders[name]), name)
        return None

    def _package(self, fullname: str, folder: str, name: str) -> ModuleSpec | None:
        """The package of a folder without `__init__.py`, if it holds a component or Python could not name it."""
        inside = self._listing(folder)
        is_ours = inside.components or os.path.basename(folder) != name
        if not is_ours or os.path.exists(os.path.join(folder, "__init__.py")):
            return None
        if source_root(Path(folder, "any")) is None:
            return None
        spec = ModuleSpec(fullname, FolderLoader(), is_package=True)
        spec.submodule_search_locations = [folder]
        return spec

    def _site(self, file: Path) -> ImportedSite | None:
        root = source_root(file)
        if root is None:
            return None
        if root not in self._sites:
            self._sites[root] = ImportedSite(root)
        return self._sites[root]

    def _listing(self, folder: str) -> _Listing:
        """What a folder holds now."""
        try:
            changed = os.stat(folder).st_mtime_ns
            known = self._listings.get(folder)
            if known is None or known.changed != changed:
                known = self._listings[folder] = _read(folder, changed)
        except OSError:  # no folder: an archive, or nothing at all
            return _Listing(0)
        return known


def _read(folder: str, changed: int) -> _Listing:
    listing = _Listing(changed)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX):
                listing.components[module_name(entry.name)] = entry.name
            elif not entry.name.startswith((".", "__")) and entry.is_dir():
                listing.folders[python_name(entry.name)] = entry.name
    return listing


class ComponentLoader(ExecutionLoader):
    """Loads a component's module. What it says of itself, it says of the `.astro` file."""

    def __init__(self, name: str, file: Path, site: ImportedSite) -> None:
        self.name = name
        self.path = str(file)
        self._file = file
        self._site = site

    def get_filename(self, fullname: str) -> str:
        """The `.astro` file."""
        return self.path

    def get_source(self, fullname: str) -> str:
        """The text of the `.astro` file."""
        return self._file.read_text("utf-8-sig")

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's code, with the lines of the `.astro` file. Raises SyntaxError for a site that cannot be compiled."""
        line_map = read_line_map(self._site.module(self._file))
        if line_map is None:
            return None
        return component_code(line_map, self._file, fullname.rpartition(".")[0])

    def is_package(self, fullname: str) -> bool:
        """A component holds no modules."""
        return False


class FolderLoader(Loader):
    """Makes the package of a folder: its modules are attributes, imported when they are asked for."""

    def exec_module(self, module: ModuleType) -> None:
        """Give the package its attributes."""
        package = module.__name__

        def attribute(name: str) -> ModuleType:
            if not name.startswith("__"):
                try:
                    return import_module(f"{package}.{name}")
                except ModuleNotFoundError as error:
                    if error.name != f"{package}.{name}":
                        raise
            raise AttributeError(f"module {package!r} has no attribute {name!r}")

        module.__getattr__ = attribute  # type: ignore[method-assign]  # as PEP 562 has it


def install() -> None:
    """Let Python find components, before anything else is asked. Once is enough."""
    if not any(isinstance(finder, ComponentFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, ComponentFinder())
