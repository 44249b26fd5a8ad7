"""The author's imports as the build spells them, and the components that they bring."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyastro.compiler import messages
from pyastro.compiler.analyze import Analysis, Interface
from pyastro.compiler.analyze.frontmatter import Statement
from pyastro.compiler.analyze.image_tags import image_interface
from pyastro.compiler.analyze.tags import RESERVED
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.import_statements import find_imports, rewrite_tree
from pyastro.compiler.imports import ImportResolver, Resolution, relative_spelling
from pyastro.compiler.module import Code, code
from pyastro.compiler.source import Source
from pyastro.compiler.transform.names import Names

_COMPONENT_NAMES = frozenset(
    {"render", "Props", "STYLE", "get_static_paths", "prerender", "partial", "stream"}
)
"""What may be imported from a component's module."""


@dataclass(slots=True, eq=False, repr=False)
class Imports:
    """The imports of a module."""

    future: list[str] = field(default_factory=list)
    lines: list[Code] = field(default_factory=list)
    components: dict[str, Interface | None] = field(default_factory=dict)
    """What a tag of that name is, where an import says so."""
    rebound: dict[str, str] = field(default_factory=dict)
    """Names that the render binds to what the module calls otherwise."""
    aliases: list[str] = field(default_factory=list)
    """Statements after the imports, by which rebound names that the module uses itself get a second name."""
    missing_members: dict[str, str | None] = field(default_factory=dict)
    """Tags that name what a package of the build does not have, and what was perhaps meant."""
    missing: set[str] = field(default_factory=set)
    """The names of imports that lead nowhere."""
    problems: list[Problem] = field(default_factory=list)


def read_imports(
    analysis: Analysis,
    resolver: ImportResolver,
    interfaces: Mapping[str, Interface],
    names: Names,
    tags: Iterable[str],
) -> Imports:
    """The imports of a component; `tags` are the names of the component tags in its template."""
    reader = _Reader(analysis, resolver, interfaces, names, set(tags))
    for statement in analysis.frontmatter.imports:
        reader.statement(statement)
    reader.note_images()
    reader.imports.lines += [code(alias) for alias in reader.imports.aliases]
    return reader.imports


def inner_imports(
    source: Source, statement: Statement, resolver: ImportResolver, problems: list[Problem]
) -> Statement:
    """A statement with the imports inside its functions and conditions spelt as the build needs them."""
    names = find_imports([statement.node])
    if not names:
        return statement
    for name in names:
        found = name.resolve(source.path, resolver)
        if found.kind == "missing" and not name.is_guarded:
            problems.append(_not_found(source, statement, name.name or name.owner, found))
    text = statement.text if statement.text.startswith(("\n", "\r")) else statement.text.lstrip()
    return statement._replace(text=rewrite_tree(ast.parse(text), text, source.path, resolver))


def _not_found(source: Source, statement: Statement, name: str, found: Resolution) -> Problem:
    """That an imported name is nowhere, said at its place."""
    bare = name.lstrip(".")
    text = source.text
    start = text.find("import", statement.start) if found.is_attribute else statement.start
    at = _word_at(text, bare, start) if bare else statement.start
    at = at if statement.start <= at < statement.offset + len(statement.text) else statement.start
    file = found.path if found.is_attribute else None
    return messages.component_not_found((at, at + max(len(bare), 1)), name, found.suggestion, file)


def _word_at(text: str, name: str, start: int) -> int:
    """Where a name stands as a whole word, or -1."""
    found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(text, start)
    return found.start() if found else -1


