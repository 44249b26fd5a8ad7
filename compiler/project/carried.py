"""Local Python files on their way into the build: each with its imports spelt as the build needs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.import_statements import LOCAL, ImportedName, find_imports, rewrite_tree
from pyastro.compiler.imports import ImportResolver, Resolution
from pyastro.compiler.project import messages
from pyastro.compiler.project.python_file import PythonFile, parse_python
from pyastro.compiler.project.resolver import Resolver


def rewrite_imports(text: str, importer: str, resolver: ImportResolver) -> str:
    """A Python text with its local imports spelt as the build needs them, everything else as it is.

    `importer` is the path of the source that the text is from, by which relative imports go. One statement gives one or
    more on its line. Raises `CompileError` where the text is no Python.
    """
    return rewrite_tree(parse_python(importer, text), text, importer, resolver)


def imported_files(text: str, importer: str, resolver: ImportResolver) -> list[Resolution]:
    """The components, Python files and folders that a Python text imports, each once, in the order of the text.

    Raises `CompileError` where the text is no Python.
    """
    found = [name.resolve(importer, resolver) for name in find_imports([parse_python(importer, text)])]
    return list(dict.fromkeys(each for each in found if each.kind in LOCAL))


@dataclass(eq=False, repr=False)
class Carried:
    """The Python files that a build takes along, by path: read once, parsed once."""

    files: dict[str, PythonFile] = field(default_factory=dict)
    imports: dict[str, tuple[ImportedName, ...]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


def carry(
    roots: Iterable[str], resolver: Resolver, generated: Mapping[str, PythonFile] = MappingProxyType({})
) -> Carried:
    """Some Python files and all that they need in turn; what is wrong with any of them is in `problems`.

    Those that are generated are not read from the source root.
    """
    carried = Carried()
    seen: set[str] = set()
    wanted = sorted(set(roots))
    while wanted:
        path = wanted.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            file = generated.get(path) or resolver.python_file(path)
        except CompileError as error:
            carried.problems += error.diagnostics
            continue
        names = file.imports
        carried.files[path] = file
        carried.imports[path] = names
        carried.problems += _unresolved(path, names, resolver)
        wanted += needed_files(path, names, resolver)
    return carried


def needed_files(path: str, names: Iterable[ImportedName], resolver: Resolver) -> list[str]:
    """The Python files that a source needs at once: those that it imports, and the packages that Python enters for them.

    The source root's own `__init__.py` is needed only by who imports a name from it.
    """
    found: dict[str, None] = {}
    modules = [resolver.layout.modules[path]]
    for name in names:
        resolution = name.resolve(path, resolver)
        if resolution.kind == "python" and resolution.path is not None:
            found[resolution.path] = None
        if resolution.kind in LOCAL and resolution.module:
            modules.append(resolution.module)
    for module in modules:
        found |= dict.fromkeys(resolver.initializers(module))
    found.pop(path, None)
    return list(found)


def _unresolved(path: str, names: Iterable[ImportedName], resolver: Resolver) -> list[Diagnostic]:
    """An error for each import that nothing fits, unless the file itself is prepared for that."""
    problems: dict[tuple[int, str], Diagnostic] = {}
    for each in names:
        found = each.resolve(path, resolver)
        if each.is_guarded or found.kind != "missing":
            continue
        owner = resolver.module(path, each.module, each.level)
        is_owner = owner.kind == "missing" or each.name is None
        dotted = each.owner if is_owner or each.name is None else f"{each.owner.rstrip('.')}.{each.name}"
        suggestion = owner.suggestion if is_owner else found.suggestion
        shown, file = (each.name or "", found.path) if found.is_attribute else (dotted, None)
        problem = messages.import_not_found(path, each.line, each.column, shown, suggestion, file)
        problems.setdefault((each.line, dotted), problem)
    return list(problems.values())
