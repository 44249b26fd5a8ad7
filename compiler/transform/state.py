"""What the transformation of one component knows at each moment."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from pyastro.compiler.analyze import Analysis, Interface
from pyastro.compiler.analyze.scope import filter_targets
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.imports import Script
from pyastro.compiler.module import Copy
from pyastro.compiler.nodes import Markup, Node
from pyastro.compiler.transform.builder import Body
from pyastro.compiler.transform.hints import Hints
from pyastro.compiler.transform.names import Names

MAX_SUITES = 18
"""CPython takes twenty loops and conditions inside one another in a function; more go into a function of their own."""

MAX_INDENT = 90
"""CPython takes a hundred levels of indentation."""


Leaves = Callable[[Interface], Analysis | None]
"""The analysis of a leaf's text; None where it cannot be copied."""


@dataclass(slots=True, eq=False, repr=False)
class Copies:
    """What is known of the leaves that a module holds copies of."""

    analysis: Leaves
    next_line: int
    """Where the lines of the next copy begin."""
    made: list[Copy] = field(default_factory=list)
    size: int = 0
    """The characters of all of them."""
    owners: dict[str, str] = field(default_factory=dict)
    """The variables that hold their props, and the path of the leaf that each belongs to."""
    open: set[str] = field(default_factory=set)
    """The paths of the leaves that are being copied now."""


