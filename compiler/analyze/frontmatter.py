"""What the frontmatter says: what moves to the top of the module, and what runs on every render."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.astro_object import props_behind_methods
from pyastro.compiler.analyze.props import Field, Surroundings, read_props
from pyastro.compiler.analyze.scope import all_names, bound_names, free_names
from pyastro.compiler.analyze.special_names import unseen_names
from pyastro.compiler.analyze.syntax import carriage_return_problem, parse_statements
from pyastro.compiler.analyze.types import class_names, defined_type, definition_names
from pyastro.compiler.analyze.waiting import own_await
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.nodes import Frontmatter as FrontmatterNode
from pyastro.compiler.syntax_tree import children, walk

_BUILTINS = frozenset(dir(builtins))

SETTINGS = ("prerender", "partial", "stream")
"""Names of which a top-level literal assignment configures the page."""


class Statement(NamedTuple):
    """One top-level statement with the comments before it: `text` begins at `offset` of the file."""

    node: ast.stmt
    text: str
    offset: int
    start: int
    """The offset of the statement itself, after its comments."""

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node of the statement stands in the file; of one that spans lines, the first line."""
        first = min([self.node.lineno, *(d.lineno for d in getattr(self.node, "decorator_list", ()))])
        line: int = node.lineno  # type: ignore[attr-defined]  # only nodes with a place are asked for
        lines = self.text[self.start - self.offset :].split("\n")
        text = lines[line - first]
        offset = self.start + sum(len(each) + 1 for each in lines[: line - first])
        skipped = self.node.col_offset if line == first == self.node.lineno else 0
        start = _characters(text, 0, node.col_offset - skipped)  # type: ignore[attr-defined]
        end = len(text.rstrip())
        if node.end_lineno == line:  # type: ignore[attr-defined]
            end = _characters(text, 0, node.end_col_offset - skipped)  # type: ignore[attr-defined]
        return offset + start, offset + max(end, start + 1)


class Frontmatter(NamedTuple):
    """The frontmatter, taken apart."""

    imports: tuple[Statement, ...] = ()
    """Hoisted imports."""
    hoisted: tuple[Statement, ...] = ()
    """`class Props`, what its annotations use, settings and `get_static_paths`, in the author's order."""
    body: tuple[Statement, ...] = ()
    """What runs on each render."""
    props: tuple[Field, ...] | None = None
    """The fields of `class Props`; None where there is none and anything may be passed."""
    props_statement: Statement | None = None
    settings: Mapping[str, bool] = {}
    has_static_paths: bool = False
    returns: bool = False
    """Does the frontmatter return before the template?"""
    bound: frozenset[str] = frozenset()
    """The names that the body binds."""
    rebindable: frozenset[str] = frozenset()
    """The names that functions and generators of the body may bind anew whenever they run."""
    imported: frozenset[str] = frozenset()
    """The names that hoisted imports bind."""
    names: frozenset[str] = frozenset()
    """Every identifier of the frontmatter."""
    hoisted_names: frozenset[str] = frozenset()
    """The identifiers of what is hoisted."""
    has_star_import: bool = False
    is_broken: bool = False
    """Could Python not read it? Then nothing is known of the names that it binds."""
    trailing_comments: tuple[str, ...] = ()
    """The comment lines after the last statement."""


def analyze_frontmatter(node: FrontmatterNode | None) -> tuple[Frontmatter, list[Problem]]:
    """The frontmatter of a component, and what is wrong with it."""
    if node is None:
        return Frontmatter(), []
    problem = carriage_return_problem(node.text, node.span.start)
    tree = [problem] if problem else parse_statements(node.text, node.span.start)
    if not isinstance(tree, ast.Module):
        return Frontmatter(is_broken=True), tree
    statements = _statements(tree.body, node.text, node.span.start)
    analysis, problems = _Sorter(statements).sort()
    return analysis._replace(trailing_comments=_trailing_comments(statements, node)), problems


def _statements(body: Sequence[ast.stmt], text: str, offset: int) -> list[Statement]:
    """Each statement with the comments and blank lines before it."""
    starts = _line_starts(text)
    found = []
    before = 0
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        column = node.col_offset if first == node.lineno else 0
        start = starts[first - 1] + _characters(text, starts[first - 1], column)
        end_line = starts[(node.end_lineno or first) - 1]
        end = end_line + _characters(text, end_line, node.end_col_offset or 0)
        end = _statement_end(text, end)
        found.append(Statement(node, text[before:end], offset + before, offset + start))
        before = end
    return found


def _trailing_comments(statements: Sequence[Statement], node: FrontmatterNode) -> tuple[str, ...]:
    end = statements[-1].offset + len(statements[-1].text) - node.span.start if statements else 0
    return tuple(line.strip() for line in node.text[end:].split("\n") if line.strip().startswith("#"))


