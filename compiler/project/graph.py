"""Who imports whom: what a page can reach, and in which order its style sheets go."""

from collections.abc import Iterable, Mapping, Sequence

from pyastro.compiler.analyze.tags import ImportedTag
from pyastro.compiler.import_statements import ImportedName
from pyastro.compiler.imports import Resolution
from pyastro.compiler.project.carried import needed_files
from pyastro.compiler.project.resolver import Resolver

Edges = Mapping[str, Sequence[str]]


def import_graph(imports: Mapping[str, Iterable[ImportedName]], resolver: Resolver) -> dict[str, list[str]]:
    """For each source, the sources that it imports, in the order of its text.

    Who imports a package can reach every component in it. `imports` holds components and carried Python files.
    """
    graph = {}
    for path, names in imports.items():
        found = list(needed_files(path, names, resolver))
        for name in names:
            found += _sources(name.resolve(path, resolver), resolver)
        graph[path] = [each for each in dict.fromkeys(found) if each in imports]
    return graph


def _sources(resolution: Resolution, resolver: Resolver) -> list[str]:
    if resolution.kind == "package" and resolution.module:
        below = resolution.module + "."
        modules = resolver.layout.modules
        return [path for path in resolver.layout.components if modules[path].startswith(below)]
    return [resolution.path] if resolution.kind in ("component", "python") and resolution.path else []


def component_of_tag(importer: str, tag: ImportedTag, resolver: Resolver) -> str | None:
    """The source of the component that a tag is, if it is one of the site's."""
    if tag.name is None:
        found = resolver.module(importer, tag.module, tag.level)
    else:
        found = resolver.member(importer, tag.module, tag.level, tag.name)
    if tag.member and found.kind == "package" and not found.is_attribute:
        found = resolver.member(importer, found.module, 0, tag.member)
    elif tag.member:
        return None
    return found.path if found.kind == "component" and not found.is_attribute else None


def reachable(start: str, graph: Edges) -> list[str]:
    """What a source reaches, depth first in the order of imports; each after what it imports, itself last."""
    order: list[str] = []
    seen = {start}
    stack = [(start, iter(graph.get(start, ())))]
    while stack:
        path, targets = stack[-1]
        target = next((each for each in targets if each not in seen), None)
        if target is None:
            order.append(path)
            stack.pop()
        else:
            seen.add(target)
            stack.append((target, iter(graph.get(target, ()))))
    return order
