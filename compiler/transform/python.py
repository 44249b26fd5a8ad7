"""Pieces of the author's Python as code: what stands in the source, with markup replaced by values."""

import ast
import re

from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.analyze.free import markup_names, markup_walrus
from pyastro.compiler.analyze.scope import Inner, inner_scopes
from pyastro.compiler.analyze.waiting import waits
from pyastro.compiler.nodes import Expression, Markup
from pyastro.compiler.syntax_tree import walk
from pyastro.compiler.transform.state import State

ATOMS = (
    ast.Name,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Call,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.JoinedStr,
)
"""Expressions that need no brackets, wherever they stand."""


def has_markup(parsed: ParsedExpression, node: ast.AST) -> bool:
    """Does markup stand anywhere in this piece of an expression?"""
    return bool(parsed.markup) and any(id(each) in parsed.markup for each in walk(node))


def python(state: State, parsed: ParsedExpression, node: ast.expr) -> str:
    """A piece of an expression as code that may be an operand: in brackets where it needs them."""
    text = _text(state, parsed, node)
    if isinstance(node, ATOMS) and "\n" not in text:
        return text
    return text if _is_bracketed(node, text) else _bracketed(text)


def argument(state: State, parsed: ParsedExpression, node: ast.expr) -> str:
    """A piece of an expression as code that may be an argument, the value of a keyword or of a dict's item."""
    text = _text(state, parsed, node)
    needs_brackets = isinstance(node, ast.NamedExpr | ast.Tuple | ast.GeneratorExp) or "\n" in text
    return _bracketed(text) if needs_brackets and not _is_bracketed(node, text) else text


def _text(state: State, parsed: ParsedExpression, node: ast.expr) -> str:
    start, end = parsed.span(node)
    text = parsed.code[start:end]
    if state.waits and ("await" in text or "async" in text) and waits(node):
        state.awaiting[-1] = True
    if has_markup(parsed, node):
        text = _with_markup_values(state, parsed, node, start, text)
    return text.replace("\r\n", "\n")


def _is_bracketed(node: ast.expr, text: str) -> bool:
    """Does the code have brackets of its own? Those of a bare generator are the braces."""
    return isinstance(node, ast.GeneratorExp | ast.Tuple) and text.startswith("(") and text.endswith(")")


def _bracketed(text: str) -> str:
    return f"({text}\n)" if "#" in text.rpartition("\n")[2] else f"({text})"


def _with_markup_values(state: State, parsed: ParsedExpression, node: ast.expr, start: int, text: str) -> str:
    """The code of a piece in which each markup is replaced by the value that stands for it."""
    scopes = inner_scopes(node)
    places = sorted((n for n in walk(node) if id(n) in parsed.markup), key=lambda each: parsed.span(each)[0])
    values = [markup_value(state, parsed.markup[id(place)], scopes[id(place)]) for place in places]
    for place, value in zip(reversed(places), reversed(values), strict=True):
        from_, to = (at - start for at in parsed.span(place))
        if from_ == 0:
            text = value + text[to:]
            continue
        before, after = text[: from_ - 1], text[text.index(")", to) + 1 :]
        is_beside_word = re.search(_WORD, before) or re.match(_WORD, after)
        text = f"{before}({value}){after}" if is_beside_word else before + value + after
    return text


_WORD = r"\w\Z|\A\w"


def markup_value(state: State, markup: Markup, inner: Inner) -> str:
    """Code that makes a value of some markup; a function with its body is appended first.

    The names that comprehensions and lambdas around it bind are captured when the value is made, like those of the
    loops around us, and what may be bound anew.
    """
    template = state.analysis.template
    walrus = markup_walrus(template, markup) - inner.bound - state.bound
    changing = inner.bound | inner.filtered | state.bound | state.rebound()
    captured = sorted(markup_names(template, markup) & changing - walrus)
    name = state.names.numbered("markup")
    parameters = ", ".join([state.writer(), *(f"{each}: {state.helper('Any')}" for each in captured)])
    with (
        state.binding(frozenset(captured)),
        state.function(name, parameters, state.line(markup.span.start), walrus),
    ):
        state.visit_markup(state, markup)
    state.waiting_markup += state.has_waited
    return f"{state.helper('MarkupValue')}({', '.join([state.names.get('context'), name, *captured])})"


