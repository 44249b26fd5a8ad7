"""What a source file is called inside the build: `pages/[id].astro` becomes the module `pages.param_id`."""

import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages

_PARAM = re.compile(r"\[(\.\.\.)?([^\[\]]*)\]")

RESERVED = frozenset({"__init__", "__main__", "__pycache__"})
"""Module names that mean something to Python itself."""


@lru_cache(1 << 16)
def python_name(stem: str) -> str:
    """The Python name of one file or folder, without its extension.

    `[id]` → `param_id`, `[...path]` → `rest_path`, `404` → `_404`, `about-us` → `about_us`, `class` → `class_`. Letters
    of any alphabet stay. Names are in the normal form NFKC, in which Python compares them.
    """
    if stem.isascii() and stem.isidentifier() and not keyword.iskeyword(stem) and stem not in RESERVED:
        return stem
    name = _PARAM.sub(lambda match: ("rest_" if match[1] else "param_") + match[2], stem)
    name = unicodedata.normalize("NFKC", name)
    name = "".join(char if _continues_name(char) else "_" for char in name)
    if not name.isidentifier():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in RESERVED else name


@lru_cache(1 << 16)
def module_name(path: str) -> str:
    """The dotted name of the module that a source becomes: `components/forms/Field.astro` → `components.forms.Field`.

    `path` is relative to the source root, with forward slashes. `lib/__init__.py` is the package `lib` itself.
    """
    *folders, file = path.split("/")
    stem = file.rpartition(".")[0]
    names = [python_name(folder) for folder in folders]
    if file != "__init__.py":
        names.append(python_name(stem))
    return ".".join(names)


def module_file(module: str, is_package: bool) -> str:
    """Where a module stands in the build. One that has a folder of its own, as `about` beside `about/team`, is its `__init__`."""
    path = module.replace(".", "/")
    if is_package:
        return f"{path}/__init__.py" if path else "__init__.py"
    return f"{path}.py"


def clashes(modules: Mapping[str, str]) -> list[Diagnostic]:
    """An error for each source whose module cannot be told from that of another one, in letter case too.

    `modules` gives the module of each source. File systems that ignore case are common, and a build may be
    moved to one.
    """
    first: dict[str, str] = {}
    found = []
    for path in sorted(modules):
        other = first.setdefault(modules[path].casefold(), path)
        if other != path:
            found.append(messages.module_clash(path, other, modules[path]))
    return found


def folder_clashes(paths: Iterable[str]) -> list[Diagnostic]:
    """An error for each folder that becomes the same package as another one: `about-us/` beside `about_us/`."""
    first: dict[str, tuple[str, str]] = {}
    found: dict[str, Diagnostic] = {}
    for path in sorted(paths):
        folders = path.split("/")[:-1]
        for depth in range(1, len(folders) + 1):
            folder = "/".join(folders[:depth])
            package = ".".join(map(python_name, folders[:depth]))
            other, other_path = first.setdefault(package.casefold(), (folder, path))
            if other != folder and folder not in found:
                found[folder] = messages.module_clash(path, other_path, package)
                break
    return list(found.values())


def _continues_name(char: str) -> bool:
    """May a character stand inside a Python name?"""
    return f"a{char}".isidentifier()
