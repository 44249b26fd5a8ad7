"""The parameters of a render: what is handed down, and the props."""

import ast
from dataclasses import replace

from pyastro.compiler.analyze.frontmatter import Statement
from pyastro.compiler.analyze.props import Field
from pyastro.compiler.module import Line
from pyastro.compiler.transform.state import State


def parameters(state: State) -> tuple[str, ...]:
    """The parameters of `render`, one string each."""
    write, context, slots = (state.names.get(n) for n in ("write", "context", "slots"))
    positional = (
        f"{write}: {state.helper('Write')}",
        f"{context}: {state.helper('Context')}",
        f"{slots}: {state.helper('Slots')}",
        "/",
    )
    fields = state.analysis.frontmatter.props
    if fields is None:
        return *positional, f"**{state.names.get('props')}: {state.helper('Any')}"
    keywords = tuple(_parameter(state, field) for field in fields)
    attrs = (f"**{state.names.get('attrs')}: {state.helper('Any')}",) if takes_attrs(state) else ()
    return (*positional, *(("*",) if keywords else ()), *keywords, *attrs)


def takes_attrs(state: State) -> bool:
    """Does the component take undeclared props?"""
    return bool(state.analysis.astro_attributes & {"attrs", "*"})


def _parameter(state: State, field: Field) -> str:
    annotation = _text(state, field.annotation)
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


def _text(state: State, node: ast.expr) -> str:
    """The author's spelling of an annotation or a default, on one line."""
    statement = _statement_of(state, node)
    found = ast.get_source_segment(_statement_source(statement), node) or ast.unparse(node)
    if isinstance(node, ast.Tuple | ast.NamedExpr) and not found.startswith("("):
        return f"({found})"
    return found if "\n" not in found else ast.unparse(node)


def _statement_of(state: State, node: ast.expr) -> Statement:
    """The class in which a field's annotation or default stands: `class Props`, or a base of it."""
    return next(
        s
        for s in state.analysis.frontmatter.hoisted
        if _first_line(s) <= node.lineno <= (s.node.end_lineno or 0)
    )


def _first_line(statement: Statement) -> int:
    """The line on which a statement begins, as Python counts it: that of its first decorator."""
    node = statement.node
    first: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    return first


def _statement_source(statement: Statement) -> str:
    """A text in which Python's places of the statement are right: as many lines before it as there were."""
    indent = " " * statement.node.col_offset
    return "\n" * (_first_line(statement) - 1) + indent + statement.text[statement.start - statement.offset :]


def default_lines(state: State) -> list[Line]:
    """The statements that put in the defaults of props that were not given."""
    lines = []
    for field in state.analysis.frontmatter.props or ():
        if not is_late(state, field):
            continue
        assert field.default is not None
        statement = _statement_of(state, field.default)
        line = state.line(statement.start) + field.default.lineno - _first_line(statement)
        marker = state.helper("DEFAULT")
        lines.append(Line(f"if {field.name} is {marker}:", line))
        lines.append(Line(f"    {field.name} = {_text(state, field.default)}", line))
    return lines


def props_class(statement: Statement) -> Statement:
    """`class Props` for the top of the module: a default that names or calls something does not stand there.

    Such a default is evaluated on each render, may use earlier fields, and is nobody's affair at import. A class with a
    decorator (`@dataclass`) stands there as it is: its author wants to make objects of it.
    """
    assert isinstance(statement.node, ast.ClassDef)
    if statement.node.decorator_list:
        return statement
    source = _statement_source(statement)
    text = source
    for node in reversed(statement.node.body):
        if isinstance(node, ast.AnnAssign) and node.value is not None and not _is_display(node.value):
            start = _offset(source, node.annotation.end_lineno or 0, node.annotation.end_col_offset or 0)
            start = source.index("=", start)
            end = _offset(source, node.end_lineno or 0, node.end_col_offset or 0)
            text = text[:start] + "\n" * source.count("\n", start, end) + text[end:]
    if text == source:
        return statement
    lead = len(source) - len(statement.text[statement.start - statement.offset :])
    return replace(statement, text=statement.text[: statement.start - statement.offset] + text[lead:])


def _is_display(node: ast.expr) -> bool:
    """Is this a literal, or a list, tuple, set or dict of literals?"""
    return not any(isinstance(each, ast.Name | ast.Call | ast.Await | ast.Lambda) for each in ast.walk(node))


def _offset(source: str, line: int, column: int) -> int:
    lines = source.split("\n")
    before = sum(len(each) + 1 for each in lines[: line - 1])
    text = lines[line - 1]
    return before + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))
