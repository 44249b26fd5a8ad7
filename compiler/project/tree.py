"""Everything that is known of a site before anything is compiled."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from pyastro.compiler.analyze import Interface
from pyastro.compiler.analyze.image_tags import image_interface
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.imports import relative_spelling
from pyastro.compiler.pipeline import Inspection
from pyastro.compiler.project import messages
from pyastro.compiler.project.cache import Memory
from pyastro.compiler.project.carried import Carried, carry, needed_files
from pyastro.compiler.project.config import Config, read_config
from pyastro.compiler.project.content_images import named_images
from pyastro.compiler.project.data_files import included_files
from pyastro.compiler.project.endpoints import read_endpoint
from pyastro.compiler.project.environment_settings import FILE, MODULE, environment_module
from pyastro.compiler.project.facts import Facts, inspect_safely
from pyastro.compiler.project.graph import component_of_tag, import_graph, reachable
from pyastro.compiler.project.layout import Layout, discover
from pyastro.compiler.project.markdown_page import MARKDOWN, as_component, as_component_safely
from pyastro.compiler.project.naming import clashes, folder_clashes
from pyastro.compiler.project.python_file import PythonFile
from pyastro.compiler.project.redirects import with_redirects
from pyastro.compiler.project.remembered_bundle import Remembered
from pyastro.compiler.project.resolver import Resolver
from pyastro.compiler.project.routes import Route, find_routes
from pyastro.compiler.project.wanted_images import NamedImages, WantedImages
from pyastro.compiler.project.workers import results
from pyastro.compiler.source import Source


@dataclass(eq=False, repr=False)
class Component:
    """One `.astro` file of the tree."""

    source: Source
    facts: Facts
    inspected: Inspection | None = None
    kept: Inspection | None = None
    """What an earlier compilation of this process found, and of which the facts are still the same."""

    @property
    def inspection(self) -> Inspection:
        """The whole inspection; the source is inspected now if what is remembered of it was enough until here."""
        if self.inspected is None:
            self.inspected = self.kept or inspect_safely(as_component(self.source))
        return self.inspected


@dataclass(eq=False, repr=False)
class Tree:
    """A site as its sources tell."""

    layout: Layout
    resolver: Resolver
    config: Config = field(default_factory=Config)
    routes: list[Route] = field(default_factory=list)
    """In order of priority."""
    components: dict[str, Component] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
    """Endpoints, middleware, and the Python files that they and the components need."""
    data: list[str] = field(default_factory=list)
    """Data files that the configuration includes."""
    content: Mapping[str, NamedImages] = field(default_factory=dict)
    """The images that entries of collections name, by their files."""
    prerender: dict[str, bool] = field(default_factory=dict)
    """Whether they are rendered ahead, of the pages and endpoints that say so."""
    bundle: Remembered | None = None
    """How the scripts were bundled."""
    problems: list[Diagnostic] = field(default_factory=list)

    @cached_property
    def interfaces(self) -> dict[str, Interface]:
        """The interfaces of the components that have no error."""
        own = {
            path: c.facts.interface for path, c in self.components.items() if c.facts.interface is not None
        }
        waiting = self._users_of(
            path for path, each in own.items() if each.waits or self._may_await(path, own)
        )
        return {
            path: each if each.waits == (path in waiting) else each._replace(waits=path in waiting)
            for path, each in own.items()
        }

    def _may_await(self, path: str, known: Mapping[str, Interface]) -> bool:
        """Does a component have a tag that imports do not settle? What nobody knows may wait."""
        return any(
            image_interface(tag) is None and component_of_tag(path, tag, self.resolver) not in known
            for tag in self.components[path].facts.tags
        )

    @property
    def modules(self) -> dict[str, str]:
        """The module of each source that goes into the build."""
        return {path: self.layout.modules[path] for path in (*self.components, *self.carried.files)}

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each source that goes into the build."""
        components = {path: component.facts.hash for path, component in self.components.items()}
        generated = _generated(self.config)
        carried = {path: file.hash for path, file in self.carried.files.items() if path not in generated}
        return components | carried

    @cached_property
    def graph(self) -> dict[str, list[str]]:
        """Which sources each source imports."""
        imports = {path: component.facts.imports for path, component in self.components.items()}
        return import_graph(imports | self.carried.imports, self.resolver)

    def _users_of(self, paths: Iterable[str]) -> set[str]:
        """These components, and those that import one of them, or one that does."""
        users: dict[str, list[str]] = {}
        for path in self.components:
            for imported in self.graph.get(path, ()):
                users.setdefault(imported, []).append(path)
        found, pending = set[str](), list(paths)
        while pending:
            path = pending.pop()
            if path not in found:
                found.add(path)
                pending += users.get(path, ())
        return found

    def styles(self, page: str) -> tuple[str, ...]:
        """The style sheets that a page carries: modules, as the page names them, and the addresses of files."""
        here = self.resolver.module_name(page)
        interfaces = self.interfaces
        found: dict[str, None] = {}
        for path in reachable(page, self.graph):
            if path not in interfaces:
                continue
            files = [self.resolver.asset(path, sheet).url for sheet in interfaces[path].sheets]
            found |= dict.fromkeys(filter(None, files))
            if interfaces[path].has_style:
                found[relative_spelling(here, self.layout.modules[path])] = None
        return tuple(found)


