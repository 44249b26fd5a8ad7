"""What an import means: a component, a Python file or a folder of the source root, or something of the environment."""

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Literal

from pyastro.compiler.diagnostics import CompileError
from pyastro.compiler.imports import Asset, Resolution, Script, relative_spelling
from pyastro.compiler.project.assets import Assets
from pyastro.compiler.project.known_files import KnownFiles
from pyastro.compiler.project.layout import Layout
from pyastro.compiler.project.naming import module_name, python_name
from pyastro.compiler.project.python_file import PythonFile
from pyastro.compiler.suggest import closest


class Resolver:
    """Answers what the imports of a site's sources mean.

    Modules are known by the names that they have in the build, so that `from ..components import about_us` finds
    `about-us.astro`. A folder is a package with or without `__init__.py`, as long as something importable is in it.
    """

    def __init__(self, layout: Layout, base: str = "/", files: KnownFiles | None = None) -> None:
        self.layout = layout
        self._known = files or KnownFiles()
        self.assets = Assets(layout.root, base)
        self.scripts: Mapping[tuple[str, int], Script] = {}
        self._external = tuple((*name.split("."),) for name in (*layout.external, "pyastro"))
        self._files: dict[str, Resolution] = {}
        self._folders: dict[str, Resolution] = {"": Resolution("package", ".", "")}
        self._members: dict[str, dict[str, None]] = {"": {}}
        self._with_components: set[str] = set()
        self._initializers: dict[str, str] = {}
        self._names: dict[str, frozenset[str] | None] = {}
        self._packages: dict[str, list[str]] = {}
        self._entered: dict[str, tuple[str, ...]] = {}
        self._answers: dict[tuple[str, str | None, int, str], Resolution] = {}
        """What was said of members, by the folder of who asked."""
        for path in layout.components:
            self._add(path, "component")
        for path in layout.python:
            self._add(path, "python")

    # ------------------------------------------------------------ questions

    def module(self, importer: str, module: str | None, level: int) -> Resolution:
        """What `from <level dots><module> import …` refers to, in the source `importer`."""
        parts = module.split(".") if module else []
        if not level:
            return self._absolute(parts)
        base = self.package(importer)
        above = level - 1
        if above > len(base):
            return Resolution("missing", suggestion=self._other_place(importer, parts))
        return self._relative(importer, base[: len(base) - above], parts)

    def member(self, importer: str, module: str | None, level: int, name: str) -> Resolution:
        """What `name` is after `from <level dots><module> import name`, in the source `importer`."""
        key = importer.rpartition("/")[0], module, level, name
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._member(importer, module, level, name)
        return found

    def _member(self, importer: str, module: str | None, level: int, name: str) -> Resolution:
        owner = self.module(importer, module, level)
        if owner.module is None or owner.kind in ("external", "missing"):
            return owner
        dotted = f"{owner.module}.{name}" if owner.module else name
        if self._is_external(dotted.split(".")):
            return Resolution("external", module=dotted)
        found = self._lookup(dotted)
        if found is not None:
            return found
        if owner.kind == "python" and owner.path is not None and not self._may_bind(owner.path, name):
            suggestion = closest(name, self._names[owner.path] or ())
            return Resolution("missing", owner.path, suggestion=suggestion, is_attribute=True)
        if owner.kind != "package":
            return Resolution(owner.kind, owner.path, owner.module, is_attribute=True)
        initializer = self._initializers.get(owner.module)
        if initializer is not None and self._may_bind(initializer, name):
            return Resolution("python", initializer, owner.module, is_attribute=True)
        if name == "*":
            return Resolution("package", owner.path, owner.module, is_attribute=True)
        if not level and not self._is_ours(owner.module):
            return Resolution("external", module=dotted)
        return Resolution(
            "missing", suggestion=self._close(owner.module, name) or self._other_import(importer, name)
        )

    def module_name(self, path: str) -> str:
        """The dotted name of a source's file in the build, by which its relative imports are counted.

        It is the module's name, with `.__init__` behind it where the module is a folder: `pages/about.astro` beside
        `pages/about/` stands in `pages/about/__init__.py`.
        """
        module = self.layout.modules[path]
        return ".".join(filter(None, [module, "__init__"])) if self.is_package(module) else module

    def asset(self, importer: str, path: str) -> Asset:
        """The file that a path means in the source `importer`."""
        return self.assets.find(importer, path)

    def script(self, component: str, start: int) -> Script:
        """What became of the script that begins at an offset of a component; nothing, where it was not bundled."""
        return self.scripts.get((component, start), Script())

    def is_package(self, module: str) -> bool:
        """Does this module of the build have a folder of its own?"""
        return module in self._folders

    def package(self, path: str) -> list[str]:
        """The package of a source, by which its relative imports go."""
        folder = path.rpartition("/")[0]
        if folder not in self._packages:
            self._packages[folder] = list(map(python_name, path.split("/")[:-1]))
        return self._packages[folder]

    def initializer(self, package: str) -> str | None:
        """The author's own `__init__.py` of a package, if there is one."""
        return self._initializers.get(package)

    def initializers(self, module: str) -> tuple[str, ...]:
        """The author's own `__init__.py` of each package that Python enters for a module, from the outside to the inside."""
        if module not in self._entered:
            outer = self.initializers(module.rpartition(".")[0]) if module else ()
            own = self._initializers.get(module) if module else None
            self._entered[module] = (*outer, own) if own is not None else outer
        return self._entered[module]

    def members(self, package: str) -> list[str]:
        """The names of the modules and packages directly inside a package, in order."""
        return sorted(self._members.get(package, {}))

    def _may_bind(self, path: str, name: str) -> bool:
        """May a Python file of the site, a package's own `__init__.py` perhaps, hold this name?"""
        if path not in self._names:
            self._names[path] = self._names_of(path)
        names = self._names[path]
        return names is None or name in names or name.startswith("__") or (name == "*" and bool(names))

    def _names_of(self, path: str) -> frozenset[str] | None:
        """The names that a Python file binds; None where that cannot be known."""
        try:
            return self.python_file(path).names
        except CompileError:
            return None

    def python_file(self, path: str) -> PythonFile:
        """A Python file of the site; raises `CompileError` where Python could not read it."""
        root = self.layout.root
        return self._known.python.get(f"{root}/{path}", partial(PythonFile.read, root, path))

    # ------------------------------------------------------------ the index

    def _add(self, path: str, kind: Literal["component", "python"]) -> None:
        module = module_name(path)
        if path.rpartition("/")[2] == "__init__.py":
            self._initializers[module] = path
            self._add_folder(module, path.rpartition("/")[0])
        else:
            self._files.setdefault(module, Resolution(kind, path, module))
            self._add_folder(module.rpartition(".")[0], path.rpartition("/")[0])
            self._members[module.rpartition(".")[0]][module.rpartition(".")[2]] = None
        if kind == "component":
            parts = module.split(".")[:-1]
            self._with_components.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))

    def _add_folder(self, module: str, path: str) -> None:
        while module and module not in self._folders:
            self._folders[module] = Resolution("package", path, module)
            self._members[module] = {}
            parent, _, name = module.rpartition(".")
            self._members.setdefault(parent, {})[name] = None
            module, path = parent, path.rpartition("/")[0]

    def _lookup(self, dotted: str) -> Resolution | None:
        return self._files.get(dotted) or self._folders.get(dotted)

    def _is_external(self, parts: list[str]) -> bool:
        return any(tuple(parts[: len(name)]) == name for name in self._external)

    def _is_ours(self, dotted: str) -> bool:
        """Is a package surely the site's own, so that what is not in it is nowhere?

        A folder of another kind could share its name with an installed package.
        """
        first = dotted.partition(".")[0]
        if first in sys.stdlib_module_names and first not in self._initializers:
            return False
        return dotted in self._with_components or first in self._initializers

    # ------------------------------------------------------------ answers

    def _absolute(self, parts: list[str]) -> Resolution:
        dotted = ".".join(parts)
        if self._is_external(parts):
            return Resolution("external", module=dotted)
        found = self._lookup(dotted)
        if found is not None:
            return found
        owner = dotted.rpartition(".")[0]
        if owner and self._is_ours(owner):
            return Resolution("missing", suggestion=self._spelling(parts))
        return Resolution("external", module=dotted)

    def _relative(self, importer: str, base: list[str], written: list[str]) -> Resolution:
        parts = [*base, *written]
        dotted = ".".join(parts)
        if parts and self._is_external(parts):
            return Resolution("external", module=dotted)
        found = self._lookup(dotted)
        if found is not None:
            return found
        slip = self._spelling(parts)
        suggestion = self._spelt(importer, slip) if slip else self._other_place(importer, written)
        return Resolution("missing", suggestion=suggestion)

    def _spelling(self, parts: list[str]) -> str | None:
        """A dotted name that exists and differs from this one by a slip in one of its parts."""
        known = ""
        for index, part in enumerate(parts):
            here = f"{known}.{part}" if known else part
            if self._lookup(here) is None:
                close = self._close(known, part)
                fixed = ".".join(filter(None, [known, close, *parts[index + 1 :]])) if close else ""
                return fixed if fixed and self._lookup(fixed) else None
            known = here
        return None

    def _close(self, package: str, name: str) -> str | None:
        """The member of a package that this name may have meant."""
        return closest(name, self.members(package))

    def _other_import(self, importer: str, name: str) -> str | None:
        """The import of a module of this name, if there is just one in the source root."""
        found = self._only_one(self._files, name)
        if found is None:
            return None
        package, _, name = found.rpartition(".")
        return f"from {self._spelt(importer, package)} import {name}"

    def _other_place(self, importer: str, written: list[str]) -> str | None:
        """What was perhaps meant by a relative name: the only other place of the source root that it fits."""
        found = self._only_one([*self._files, *self._folders], ".".join(written))
        return None if found is None else self._spelt(importer, found)

    def _only_one(self, modules: Iterable[str], tail: str) -> str | None:
        found = [module for module in modules if tail and (module == tail or module.endswith(f".{tail}"))]
        return found[0] if len(found) == 1 else None

    def _spelt(self, importer: str, module: str) -> str:
        """How the source `importer` names a module relatively."""
        return relative_spelling(".".join([*self.package(importer), "_"]), module)
