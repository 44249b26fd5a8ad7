"""The modules that the site uses and that are no part of it, nor installed: an application beside it, for instance."""

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import cache_from_source
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

from pyastro.compiler.project.work_folder import NAME as WORK

_LONGEST = 10.0
"""Seconds that a module may take to be imported."""

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_OWN = Path(__file__).resolve().parent.parent


class OutsideModules:
    """Their files: of those that are loaded, and of those that were and may be again."""

    def __init__(self, root: Path) -> None:
        places = (sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
        installed = {Path(place).resolve() for place in places}
        # An environment may be a folder of the site; a site may be a folder of the environment's.
        self._installed = (_OWN, *(folder for folder in installed if not root.is_relative_to(folder)))
        self._own = frozenset(sys.modules)
        """What this command loads for itself, wherever that is installed."""
        self._count = 0
        self._files: dict[Path, str] = {}

    @property
    def files(self) -> Mapping[Path, str]:
        """The file of each module, with its name."""
        if len(sys.modules) != self._count:
            self._count = len(sys.modules)
            for name, module in list(sys.modules.items()):
                path = _source(module)
                if path is not None and self._is_outside(name, path):
                    self._files[path] = name
        return self._files

    def _is_outside(self, name: str, path: Path) -> bool:
        return not (
            name in self._own
            or name.startswith(("_pyastro_", "__main__"))
            or _INSTALLED & {*path.parts}
            or any(map(path.is_relative_to, self._installed))
        )

    def note(self, error: BaseException) -> None:
        """Count the files with them from which an error came: what could not be imported is not loaded."""
        names = [frame.f_code.co_filename for frame, _ in walk_tb(error.__traceback__)]
        if isinstance(error, SyntaxError) and error.filename:
            names.append(error.filename)
        for path in map(_resolved, names):
            if path.suffix == ".py" and WORK not in path.parts and self._is_outside("", path):
                self._files.setdefault(path, "")

    @property
    def has_native(self) -> bool:
        """Is one of them no Python, and can be loaded once?"""
        files = (getattr(module, "__file__", None) for module in self._loaded().values())
        return any(isinstance(file, str) and file.endswith(tuple(EXTENSION_SUFFIXES)) for file in files)

    def _loaded(self) -> dict[str, ModuleType]:
        """Those that are loaded, by name, with what is inside of packages and has no file that can be read."""
        files = self.files
        found: dict[str, ModuleType] = {}
        for name, module in sorted(sys.modules.items()):  # a package before what is inside
            if name.rpartition(".")[0] in found or (name != "__main__" and _source(module) in files):
                found[name] = module
        return found

    def forget(self, changed: Iterable[Path]) -> Callable[[], None]:
        """Let all of them be imported anew, and the files that changed be compiled anew; gives what takes that back.

        All, because any may hold what one of the others defines.
        """
        forgotten = self._loaded()
        for name, module in forgotten.items():
            del sys.modules[name]
            _leave_package(name, module)
        for file in changed:
            # Python takes the compiled file for the file's own where the second and the size are the same.
            with suppress(OSError, NotImplementedError):
                Path(cache_from_source(str(file))).unlink(missing_ok=True)
        self._count = 0

        def take_back() -> None:
            for name in self._loaded():
                del sys.modules[name]
            sys.modules.update(forgotten)
            for name, module in forgotten.items():
                package, _, own = name.rpartition(".")
                if package in sys.modules:
                    setattr(sys.modules[package], own, module)

        return take_back

    def can_begin(self, changed: Iterable[Path]) -> bool:
        """Can a new process import the modules of these files? Then nothing is wrong with them."""
        names = [*filter(None, map(self._files.get, changed))]
        if not names:
            return False
        command = [sys.executable, "-c", f"import {', '.join(names)}"]
        try:
            return subprocess.run(command, capture_output=True, timeout=_LONGEST).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False


def _leave_package(name: str, module: object) -> None:
    """A package that stays, for it has no file, would go on giving the module that it has."""
    package, _, own = name.rpartition(".")
    if getattr(sys.modules.get(package), own, None) is module:
        delattr(sys.modules[package], own)


def _source(module: object) -> Path | None:
    file = getattr(module, "__file__", None)
    return _resolved(file) if isinstance(file, str) and file.endswith(".py") else None


@cache
def _resolved(file: str) -> Path:
    return Path(file).resolve()