@dataclass(slots=True, eq=False, repr=False)
class State:
    """The state that the functions of this phase share. They append to `body`."""

    analysis: Analysis
    names: Names
    components: Mapping[str, Interface | None]
    """What the imported names are, as written in tags: a component's interface; None where it is `Astro.self`."""
    local_names: frozenset[str]
    """The names that mean something in the whole template: a loop may not take them over."""
    visit: "Callable[[State, Node], None]"
    visit_markup: "Callable[[State, Markup], None]"
    waits: bool = False
    """Is the render a coroutine? If not, nothing in it awaits."""
    missing_members: Mapping[str, str | None] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    """The names of imports that lead nowhere, which has been said."""
    respelt: Mapping[str, str] = field(default_factory=dict)
    """The imported names that the module spells otherwise, because it has something of its own of that name."""
    slot_parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameter that receives each declared slot."""
    scripts: Mapping[int, Script] = field(default_factory=dict)
    """The scripts that were bundled, by where they begin."""
    body: Body = field(default_factory=Body)
    bound: frozenset[str] = frozenset()
    """The names that the loops around us bind."""
    hints: Hints = field(default_factory=dict)
    """What is promised of the types of names."""
    depth: int = 0
    """How many loops and conditions of the current function are around us."""
    indent: int = 1
    """How deeply the code is indented."""
    helpers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    uses_value: list[bool] = field(default_factory=lambda: [False])
    """For each function around us: does it need the name `value`?"""
    awaiting: list[bool] = field(default_factory=lambda: [False])
    """For each function around us: does it await anything?"""
    only_slot: str | None = None
    """While an expression with content for several slots is visited: the slot that is collected."""
    is_foreign: bool = False
    """Are we in SVG, where HTML heeds the slash of a self-closing tag?"""
    has_waited: bool = False
    """Is the function that was collected last a coroutine?"""
    writes_variables: bool = False
    """Is there an element that the variables of the component's style are written on?"""
    loop_names: set[str] = field(default_factory=set)
    """The names that loops have bound so far."""
    rebinds: bool = False
    """Has a loop bound a name that an earlier one bound?"""
    waiting_markup: int = 0
    """How many values were made so far of markup that waits."""
    assigned: set[str] = field(default_factory=set)
    """Names that `:=` has bound by now, whatever happens."""
    free_walrus: set[str] = field(default_factory=set)
    """Names that `:=` binds only inside functions of the template: the render must know them first."""
    declared: list[dict[str, str]] = field(default_factory=lambda: [{}])
    """For each function around us: the annotations of variables that it has to declare."""
    copies: Copies | None = None
    """The copies of leaves; None where none are made."""
    write_slot: "Callable[[State, str], bool] | None" = None
    """In a copy: writes what its user gave for a slot; False where it gave nothing."""
    before_first_line: int = 0
    """In a copy: how many lines come before its own."""

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Append what nodes render."""
        for node in nodes:
            self.visit(self, node)

    def helper(self, name: str) -> str:
        """The name by which this module knows a name of the runtime.

        Where the author imports all of another module, which may bring any name, it begins with an underscore: those
        are not brought.
        """
        wanted = f"_{name}" if self.analysis.frontmatter.has_star_import else name
        return self.helpers.setdefault(name, self.names.get(wanted))

    def value(self) -> str:
        """The module's name for a value that is needed twice."""
        self.uses_value[-1] = True
        return self.names.get("value")

    def awaited(self, call: str) -> str:
        """The code that awaits a call; the function around us is a coroutine then."""
        self.awaiting[-1] = True
        return f"await {call}"

    def binds(self, name: str) -> bool:
        """Does the author bind a name, in whichever scope?"""
        frontmatter, template = self.analysis.frontmatter, self.analysis.template
        fields = (field.name for field in frontmatter.props or ())
        return any(
            name in names
            for names in (frontmatter.bound, frontmatter.imported, template.bound, template.walrus, fields)
        )

    def keeps(self, name: str) -> bool:
        """Is this a variable that keeps its value from where the template first shows it?"""
        frontmatter = self.analysis.frontmatter
        is_local = name in self.bound or name in frontmatter.bound or name in self.hints
        return is_local and name not in self.analysis.template.walrus and name not in frontmatter.rebindable

    def line(self, offset: int) -> int:
        """The source line of an offset."""
        return self.before_first_line + self.analysis.source.line_of(offset)

    def static(self, text: str, offset: int) -> None:
        """Append output that never changes, which begins at an offset of the source."""
        self.body.static(text, self.line(offset))

    @contextmanager
    def new_body(self) -> Iterator[Body]:
        """Collect what is appended inside into a body of its own."""
        outer, self.body = self.body, Body()
        try:
            yield self.body
        finally:
            self.body = outer

    @contextmanager
    def suite(self, header: str, line: int) -> Iterator[None]:
        """Collect what is appended inside into a loop or a condition."""
        self.depth += 1
        self.indent += 1
        with self.new_body() as body:
            yield
        self.depth -= 1
        self.indent -= 1
        self.body.suite(header, line, body)

    @contextmanager
    def function(
        self, name: str, parameters: str, line: int, walrus: set[str], is_async: bool = False
    ) -> Iterator[None]:
        """Collect what is appended inside into a function; `walrus` are the names that `:=` binds in it.

        It is a coroutine where it awaits something, or must be one; `has_waited` tells afterwards.
        """
        depth, self.depth = self.depth, 0
        self.awaiting.append(is_async)
        self.declared.append({})
        self.indent += 1
        self.uses_value.append(False)
        with self.new_body() as body:
            if walrus:
                self.free_walrus |= walrus
                body.code(f"nonlocal {', '.join(sorted(walrus))}", None)
            with self.new_body() as inner:
                yield
            if self.uses_value.pop():
                body.code(f"{self.names.get('value')}: {self.helper('Any')}", None)
            for variable, annotation in self.declared.pop().items():
                body.code(f"{variable}: {annotation}", None)
            for statement in inner.finish():
                body.statement(statement)
        self.depth = depth
        self.indent -= 1
        self.has_waited = self.awaiting.pop()
        keyword = "async def" if self.has_waited else "def"
        self.body.suite(f"{keyword} {name}({parameters}) -> None:", line, body)

    def passed(self, expression: ast.expr) -> None:
        """Take note of names that an expression has bound, if nothing decides whether it is reached."""
        if self.analysis.template.walrus and not self.depth and len(self.awaiting) == 1:
            self.assigned |= filter_targets(expression, is_true=False)

    def rebound(self) -> set[str]:
        """The names that have a value by now, and may be bound anew while the template renders."""
        frontmatter = self.analysis.frontmatter
        known = {*frontmatter.bound, *(f.name for f in frontmatter.props or ())}
        return self.assigned | (known & (self.analysis.template.walrus | frontmatter.rebindable))

    def writer(self) -> str:
        """The parameter by which a function of the template receives its output."""
        return f"{self.names.get('write')}: {self.helper('Write')}"

    @contextmanager
    def binding(self, names: frozenset[str], hints: Hints | None = None) -> Iterator[None]:
        """Inside, these names are bound by a loop; `hints` is what is promised there."""
        outer = self.bound, self.hints
        self.bound |= names
        self.hints = self.hints if hints is None else hints
        yield
        self.bound, self.hints = outer
