"""Importing the modules of one build after another, of which most are the same: their code is compiled once."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType
from typing import Any

from pyastro.runtime.component_code import component_code
from pyastro.runtime.origins import find_origin

_BUILDS = "_pyastro_build_"


class CodeCache:
    """The code of modules by file, as long as the file is the same."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[tuple[float, int], CodeType]] = {}

    def code(self, loader: "_Loader", name: str) -> CodeType:
        """The code of a module's file."""
        stats = loader.path_stats(loader.path)
        key = stats["mtime"], stats["size"]
        known = self._codes.get(loader.path)
        if known is None or known[0] != key:
            known = key, loader.compiled(name)
            self._codes[loader.path] = known
        return known[1]


class _Loader(SourceFileLoader):
    """Loads a module without leaving a file beside it."""

    def __init__(self, name: str, path: str, cache: CodeCache) -> None:
        super().__init__(name, path)
        self._cache = cache

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        return self._cache.code(self, fullname)

    def compiled(self, fullname: str) -> CodeType:
        """The code, compiled now: a component's as if it stood in the `.astro` file, so that a debugger shows that."""
        origin = find_origin(self.path)
        if origin is not None and origin.line_map is not None and origin.file is not None:
            return component_code(origin.line_map, origin.file)
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


class BuildFinder:
    """Finds the modules of builds; comes first on `sys.meta_path`."""

    def __init__(self) -> None:
        self._cache = CodeCache()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The specification of a module of a build; None for any other."""
        if path is None or not name.startswith(_BUILDS):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return spec
        loader: Any = _Loader(name, spec.loader.path, self._cache)
        return spec_from_file_location(
            name,
            spec.loader.path,
            loader=loader,
            submodule_search_locations=spec.submodule_search_locations,
        )

    def install(self) -> None:
        """Let all imports of this process ask here first."""
        sys.meta_path.insert(0, self)