def formatted(state: State, parsed: ParsedExpression) -> str:
    """The code of a whole expression, with its conversion and format spec applied."""
    spec = parsed.expression.format
    if spec is None:
        return argument(state, parsed, parsed.tree)
    text = python(state, parsed, parsed.tree)
    if state.waits and "await" in (spec.spec or ""):
        state.awaiting[-1] = True
    field = f"{text}{'!' + spec.conversion if spec.conversion else ''}{':' + spec.spec if spec.spec is not None else ''}"
    for quote in ('"', "'", '"""', "'''"):
        if quote not in field and "\n" not in field and "\\" not in field and not field.endswith(quote[0]):
            return f"f{quote}{{{' ' if field.startswith('{') else ''}{field}}}{quote}"
    return _format_call(text, spec.conversion, _spec_code(state, parsed.expression))


def _format_call(value: str, conversion: str | None, spec: str | None) -> str:
    """A format by a method of a literal: `format` and `repr` may be the author's own names."""
    converted = f"!{conversion}" if conversion else ""
    if spec is None:
        return f'"{{{converted}}}".format({value})'
    return f'"{{{converted}:{{}}}}".format({value}, {spec})'


def _spec_code(state: State, expression: Expression) -> str | None:
    """The code of a format spec that does not stand in an f-string."""
    assert expression.format is not None
    tree = state.analysis.template.spec_trees.get(id(expression))
    if tree is None:
        return None if expression.format.spec is None else repr(expression.format.spec)
    assert isinstance(tree, ast.JoinedStr)
    assert isinstance(tree.values[0], ast.FormattedValue)
    return _joined_code(tree.values[0].format_spec)


def _joined_code(spec: ast.expr | None) -> str:
    """The pieces of a spec, added to one another."""
    assert isinstance(spec, ast.JoinedStr)
    pieces = [each for each in spec.values if not (isinstance(each, ast.Constant) and each.value == "")]
    return " + ".join(map(_piece_code, pieces)) or "''"


def _piece_code(piece: ast.expr) -> str:
    if not isinstance(piece, ast.FormattedValue):
        return ast.unparse(piece)
    conversion = chr(piece.conversion) if piece.conversion > 0 else None
    inner = _joined_code(piece.format_spec) if piece.format_spec is not None else None
    return _format_call(ast.unparse(piece.value), conversion, inner)


def is_string(node: ast.expr) -> bool:
    """Is this certainly an exact `str`: a literal, an f-string, or text joined by a literal?"""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str()), attr="join" | "format" | "replace" | "upper")
        ):
            return True
    return False


def is_no_string(node: ast.expr) -> bool:
    """Is this certainly no `str`: a list, a dict, a comprehension, a function?"""
    return isinstance(
        node,
        ast.List
        | ast.Tuple
        | ast.Set
        | ast.Dict
        | ast.ListComp
        | ast.SetComp
        | ast.GeneratorExp
        | ast.Lambda
        | ast.Compare,
    )


def is_boolean(state: State, node: ast.expr) -> bool:
    """Is this `True` or `False`?"""
    match node:
        case ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return True
        case ast.Compare():
            return True
        case ast.BoolOp(values=values):
            return all(is_boolean(state, each) for each in values)
        case ast.Call(
            func=ast.Name(id="bool" | "isinstance" | "callable" | "hasattr" | "any" | "all" as name)
        ):
            return not state.binds(name)
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="Astro"), attr="slots"), attr="has")
        ):
            return not state.binds("Astro")
    return False


def fits_into_fstring(text: str) -> bool:
    """May this code stand in an f-string on Python 3.11, whatever its quotes?"""
    return not any(c in text for c in "\n\\#") and not ('"""' in text and "'''" in text)


def embed(state: State, text: str, line: int) -> str:
    """Code that may stand in an f-string and does the same; where it may not, it is assigned first."""
    if fits_into_fstring(text):
        return text
    value = state.value()
    state.body.code(f"{value} = {text}", line)
    return value


def expression_code(state: State, expression: Expression) -> str | None:
    """The code of an attribute's expression; None where nothing stands in the braces."""
    parsed = state.analysis.template.expressions.get(id(expression))
    if parsed is None:
        return None
    code = formatted(state, parsed)
    state.passed(parsed.tree)
    return code
