"""What the modules of a build import from outside of it."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SiteImports:
    """The imports of a build's modules, but for those of its own modules and of the standard library."""

    modules: frozenset[str]
    """The modules by their dotted names. Of `from package import name`, both `package` and `package.name`."""

    @property
    def roots(self) -> frozenset[str]:
        """The first parts of their names."""
        return frozenset(name.partition(".")[0] for name in self.modules)

    def within(self, package: str) -> bool:
        """Does the site import a package, or anything below it?"""
        return any(f"{name}.".startswith(f"{package}.") for name in self.modules)


def site_imports(build: Path) -> SiteImports:
    """The imports of all modules of a build, wherever in a module they stand."""
    modules = {name for path in sorted(build.rglob("*.py")) for name in _imports(path)}
    return SiteImports(
        frozenset(name for name in modules if name.partition(".")[0] not in sys.stdlib_module_names)
    )


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