class _Reader:
    def __init__(
        self,
        analysis: Analysis,
        resolver: ImportResolver,
        interfaces: Mapping[str, Interface],
        names: Names,
        tags: set[str],
    ) -> None:
        self.analysis = analysis
        self.path = analysis.source.path
        self.resolver = resolver
        self.interfaces = interfaces
        self.names = names
        self.tags = tags
        self.importer = resolver.module_name(self.path)
        self.imports = Imports()
        self.rebinds = analysis.frontmatter.bound | analysis.template.walrus | RESERVED

    def statement(self, statement: Statement) -> None:
        line = self.analysis.source.line_of(statement.start)
        node = statement.node
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.plain(statement, alias, line)
        elif isinstance(node, ast.ImportFrom):
            self.from_import(statement, node, line)

    def add(self, text: str, line: int) -> None:
        self.imports.lines.append(code(text, line))

    def bind(self, name: str) -> str:
        """The name under which the module knows an import that the author calls `name`.

        Where what is hoisted uses it, it keeps its name, and gets the other one besides.
        """
        if name not in self.rebinds:
            return name
        module_name = self.names.new(f"{name}_")
        self.imports.rebound[name] = module_name
        if name in self.analysis.frontmatter.hoisted_names and name not in RESERVED:
            self.imports.aliases.append(f"{module_name} = {name}")
            return name
        return module_name

    # ------------------------------------------------------------ import a.b [as c]

    def plain(self, statement: Statement, alias: ast.alias, line: int) -> None:
        found = self.resolver.module(self.path, alias.name, 0)
        bound = alias.asname or alias.name.partition(".")[0]
        name = self.bind(bound)
        if found.kind == "external":
            self.check_elsewhere(statement, alias, bound)
            as_name = f" as {name}" if alias.asname or name != bound else ""
            if "." in alias.name and not alias.asname and name != bound:
                self.add(f"import {alias.name}", line)
                self.add(f"import {bound} as {name}", line)
            else:
                self.add(f"import {alias.name}{as_name}", line)
        elif found.kind == "missing":
            self.missing(statement, alias.name, found)
        elif alias.asname or "." not in alias.name:
            assert found.module is not None
            self.member_line(found.module, name, line)
            self.note_component(bound, found)
        else:
            assert found.module is not None
            self.member_line(found.module, self.names.new(f"{alias.name.replace('.', '_')}_"), line)
            self.member_line(alias.name.partition(".")[0], name, line)

    def check_elsewhere(self, statement: Statement, alias: ast.alias, bound: str) -> None:
        """A tag is seldom an installed package, where the site has a component of that name."""
        if bound not in self.tags or "." in alias.name:
            return
        beside = self.resolver.member(self.path, None, 1, alias.name)
        ours = f"from . import {alias.name}" if beside.kind == "component" else beside.suggestion or ""
        if ours.startswith("from "):
            at = _word_at(self.analysis.source.text, alias.name, statement.start)
            problem = messages.import_from_elsewhere((at, at + len(alias.name)), alias.name, ours)
            self.imports.problems.append(problem)

    def member_line(self, module: str, name: str, line: int) -> None:
        """Import a module of the build under a name."""
        spelling, item = self.member_import(module, name)
        self.add(f"from {spelling} import {item}", line)

    def member_import(self, module: str, name: str) -> tuple[str, str]:
        """How a module of the build is imported under a name: from where, and as what."""
        package, _, leaf = module.rpartition(".")
        return relative_spelling(self.importer, package), f"{leaf} as {name}" if name != leaf else leaf

    # ------------------------------------------------------------ from a import b [as c]

    def from_import(self, statement: Statement, node: ast.ImportFrom, line: int) -> None:
        if node.module == "__future__" and node.level == 0:
            self.imports.future += [alias.name for alias in node.names]
            return
        origin = self.resolver.module(self.path, node.module, node.level)
        if origin.kind == "missing":
            self.missing(statement, "." * node.level + (node.module or ""), origin)
            self.imports.missing |= {alias.asname or alias.name for alias in node.names}
            return
        spelling = self.spelling(node, origin)
        items: dict[str, list[str]] = {}
        for alias in node.names:
            found = self.from_member(statement, node, alias, spelling)
            if found is not None:
                items.setdefault(found[0], []).append(found[1])
        for source, names in items.items():
            self.add(f"from {source} import {', '.join(names)}", line)

    def spelling(self, node: ast.ImportFrom, origin: Resolution) -> str:
        if origin.kind == "external" or origin.module is None:
            return "." * node.level + (node.module or "")
        return relative_spelling(self.importer, origin.module)

    def from_member(
        self, statement: Statement, node: ast.ImportFrom, alias: ast.alias, spelling: str
    ) -> tuple[str, str] | None:
        """One name of an import: from where the build imports it, and as what; None where it is not found."""
        if alias.name == "*":
            return spelling, "*"
        found = self.resolver.member(self.path, node.module, node.level, alias.name)
        bound = alias.asname or alias.name
        if found.kind == "missing":
            self.imports.missing.add(bound)
            self.missing(statement, alias.name, found)
            return None
        if found.kind == "component" and found.is_attribute and alias.name not in _COMPONENT_NAMES:
            self.component_member(statement, node, alias)
            return None
        name = self.bind(bound)
        if found.kind == "external" or found.is_attribute:
            return spelling, f"{alias.name} as {name}" if name != alias.name else alias.name
        assert found.module is not None
        self.note_component(bound, found)
        return self.member_import(found.module, name)

    def component_member(self, statement: Statement, node: ast.ImportFrom, alias: ast.alias) -> None:
        """`from ..components.Card import Card` is a habit: what a tag names is the module."""
        module, text = "." * node.level + (node.module or ""), self.analysis.source.text
        at = text.find(alias.name, text.index("import", statement.start))
        self.imports.problems.append(
            messages.component_member((at, at + len(alias.name)), module, alias.name)
        )
        self.imports.missing.add(alias.asname or alias.name)

    # ------------------------------------------------------------ components

    def note_component(self, name: str, found: Resolution) -> None:
        """Remember what tags an import makes known: the component itself, or those of a package."""
        is_prop = any(field.name == name for field in self.analysis.frontmatter.props or ())
        if is_prop or name in self.imports.rebound:
            return
        interface = self.interfaces.get(found.path or "")
        if found.kind == "component" and interface is not None:
            self.imports.components[name] = interface
        elif found.kind == "package" and found.module is not None:
            self.note_members(name, found.module)

    def note_images(self) -> None:
        """Remember the tags that are ours."""
        for tag in self.analysis.imported_tags:
            interface = image_interface(tag)
            if interface is not None and tag.tag.partition(".")[0] not in self.imports.rebound:
                self.imports.components[tag.tag] = interface

    def note_members(self, name: str, package: str) -> None:
        """The tags `<name.Member>` of the template, where the package has such a component."""
        for tag in sorted(self.tags):
            first, _, rest = tag.partition(".")
            if first != name or not rest or "." in rest:
                continue
            dots = relative_spelling(self.importer, package)
            level = len(dots) - len(dots.lstrip("."))
            member = self.resolver.member(self.path, dots.lstrip(".") or None, level, rest)
            interface = self.interfaces.get(member.path or "")
            if member.kind == "component" and interface is not None:
                self.imports.components[tag] = interface
            elif member.kind == "missing":
                self.imports.missing_members[tag] = member.suggestion

    def missing(self, statement: Statement, name: str, found: Resolution) -> None:
        self.imports.problems.append(_not_found(self.analysis.source, statement, name, found))
