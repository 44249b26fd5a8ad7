"""Snapshots: the memory of an interpreter, with which another one goes on later, elsewhere."""

import importlib
import os
import sys
from collections.abc import Iterable

_IMPORTED_LATE = (
    "pyastro.runtime.fetch_response",
    "pyastro.runtime.fetch_web",
    "pyastro.runtime.forms",
    "pyastro.runtime.multipart",
    "pyastro.runtime.sessions.fernet",
    "pyastro.runtime.streaming",
)
"""What the runtime imports when it is first used."""


def prepare(*folders: str) -> None:
    """Do what needs to be done once, before a snapshot is made of the interpreter.

    Nothing of the site is run: what it reads then, secrets among it, is not for a file. But the code of all modules below
    the folders is written beside them.
    """
    from compileall import compile_dir
    from py_compile import PycInvalidationMode

    for name in _IMPORTED_LATE:
        importlib.import_module(name)
    # By the hash of its source: a host may give the files other dates.
    for folder in folders:
        compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def resume(environment: Iterable[tuple[str, str]]) -> None:
    """Give the interpreter what a snapshot cannot hold: this host's environment, files, and randomness.

    Without it, all that go on from one snapshot would draw the same numbers.
    """
    os.environ.update((name, value) for name, value in environment)
    importlib.invalidate_caches()
    if "random" in sys.modules:
        sys.modules["random"].seed()