def _statement_end(text: str, end: int) -> int:
    """The end of a statement together with its `;` and a comment behind it."""
    stop = text.find("\n", end)
    rest = text[end : stop if stop >= 0 else len(text)]
    stripped = rest.lstrip(" \t")
    if stripped.startswith(";"):
        after = end + len(rest) - len(stripped) + 1
        remaining = text[after : stop if stop >= 0 else len(text)].strip()
        return after if remaining and not remaining.startswith("#") else end + len(rest)
    return end + len(rest)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return starts


def _characters(text: str, line_start: int, column: int) -> int:
    """A column that Python counts in bytes of UTF-8, in characters."""
    stop = text.find("\n", line_start)
    line = text[line_start : stop if stop >= 0 else len(text)]
    return column if line.isascii() else len(line.encode()[:column].decode(errors="ignore"))


class _Sorter:
    """Sorts top-level statements into what is hoisted and what stays."""

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = statements
        self.problems: list[Problem] = []

    def sort(self) -> tuple[Frontmatter, list[Problem]]:
        imports = [s for s in self.statements if isinstance(s.node, ast.Import | ast.ImportFrom)]
        props_statement = next((s for s in self.statements if _is_class(s.node, "Props")), None)
        fields = None
        if props_statement is not None:
            assert isinstance(props_statement.node, ast.ClassDef)
            fields = read_props(props_statement.node, self.around(props_statement, imports), self.problems)
        settings = self.settings()
        paths = [s for s in self.statements if _is_function(s.node, "get_static_paths")]
        types = self.types_of_props(props_statement)
        kept = [props_statement] if props_statement else []
        guarded = [s for s in self.statements if _is_type_checking(s.node)]
        hoisted = {id(s): s for s in [*guarded, *kept, *settings.values(), *paths, *types]}
        body = [s for s in self.statements if id(s) not in hoisted and s not in imports]
        self.check_hoisted([*paths, *types, *kept], body, fields or ())
        self.check_defaults(fields or (), body)
        self.check_yield(body)
        self.check_returns(body)
        self.check_waits()
        for node, problem in unseen_names([s.node for s in self.statements], SETTINGS):
            self.problems.append(problem(self.span(node)))
        for statement in body:
            for node in props_behind_methods(statement.node):
                self.problems.append(messages.prop_behind_method(self.span(node), node.attr))
        analysis = Frontmatter(
            imports=tuple(imports),
            hoisted=tuple(s for s in self.statements if id(s) in hoisted),
            body=tuple(body),
            props=fields,
            props_statement=props_statement,
            settings={name: _literal(s.node) for name, s in settings.items()},
            has_static_paths=bool(paths) or "get_static_paths" in _imported(imports),
            returns=any(own_returns(s.node) for s in body if "return" in s.text),
            bound=frozenset(bound_names([s.node for s in body])),
            rebindable=frozenset(name for s in body for name in _rebindable(s)),
            imported=frozenset(_imported(imports)),
            hoisted_names=frozenset(all_names([s.node for s in hoisted.values()])),
            names=frozenset(all_names([s.node for s in self.statements])),
            has_star_import=any(a.name == "*" for s in imports for a in s.node.names),  # type: ignore[attr-defined]  # imports only
        )
        return analysis, self.problems

    def settings(self) -> dict[str, Statement]:
        found = {}
        for statement in self.statements:
            name = _setting(statement.node)
            if name is None:
                continue
            if isinstance(_literal_node(statement.node), bool):
                found[name] = statement
            else:
                self.problems.append(messages.literal_expected(self.span(statement.node), name))
        return found

    def around(self, props: Statement, imports: Iterable[Statement]) -> Surroundings:
        """What `class Props` may refer to."""
        classes = {
            name: s.node for name, s in self.definitions(props).items() if isinstance(s.node, ast.ClassDef)
        }
        return Surroundings(classes, _origins(imports), self.span)

    def types_of_props(self, props: Statement | None) -> list[Statement]:
        """The classes and aliases that the annotations of `class Props` use, and those that these use."""
        if props is None:
            return []
        assert isinstance(props.node, ast.ClassDef)
        definitions = self.definitions(props)
        wanted, seen = class_names(props.node, with_values=False), set[str]()
        found: list[Statement] = []
        while wanted:
            name = wanted.pop()
            if name in seen or name not in definitions:
                continue
            seen.add(name)
            found.append(definitions[name])
            wanted |= definition_names(definitions[name].node)
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """How many statements bind each name."""
        return Counter([name for s in self.statements for name in bound_names([s.node])])

    def definitions(self, props: Statement) -> dict[str, Statement]:
        """The statements that define types, by name; not of a name that is bound otherwise as well."""
        named = {
            name: s for s in self.statements if s is not props and (name := defined_type(s.node)) is not None
        }
        return {name: s for name, s in named.items() if self.counts[name] == 1}

    def check_hoisted(
        self, hoisted: Iterable[Statement], body: Sequence[Statement], fields: Iterable[Field]
    ) -> None:
        """What is hoisted may not use what exists only while rendering."""
        imported = _imported(s for s in self.statements if isinstance(s.node, ast.Import | ast.ImportFrom))
        names = {f.name for f in fields} - _BUILTINS  # `type: str` hides no type of the module
        local = (bound_names([s.node for s in body]) | {"Astro"} | names) - imported
        for statement in hoisted:
            node = statement.node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                used = free_names(node) - {node.name}
            elif isinstance(node, ast.ClassDef) and node.name == "Props":
                used = class_names(node, with_values=False)
            else:
                used = definition_names(node)
            what = f"`{getattr(node, 'name', None) or defined_type(node) or 'This'}`"
            for name in sorted(used & local):
                self.problems.append(messages.cannot_hoist(self.name_span(node, name), what, name))

    def check_defaults(self, fields: Sequence[Field], body: Sequence[Statement]) -> None:
        """A default may use imports and earlier fields: nothing else exists when it is put in."""
        imported = _imported(s for s in self.statements if isinstance(s.node, ast.Import | ast.ImportFrom))
        unknown = bound_names([s.node for s in body]) | {"Astro"} | {f.name for f in fields}
        for field_ in fields:
            used = free_names(field_.default) if field_.default is not None else set()
            for name in sorted(used & unknown - imported):
                assert field_.default is not None
                self.problems.append(
                    messages.default_name(self.name_span(field_.default, name), field_.name, name)
                )
            unknown.discard(field_.name)

    def check_yield(self, body: Sequence[Statement]) -> None:
        for statement in body:
            for node in _own_scope(statement.node) if "yield" in statement.text else ():
                if isinstance(node, ast.Yield | ast.YieldFrom):
                    self.problems.append(messages.yield_in_component(self.span(node)))

    def check_returns(self, body: Sequence[Statement]) -> None:
        """A literal can never be a response."""
        literals = ast.Constant | ast.JoinedStr | ast.List | ast.Dict | ast.Tuple | ast.Set
        for statement in body:
            for node in _own_scope(statement.node) if "return" in statement.text else ():
                value = node.value if isinstance(node, ast.Return) else None
                if isinstance(value, literals) and getattr(value, "value", ...) is not None:
                    self.problems.append(messages.return_value(self.span(node)))

    def check_waits(self) -> None:
        """`await` in a plain function, which Python refuses without telling the column."""
        for statement in self.statements:
            for node in walk(statement.node) if "await" in statement.text else ():
                if not isinstance(node, ast.FunctionDef | ast.Lambda):
                    continue
                body = node.body if isinstance(node.body, list) else [node.body]
                found = next((each for part in body if (each := own_await(part))), None)
                if found is not None:
                    at = statement.span(found)
                    self.problems.append(messages.python_syntax(at, "'await' outside async function."))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node of the frontmatter stands; of one that spans lines, the first line."""
        statement = next(s for s in self.statements if any(n is node for n in walk(s.node)))
        return statement.span(node)

    def name_span(self, node: ast.AST, name: str) -> tuple[int, int]:
        for found in walk(node):
            is_text = isinstance(found, ast.Constant) and isinstance(found.value, str) and name in found.value
            if (isinstance(found, ast.Name) and found.id == name) or is_text:
                return self.span(found)
        return self.span(node)


def _rebindable(statement: Statement) -> Iterator[str]:
    if not any(word in statement.text for word in ("nonlocal", "global", ":=")):  # nearly always
        return
    for node in walk(statement.node):
        match node:
            case ast.Nonlocal(names=names) | ast.Global(names=names):
                yield from names
            case ast.NamedExpr(target=ast.Name(id=name)):
                yield name


def _is_class(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name


def _is_type_checking(node: ast.stmt) -> bool:
    """Is this `if TYPE_CHECKING:` with nothing but imports in it? Annotations may need them."""
    match node:
        case ast.If(
            test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), body=body, orelse=[]
        ):
            return all(isinstance(each, ast.Import | ast.ImportFrom) for each in body)
    return False


def _is_function(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name


def _setting(node: ast.stmt) -> str | None:
    """The setting that a statement assigns, if it does."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(
            target=ast.Name(id=name), value=ast.expr()
        ):
            return name if name in SETTINGS else None
    return None


def _literal_node(node: ast.stmt) -> object:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return value.value if isinstance(value, ast.Constant) else None


def _literal(node: ast.stmt) -> bool:
    return _literal_node(node) is True


def _imported(imports: Iterable[Statement]) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for statement in imports
        for alias in statement.node.names  # type: ignore[attr-defined]  # imports only
    }


def _origins(imports: Iterable[Statement]) -> dict[str, str]:
    """What the names that imports bind are, with the module in front."""
    found = {}
    for statement in imports:
        match statement.node:
            case ast.Import(names=names):
                found.update({a.asname: a.name for a in names if a.asname})
            case ast.ImportFrom(module=str(module), level=0, names=names):
                found.update({a.asname or a.name: f"{module}.{a.name}" for a in names})
    return found


def _own_scope(node: ast.AST) -> Iterable[ast.AST]:
    """A node and what is below it, without the insides of functions and classes."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(children(current))


def own_returns(node: ast.stmt) -> list[ast.Return]:
    """The `return`s of a statement that end the render."""
    return [each for each in _own_scope(node) if isinstance(each, ast.Return)]