def read_tree(pages: Path, output: Path, memory: Memory) -> Tree:
    """The site whose pages stand in a folder; what is wrong with it is in its `problems`.

    `memory` spares the sources that have not changed since they were compiled.
    """
    config, problems = read_config(pages.parent)
    layout, unusable = discover(pages, output, config.external)
    generated = _generated(config)
    problems += [
        messages.module_clash(path, config.path, MODULE) for path in generated if path in layout.python
    ]
    layout = replace(layout, python=tuple(sorted({*layout.python, *generated})))
    routes, wrong_routes = find_routes(layout)
    routes, wrong_redirects = with_redirects(routes, config)
    problems += [*unusable, *wrong_routes, *wrong_redirects]
    tree = Tree(layout, Resolver(layout, config.base, memory.files), config, routes, problems=problems)
    tree.resolver.assets.minifies = bool(config.build.get("minify"))
    _read_components(tree, memory)
    tree.data, problems = included_files(layout.root, config, output)
    tree.problems += problems
    tree.carried = carry([*_roots(tree), *generated], tree.resolver, generated)
    tree.problems += tree.carried.problems
    tree.data = [path for path in tree.data if not path.endswith((".py", ".astro"))]
    _read_endpoints(tree)
    tree.content = named_images(layout.root, tree.data, tree.carried.imports.values(), memory.files)
    facts = {path: each.facts for path, each in tree.components.items()}
    tree.resolver.assets.wanted = WantedImages.of({**facts, **tree.content})
    tree.problems += clashes(tree.modules | dict(_shadowed(tree)))
    tree.problems += folder_clashes(tree.modules)
    return tree


def _generated(config: Config) -> dict[str, PythonFile]:
    """The Python files that no one has written."""
    if not config.env:
        return {}
    return {FILE: PythonFile.of_text(FILE, environment_module(config.env, config.path))}


def _read_components(tree: Tree, memory: Memory) -> None:
    sources = list(_read_sources(tree, memory))
    known = {source.path: memory.facts(tree.layout.root, source.path, source.hash) for source in sources}
    changed = [source for source in sources if known[source.path] is None and source.path.endswith(MARKDOWN)]
    written = {source.path: text for source, text in results(changed, as_component_safely)}
    for source in sources:
        own = written.get(source.path, source)
        if not isinstance(own, Source):
            tree.problems += own
            continue
        facts = known[source.path]
        inspection = inspect_safely(own) if facts is None else None
        facts = facts or Facts.of(inspection or inspect_safely(own))
        kept = memory.inspection(source.path, facts)
        tree.components[source.path] = Component(source, facts, inspection, kept)
        tree.problems += facts.diagnostics
        if facts.prerender is not None:
            tree.prerender[source.path] = facts.prerender


def _read_sources(tree: Tree, memory: Memory) -> Iterator[Source]:
    root = tree.layout.root
    for path in tree.layout.components:
        try:
            yield memory.files.sources.get(f"{root}/{path}", partial(Source.read, root, path))
        except CompileError as error:
            tree.problems += error.diagnostics
        except OSError as error:
            tree.problems.append(messages.unreadable_source(path, error.strerror or str(error)))


def _roots(tree: Tree) -> Iterator[str]:
    """The Python files that are needed for certain."""
    yield from tree.layout.endpoints
    if tree.layout.middleware is not None:
        yield tree.layout.middleware
    yield from (path for path in tree.data if path in tree.layout.python)
    for path, component in tree.components.items():
        yield from needed_files(path, component.facts.imports, tree.resolver)


def _read_endpoints(tree: Tree) -> None:
    for path in tree.layout.endpoints:
        if path in tree.carried.files:
            endpoint, problems = read_endpoint(tree.carried.files[path])
            tree.problems += problems
            if endpoint.prerender is not None:
                tree.prerender[path] = endpoint.prerender


def _shadowed(tree: Tree) -> Iterator[tuple[str, str]]:
    """The Python files that nobody can import because a component has their name."""
    components = {tree.layout.modules[path] for path in tree.layout.components}
    for path in tree.layout.python:
        module = tree.layout.modules[path]
        if module in components and not path.endswith("__init__.py"):
            yield path, module
