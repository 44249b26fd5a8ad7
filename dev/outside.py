"""The modules that the site uses and that are no part of it, nor installed: an application beside it, for instance."""

import sys
import sysconfig
from functools import cache
from pathlib import Path

_OWN = Path(__file__).resolve().parent.parent


class OutsideModules:
    """Their files, and their names. Only a process that starts anew takes up a change in one of them."""

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


def _source(module: object) -> Path | None:
    file = getattr(module, "__file__", None)
    return _resolved(file) if isinstance(file, str) and file.endswith(".py") else None


@cache
def _resolved(file: str) -> Path:
    return Path(file).resolve()
