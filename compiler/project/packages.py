"""The `__init__.py` files of a build: through them the modules of a folder are attributes of its package."""

from collections.abc import Iterable

from pyastro.compiler.project.python_file import PythonFile, bound_in

_GENERATED = '''\
"""{folder}, compiled by pyastro: the modules of this folder are attributes of the package."""

from typing import TYPE_CHECKING

__all__ = [{names}]

if TYPE_CHECKING:
{imports}
else:

    def __getattr__(name):
        if name in __all__:
            from importlib import import_module

            return import_module(f".{{name}}", __name__)
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''

_APPENDED = """

# The modules of this folder are attributes of the package.
from typing import TYPE_CHECKING as _TYPE_CHECKING  # noqa: E402

if not _TYPE_CHECKING:

    def __getattr__(name):
        if name in ({names},):
            from importlib import import_module

            return import_module(f".{{name}}", __name__)
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""


def package_members(modules: Iterable[str]) -> dict[str, list[str]]:
    """For each package of a build, itself (the empty name) included, the names of what is directly in it."""
    members: dict[str, set[str]] = {"": set()}
    for module in modules:
        while module:
            parent, _, name = module.rpartition(".")
            members.setdefault(parent, set()).add(name)
            module = parent
    return {package: sorted(names) for package, names in sorted(members.items())}


def generated_initializer(package: str, members: Iterable[str]) -> str:
    """The `__init__.py` of a folder for which the author wrote none."""
    names = list(members)
    folder = f"{package.replace('.', '/')}/" if package else "The site"
    imports = "\n".join(f"    from . import {name} as {name}" for name in names)
    return _GENERATED.format(folder=folder, names=", ".join(f'"{name}"' for name in names), imports=imports)


def completed_initializer(file: PythonFile, text: str, members: Iterable[str]) -> str:
    """The author's own `__init__.py`, with the folder's modules as attributes unless it cares for attributes itself."""
    names = list(members)
    if not names or "__getattr__" in bound_in(file.tree):
        return text
    end = "" if not text or text.endswith("\n") else "\n"
    return text + end + _APPENDED.format(names=", ".join(map(ascii, names)))


def is_blank(file: PythonFile) -> bool:
    """Does an author's `__init__.py` hold no code?"""
    return not file.tree.body
