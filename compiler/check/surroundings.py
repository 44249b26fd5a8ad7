"""What, beside a site's own modules, decides what a type checker says of them."""

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*)", re.MULTILINE)
_INSTALLED = ("site-packages", "dist-packages")
_TYPED = (".py", ".pyi")


def surroundings(folder: Path, others: Iterable[Path]) -> str:
    """A text that differs when what the modules in a folder import does: the packages that are installed, and local ones.

    Installed packages change with their folder. Local ones are found as Python finds them, also what they import in
    turn, and known by the time and the size of each file. `others` are further folders to look for them.
    """
    digest = sha256(sys.version.encode())
    roots = list(dict.fromkeys([*others, *(Path(each or ".") for each in sys.path)]))
    for place in roots:
        if place.name in _INSTALLED and place.is_dir():
            digest.update(f"{place}\0{place.stat().st_mtime_ns}\0".encode())
    for file in _local_files(folder, [root for root in roots if _is_local(root)]):
        status = file.stat()
        digest.update(f"{file}\0{status.st_mtime_ns}\0{status.st_size}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _is_local(root: Path) -> bool:
    """Are the packages of a folder somebody's own?"""
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    own = root.name not in _INSTALLED and str(root) not in standard and root.name != "lib-dynload"
    return own and root.is_dir()


def _local_files(folder: Path, roots: list[Path]) -> Iterator[Path]:
    """The files of all local packages that the modules in a folder import, and those that these import."""
    pending = _imported(folder)
    seen: set[str] = set(sys.stdlib_module_names)
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for root in roots:
            for place in (root / name, root / f"{name}.py", root / f"{name}.pyi"):
                if place.exists():
                    yield from _files(place)
                    pending |= _imported(place) - seen


def _imported(place: Path) -> set[str]:
    """The first names of what the files of a package import."""
    found = set()
    for file in _files(place):
        for names in _IMPORT.findall(file.read_bytes()):
            found |= {name.strip() for name in names.decode().split(",")}
    return found


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for here, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        yield from (Path(here) / name for name in sorted(names) if name.endswith(_TYPED))
