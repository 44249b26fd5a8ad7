"""Modules compiled ahead, for hosts that cannot keep what Python compiles: each of their processes would do it anew."""

import py_compile
import tempfile
from importlib.util import cache_from_source
from pathlib import Path


def compiled_module(path: str, source: bytes, root: str) -> tuple[str, bytes] | None:
    """The path and the bytes of the compiled form of a module, which stands below `root` at its host.

    It is used whatever the date of its source is, and only by the minor version of Python that runs here. None for what
    is no module of this version.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, target = Path(folder, "module.py"), Path(folder, "module.pyc")
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
            return None
        return cache_from_source(path), target.read_bytes()
