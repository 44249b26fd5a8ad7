"""Modules compiled ahead, for hosts that cannot keep what Python compiles: each of their processes would do it anew."""

import py_compile
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import cache_from_source
from pathlib import Path


def compiled_modules(modules: Iterable[tuple[str, bytes]], root: str) -> Iterator[tuple[str, bytes]]:
    """The compiled forms of some modules, each with its path and its source, that stand below `root` at their host.

    They are used whatever the dates of their sources are, and only by the minor version of Python that runs here. What
    is no module of this version is left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, target = Path(folder, "module.py"), Path(folder, "module.pyc")
        for path, source in modules:
            file.write_bytes(source)
            try:
                py_compile.compile(
                    str(file),
                    str(target),
                    dfile=f"{root}/{path}",
                    doraise=True,
                    quiet=2,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
            except (py_compile.PyCompileError, ValueError):
                continue
            yield cache_from_source(path), target.read_bytes()
