"""Importing the modules of a build folder, wherever the folder is put and whatever its name is."""

import importlib
import importlib.util
import itertools
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_numbers = itertools.count(1)


class Build:
    """A build folder as a package under a name of its own.

    Two builds, or one build loaded again after it changed, stay apart; a folder called `json` does not hide the module
    of that name. Nothing is imported before it is asked for, and each module once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.name = f"_pyastro_build_{next(_numbers)}"

    def module(self, name: str) -> ModuleType:
        """The module with this dotted name inside the build, imported when it was not before.

        Whatever the module raises passes through; a module that does not exist raises ModuleNotFoundError.
        """
        if self.name not in sys.modules:
            self._add_package()
        return importlib.import_module(f"{self.name}.{name}")

    def unload(self) -> None:
        """Forgets the build's modules, so that they are imported anew when they are asked for again."""
        inside = self.name + "."
        for name in [name for name in sys.modules if name == self.name or name.startswith(inside)]:
            del sys.modules[name]
        importlib.invalidate_caches()

    def _add_package(self) -> None:
        spec = self._spec()
        package = importlib.util.module_from_spec(spec)
        sys.modules[self.name] = package
        try:
            if spec.loader is not None:
                spec.loader.exec_module(package)
        except BaseException:
            del sys.modules[self.name]
            raise

    def _spec(self) -> ModuleSpec:
        """The package's specification. A folder without `__init__.py` is a package all the same."""
        file = self.folder / "__init__.py"
        if file.is_file():
            found = importlib.util.spec_from_file_location(
                self.name, file, submodule_search_locations=[str(self.folder)]
            )
            if found is not None:
                return found
        spec = ModuleSpec(self.name, None, is_package=True)
        spec.submodule_search_locations = [str(self.folder)]
        return spec
