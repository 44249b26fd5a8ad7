"""The parameters of a render: what is handed down, and the props."""

import ast
from collections.abc import Mapping
from types import MappingProxyType

from pyastro.compiler.analyze.frontmatter import Statement
from pyastro.compiler.analyze.props import Field
from pyastro.compiler.analyze.types import class_names
from pyastro.compiler.module import Line
from pyastro.compiler.syntax_tree import walk
from pyastro.compiler.transform.frontmatter import first_line, respelt_text
from pyastro.compiler.transform.state import State

SPELLING = "__spelling__"
"""The parameter by which a caller says how it spells props, where that is not as HTML does. The runtime knows it too."""


def parameters(state: State) -> tuple[str, ...]:
    """The parameters of `render`, one string each."""
    write, context = state.names.get("write"), state.names.get("context")
    positional = (
        f"{write}: {state.helper('Write')}",
        f"{context}: {state.helper('Context')}",
        *_slot_parameters(state),
        "/",
    )
    fields = state.analysis.frontmatter.props
    if fields is None:
        return *positional, f"**{any_props(state)}: {state.helper('Any')}"
    keywords = tuple(_parameter(state, field) for field in fields)
    if state.analysis.interface.wants_spelling:
        keywords += (f"{SPELLING}: {state.helper('Spelling')} = None",)
    attrs = (f"**{state.names.get('attrs')}: {state.helper('Any')}",) if takes_attrs(state) else ()
    return (*positional, *(("*",) if keywords else ()), *keywords, *attrs)


def _slot_parameters(state: State) -> tuple[str, ...]:
    """One for each declared slot; one for all of them where any may be asked for."""
    if state.analysis.interface.slots is None:
        return (f"{state.names.get('slots')}: {state.helper('Slots')} = {state.helper('NO_SLOTS')}",)
    type_ = state.helper("Slot") if state.slot_parameters else ""
    return tuple(f"{name}: {type_} | None = None" for name in state.slot_parameters.values())


def any_props(state: State) -> str:
    """The parameter of a component without `class Props`. The runtime tells by the name whether it wants attributes."""
    return state.names.get("attrs" if takes_attrs(state) else "props")


def takes_attrs(state: State) -> bool:
    """Does the component take undeclared props?"""
    return bool(state.analysis.astro_attributes & {"attrs", "*"})


def _parameter(state: State, field: Field) -> str:
    annotation = _text(state, field.annotation, state.respelt)
    if field.is_required:
        return f"{field.name}: {annotation}"
    default = field.default
    assert default is not None
    text = _text(state, default) if not is_late(state, field) else state.helper("DEFAULT")
    return f"{field.name}: {annotation} = {text}"


def is_late(state: State, field: Field) -> bool:
    """Is the default put in only when the component renders?

    A default that could change is evaluated afresh for each render. Where the component reads `Astro.props`, it must
    be known which props the caller gave.
    """
    return field.default is not None and (not field.has_constant_default or reads_props(state))


def reads_props(state: State) -> bool:
    """Does the component use `Astro.props`?"""
    return bool(state.analysis.astro_attributes & {"props", "*"})


def _text(state: State, node: ast.expr, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The author's spelling of an annotation or a default, on one line; `names` are spelt otherwise in it."""
    found = _segment(_statement_of(state, node), node)
    if found is None:
        found = ast.unparse(node)
        node = ast.parse(found, mode="eval").body
    found = respelt_text(found, (node.lineno, node.col_offset), node, names)
    if isinstance(node, ast.Tuple | ast.NamedExpr) and not found.startswith("("):
        return f"({found})"
    return found


def _segment(statement: Statement, node: ast.expr) -> str | None:
    """The text of a part of a statement; None where it goes on on another line."""
    if node.end_lineno != node.lineno:
        return None
    text = statement.text[statement.start - statement.offset :]
    row = node.lineno - first_line(statement)
    line = text.split("\n", row + 1)[row].encode()
    before = 0 if row else statement.node.col_offset
    return line[node.col_offset - before : (node.end_col_offset or 0) - before].decode()


def _statement_of(state: State, node: ast.expr) -> Statement:
    """The class in which a field's annotation or default stands: `class Props`, or a base of it."""
    return next(
        s
        for s in state.analysis.frontmatter.hoisted
        if first_line(s) <= node.lineno <= (s.node.end_lineno or 0)
    )


def _statement_source(statement: Statement) -> str:
    """A text in which Python's places of the statement are right: as many lines before it as there were."""
    indent = " " * statement.node.col_offset
    return "\n" * (first_line(statement) - 1) + indent + statement.text[statement.start - statement.offset :]


def default_lines(state: State) -> list[Line]:
    """The statements that put in the defaults of props that were not given."""
    lines = []
    for field in state.analysis.frontmatter.props or ():
        if not is_late(state, field):
            continue
        assert field.default is not None
        statement = _statement_of(state, field.default)
        line = state.line(statement.start) + field.default.lineno - first_line(statement)
        marker = state.helper("DEFAULT")
        lines.append(Line(f"if {field.name} is {marker}:", line))
        lines.append(Line(f"    {field.name} = {_text(state, field.default)}", line))
    return lines


def props_class(statement: Statement) -> Statement:
    """`class Props` for the top of the module: a default that names or calls something does not stand there.

    Such a default is evaluated on each render, may use earlier fields, and is nobody's affair at import. A class with a
    decorator (`@dataclass`) stands there as it is: its author wants to make objects of it.
    """
    node = statement.node
    assert isinstance(node, ast.ClassDef)
    body = [_declaration(each, class_names(node, with_values=False)) for each in node.body]
    if node.decorator_list or body == node.body:
        return statement
    source = _statement_source(statement)
    text = source
    for old in reversed([old for old, new in zip(node.body, body, strict=True) if old is not new]):
        assert isinstance(old, ast.AnnAssign)
        start = _offset(source, old.annotation.end_lineno or 0, old.annotation.end_col_offset or 0)
        start = source.index("=", start)
        end = _offset(source, old.end_lineno or 0, old.end_col_offset or 0)
        text = text[:start] + _blank(text[start:end]) + text[end:]
    class_ = ast.copy_location(ast.ClassDef(node.name, node.bases, node.keywords, body, []), node)
    lead = statement.start - statement.offset
    skipped = len(source) - len(statement.text) + lead
    return statement._replace(node=class_, text=statement.text[:lead] + text[skipped:])


def _declaration(node: ast.stmt, types: set[str]) -> ast.stmt:
    """A field without a default that does not stand in the class.

    With a default, `date: date | None = None` would hide the type for this annotation, and for all below.
    """
    if not isinstance(node, ast.AnnAssign) or node.value is None:
        return node
    hides_type = isinstance(node.target, ast.Name) and node.target.id in types
    if _is_display(node.value) and not hides_type:
        return node
    return ast.copy_location(ast.AnnAssign(node.target, node.annotation, None, node.simple), node)


def _blank(text: str) -> str:
    """White space that takes the same place in each line, as Python counts it."""
    return "\n".join(" " * len(line.encode()) for line in text.split("\n"))


def _is_display(node: ast.expr) -> bool:
    """Is this a literal, or a list, tuple, set or dict of literals?"""
    return not any(isinstance(each, ast.Name | ast.Call | ast.Await | ast.Lambda) for each in walk(node))


def _offset(source: str, line: int, column: int) -> int:
    lines = source.split("\n")
    before = sum(len(each) + 1 for each in lines[: line - 1])
    text = lines[line - 1]
    return before + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))
