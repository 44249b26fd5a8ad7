"""The modules that the site uses and that are no part of it, nor installed: an application beside it, for instance."""

import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

_OWN = Path(__file__).resolve().parent.parent


class OutsideModules:
    """Their files, and their names."""

    def __init__(self, root: Path) -> None:
        places = (sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
        installed = {Path(place).resolve() for place in places}
        # An environment may be a folder of the site; a site may be a folder of the environment's.
        self._installed = (_OWN, *(folder for folder in installed if not root.is_relative_to(folder)))
        self._count = 0
        self._files: dict[Path, str] = {}

    def files(self) -> dict[Path, str]:
        """What is loaded now."""
        if len(sys.modules) != self._count:
            self._count = len(sys.modules)
            modules = list(sys.modules.items())
            found = ((_source(module), name) for name, module in modules if not name.startswith("_pyastro_"))
            self._files = {
                path: name
                for path, name in found
                if path is not None and not any(map(path.is_relative_to, self._installed))
            }
        return self._files

    def forget(self, changed: Iterable[Path]) -> None:
        """Let all of them be imported anew, and the files that changed be compiled anew.

        All, because any may hold what one of the others defines.
        """
        for name, module in list(sys.modules.items()):
            if name != "__main__" and _source(module) in self._files:
                del sys.modules[name]
                _leave_package(name, module)
        for file in changed:
            # Python takes the compiled file for the file's own where the second and the size are the same.
            with suppress(OSError, NotImplementedError):
                Path(cache_from_source(str(file))).unlink(missing_ok=True)
        self._count = 0


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
