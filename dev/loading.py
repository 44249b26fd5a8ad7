"""Importing the modules of one build after another, of which most are the same: their code is compiled once."""

import marshal
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from pyastro.compiler.project.cache import compiler_fingerprint
from pyastro.runtime.component_code import component_code
from pyastro.runtime.origins import find_origin, know_component

_BUILDS = "_pyastro_build_"


class _Known(NamedTuple):
    """The code of a module."""

    status: tuple[float, int]
    """Of the file: its time and its size."""
    code: CodeType
    source: str | None
    """The path of the component, inside the source root, that the code says it is from."""


class CodeCache:
    """The code of modules by file, as long as the file is the same.

    The next process finds it in a file, as it would find that of other modules in `__pycache__`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, _Known] = {}
        with suppress(OSError, ValueError, EOFError, TypeError):
            made_by, known = marshal.loads(file.read_bytes())
            if made_by == _made_by():
                self._known = {path: _Known(*each) for path, each in known.items()}
        for each in self._known.values():
            if each.source is not None:
                know_component(each.code.co_filename, each.source)

    def code(self, loader: "_Loader", name: str) -> CodeType:
        """The code of a module's file."""
        stats = loader.path_stats(loader.path)
        status = stats["mtime"], stats["size"]
        known = self._known.get(loader.path)
        if known is None or known.status != status:
            known = self._known[loader.path] = _Known(status, *loader.compiled(name))
        return known.code

    def keep(self) -> None:
        """Write the file, for the next process."""
        known = {path: tuple(each) for path, each in self._known.items() if os.path.exists(path)}
        new = self._file.with_name(f"{self._file.name}.new")
        with suppress(OSError):  # then the next process compiles again
            new.write_bytes(marshal.dumps((_made_by(), known)))
            os.replace(new, self._file)


def _made_by() -> tuple[bytes, str]:
    """What another Python, or another pyastro, has another of."""
    return MAGIC_NUMBER, compiler_fingerprint()


class _Loader(SourceFileLoader):
    """Loads a module without leaving a file beside it."""

    def __init__(self, name: str, path: str, cache: CodeCache) -> None:
        super().__init__(name, path)
        self._cache = cache

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        return self._cache.code(self, fullname)

    def compiled(self, fullname: str) -> tuple[CodeType, str | None]:
        """The code, compiled now: a component's as if it stood in the `.astro` file, so that a debugger shows that; and
        then the path of that file inside the source root.
        """
        origin = find_origin(self.path)
        if origin is not None and origin.line_map is not None and origin.file is not None:
            return component_code(origin.line_map, origin.file), origin.source
        return self.source_to_code(self.get_data(self.path), self.path), None


class BuildFinder:
    """Finds the modules of builds; comes first on `sys.meta_path`."""

    def __init__(self, cache: CodeCache) -> None:
        self._cache = cache

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
