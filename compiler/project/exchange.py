"""Letting one folder take another's place: at once where the system can, else so that a killed run can be put right."""

import errno
import json
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from pyastro.compiler.project.temporary import is_abandoned, remove_tree

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def install(new: Path, target: Path) -> None:
    """Put the folder `new` in the place of `target`; what was there stands at `new` afterwards."""
    if not target.exists():
        new.rename(target)
    elif not exchange(new, target):
        _rename_twice(new, target)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system or the file system cannot.

    Linux: renameat2(2) with RENAME_EXCHANGE.
    """
    function = _renameat2()
    if function is None:
        return False
    if function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    import ctypes

    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))


@cache
def _renameat2() -> Any:
    """The C library's function, or None where it has none."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    function.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    return function


# ---------------------------------------------------------------- in two steps


def _rename_twice(new: Path, target: Path) -> None:
    """Between the two renames there is no build; the journal tells the next run what to finish."""
    old = target.parent / f".{target.name}.pyastro-old"
    remove_tree(old)
    journal = _journal(target)
    journal.write_text(json.dumps({"new": new.name, "old": old.name}), "utf-8")
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        journal.unlink()
        raise
    old.rename(new)
    journal.unlink()


def recover(target: Path) -> None:
    """Finish what a killed run began: afterwards there is a whole build at `target`, if there ever was one."""
    journal = _journal(target)
    try:
        entry = json.loads(journal.read_text("utf-8"))
        new, old = (target.parent / Path(entry[key]).name for key in ("new", "old"))
    except (OSError, ValueError, TypeError, KeyError):
        with suppress(OSError):
            journal.unlink()
        return
    if new.is_dir() and not is_abandoned(new):
        return
    if not target.exists():
        whole = new if new.is_dir() else old
        if whole.is_dir():
            whole.rename(target)
    with suppress(OSError):
        journal.unlink()
    remove_tree(old)


def _journal(target: Path) -> Path:
    return target.parent / f".{target.name}.pyastro-journal"
