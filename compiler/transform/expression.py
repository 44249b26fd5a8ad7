"""`{…}` in content: loops and conditions that hold markup become statements, anything else becomes output."""

import ast
import re

from pyastro.compiler import messages
from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.analyze.free import expression_walrus
from pyastro.compiler.analyze.scope import free_names, target_names
from pyastro.compiler.nodes import Expression
from pyastro.compiler.syntax_tree import walk
from pyastro.compiler.transform.hints import inside_loop, kind_of
from pyastro.compiler.transform.pieces import escaped, string_pieces, value_piece, write_pieces
from pyastro.compiler.transform.python import (
    ATOMS,
    argument,
    embed,
    formatted,
    has_markup,
    is_boolean,
    is_no_string,
    is_string,
    python,
)
from pyastro.compiler.transform.state import MAX_INDENT, MAX_SUITES, State

_Loop = ast.ListComp | ast.GeneratorExp

_OWN_BUILTINS = frozenset({"str", "int", "float", "globals"})
"""Names of Python's own that the generated code means itself."""


def expression(state: State, node: Expression) -> None:
    """Append what an expression renders."""
    parsed = state.analysis.template.expressions.get(id(node))
    if parsed is None:
        return
    if node.format is not None:
        line = state.line(node.span.start)
        code = embed(state, formatted(state, parsed), line)
        _cut_before_wait(state, parsed.tree)
        state.body.dynamic(_formatted_text(state, parsed, code), line)
    else:
        value(state, parsed, parsed.tree)
    state.passed(parsed.tree)


def value(state: State, parsed: ParsedExpression, node: ast.expr) -> None:
    """Append what a piece of an expression renders."""
    if id(node) in parsed.markup:
        state.visit_markup(state, parsed.markup[id(node)])
        return
    if not has_markup(parsed, node) and _is_in_source(node):
        plain(state, parsed, node)
    elif state.indent >= MAX_INDENT:
        state.problems.append(messages.loop_too_deep(parsed.source_span(_in_source(node)), MAX_INDENT))
    elif state.depth >= MAX_SUITES:
        _in_function(state, parsed, node)
    else:
        _statements(state, parsed, node)


def _in_function(state: State, parsed: ParsedExpression, node: ast.expr) -> None:
    """Append what a piece renders, by a function of its own: the one around it holds no more loops and conditions."""
    name, line = state.names.numbered("nested"), _line(state, parsed, node)
    with state.function(name, "", line, expression_walrus(state.analysis.template, parsed, node)):
        _statements(state, parsed, node)
    state.body.code(state.awaited(f"{name}()") if state.has_waited else f"{name}()", line)


def _statements(state: State, parsed: ParsedExpression, node: ast.expr) -> None:
    """Append what a piece with markup in it renders."""
    match node:
        case ast.IfExp():
            _conditional(state, parsed, node)
        case ast.BoolOp(op=ast.And(), values=[*tests, last]):
            _and(state, parsed, tests, last)
        case ast.BoolOp(op=ast.Or(), values=values):
            _or(state, parsed, values)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            for element in elements:
                value(state, parsed, element.value if isinstance(element, ast.Starred) else element)
        case ast.ListComp() | ast.GeneratorExp():
            _loop(state, parsed, node)
        case _:
            plain(state, parsed, node)


def _line(state: State, parsed: ParsedExpression, node: ast.AST) -> int:
    return state.line(parsed.source_span(_in_source(node))[0])


def _in_source(node: ast.AST) -> ast.AST:
    """The node itself, or the first operand of the rest of a chain."""
    while isinstance(node, ast.BoolOp) and not _is_in_source(node):
        node = node.values[0]
    return node


def plain(state: State, parsed: ParsedExpression, node: ast.expr) -> None:
    """Append a value as text."""
    if isinstance(node, ast.Constant) and _constant(state, parsed, node):
        return
    line = _line(state, parsed, node)
    code = embed(state, argument(state, parsed, node), line)
    _cut_before_wait(state, node)
    kind = kind_of(node, state.hints)
    if (pieces := string_pieces(state, node)) is not None:
        write_pieces(state, pieces, parsed.source_span(node)[0])
    elif is_string(node):
        state.body.dynamic(f"{state.helper('escape')}({code})", line)
    elif is_no_string(node) or has_markup(parsed, node):
        state.body.dynamic(_whole_text(state, parsed, node, code), line)
    else:
        piece = value_piece(state, code, kind, lambda name: _text_of(state, name))
        state.body.dynamic(piece.text, line, piece.is_text, piece.escaped)


def _cut_before_wait(state: State, node: ast.expr) -> None:
    """Let a page that streams send what stands before an `await`, which may take long."""
    if any(isinstance(each, ast.Await) for each in walk(node)):
        state.body.cut()


def _formatted_text(state: State, parsed: ParsedExpression, code: str) -> str:
    """The text of a value with a format. What a number's own format writes needs no escaping."""
    escaped = f"{state.helper('escape')}({code})"
    tree, spec = parsed.tree, parsed.expression.format
    kind = kind_of(tree, state.hints)
    if spec is None or spec.conversion or not isinstance(tree, ast.Name) or kind not in ("int", "float"):
        return escaped
    if not re.fullmatch(_NUMBER_SPEC, spec.spec or "") or not code.startswith("f"):
        return escaped
    return f"{code} if {tree.id}.__class__ is {kind} else {escaped}"


_NUMBER_SPEC = r"[-+ ]?0?\d*[,_]?(\.\d+)?[deEfFgGn%]?"
"""A format spec after which a number is digits, signs, and separators."""


def _text_of(state: State, code: str) -> str:
    return f"{state.helper('text')}({code}, {state.names.get('context')})"


def _whole_text(state: State, parsed: ParsedExpression, node: ast.expr, code: str) -> str:
    """The code that gives the text of a value with markup in it. A coroutine leaves nothing of it for later: names may
    have other values then, and those that it binds may be used.
    """
    text = _text_of(state, code)
    if state.awaiting[-1] or (state.waits and expression_walrus(state.analysis.template, parsed, node)):
        return state.awaited(f"{state.helper('filled')}({text}, {state.names.get('context')})")
    return text


def _constant(state: State, parsed: ParsedExpression, node: ast.Constant) -> bool:
    """Append a literal, if it is of a kind that is known to render the same on each render."""
    offset = parsed.source_span(node)[0]
    if node.value is None or isinstance(node.value, bool):
        return True
    if isinstance(node.value, str):
        state.static(escaped(node.value), offset)
        return True
    if isinstance(node.value, int | float) and abs(node.value) < 1e15:
        state.static(str(node.value), offset)
        return True
    return False


# ---------------------------------------------------------------- conditions


def _conditional(state: State, parsed: ParsedExpression, node: ast.IfExp) -> None:
    _if(state, parsed, node, argument(state, parsed, node.test), node.body, node.orelse)


def _if(
    state: State,
    parsed: ParsedExpression,
    node: ast.AST,
    test: str,
    then: ast.expr,
    otherwise: ast.expr | None,
    keyword: str = "if",
) -> None:
    line = _line(state, parsed, node)
    with state.suite(f"{keyword} {test}:", line):
        value(state, parsed, then)
    if otherwise is None or (isinstance(otherwise, ast.Constant) and otherwise.value in (None, False, "")):
        return
    if (
        isinstance(otherwise, ast.IfExp)
        and has_markup(parsed, otherwise)
        and not has_markup(parsed, otherwise.test)
    ):
        code = argument(state, parsed, otherwise.test)
        _if(state, parsed, otherwise, code, otherwise.body, otherwise.orelse, "elif")
        return
    with state.suite("else:", _line(state, parsed, otherwise)):
        value(state, parsed, otherwise)


def _and(state: State, parsed: ParsedExpression, tests: list[ast.expr], last: ast.expr) -> None:
    """`a and b and <p/>`: where a test is false, it is what is rendered."""
    line = _line(state, parsed, tests[0])
    if _is_markup(parsed, tests[0]):  # it is always true, and what is true is not rendered
        if isinstance(tests[0], ast.NamedExpr):
            state.body.code(python(state, parsed, tests[0]), line)
        value(state, parsed, _joined(ast.And(), [*tests[1:], last]))
        return
    code = _all_of(state, parsed, tests)
    if all(is_boolean(state, test) for test in tests):
        _if(state, parsed, tests[0], code, last, None)
        return
    name = code if code.isidentifier() else state.value()
    header = f"if {code}:" if name == code else f"if {name} := {code if len(tests) == 1 else f'({code})'}:"
    with state.suite(header, line):
        value(state, parsed, last)
    with state.suite(f"elif {name} is not None and {name} is not False:", line):
        state.body.dynamic(_text_of(state, name), line)


def _is_markup(parsed: ParsedExpression, node: ast.expr) -> bool:
    """Is this markup, perhaps given a name?"""
    return id(node.value if isinstance(node, ast.NamedExpr) else node) in parsed.markup


def _all_of(state: State, parsed: ParsedExpression, tests: list[ast.expr]) -> str:
    """The code of tests that must all be true."""
    if len(tests) == 1:
        return argument(state, parsed, tests[0])
    simple = (*ATOMS, ast.Compare)
    return " and ".join(
        argument(state, parsed, t) if isinstance(t, simple) else python(state, parsed, t) for t in tests
    )


def _or(state: State, parsed: ParsedExpression, values: list[ast.expr]) -> None:
    """`a or <p/>`: the first that is true is rendered."""
    first, *rest = values
    if id(first) in parsed.markup or not rest:
        value(state, parsed, first)
        return
    match first:
        case ast.BoolOp(op=ast.And(), values=[*tests, last]) if id(last) in parsed.markup and not any(
            has_markup(parsed, test) for test in tests
        ):
            # markup is always true, so this is a conditional expression of the time before there were any
            _if(state, parsed, first, _all_of(state, parsed, tests), last, _joined(ast.Or(), rest))
            return
    code, line = python(state, parsed, first), _line(state, parsed, first)
    if is_boolean(state, first):
        with state.suite(f"if not {code}:", line):
            value(state, parsed, _joined(ast.Or(), rest))
        return
    name = code if code.isidentifier() else state.value()
    with state.suite(f"if {code}:" if name == code else f"if {name} := {code}:", line):
        state.body.dynamic(_text_of(state, name), line)
    with state.suite("else:", line):
        value(state, parsed, _joined(ast.Or(), rest))


def _joined(operator: ast.boolop, operands: list[ast.expr]) -> ast.expr:
    """The rest of a chain. It has no place of its own in the source."""
    return operands[0] if len(operands) == 1 else ast.BoolOp(operator, operands)


def _is_in_source(node: ast.expr) -> bool:
    return hasattr(node, "lineno")


# ---------------------------------------------------------------- loops


def _loop(state: State, parsed: ParsedExpression, node: _Loop) -> None:
    """A comprehension over markup: a `for` statement, in a function of its own where it would take over names."""
    names = frozenset().union(*(target_names(g.target) for g in node.generators))
    taken = names & (state.local_names | state.bound | _OWN_BUILTINS)
    if not taken and not _captures(node, names):
        _for(state, parsed, node, 0, None)
        return
    line = _line(state, parsed, node)
    first = argument(state, parsed, node.generators[0].iter)
    name, items = state.names.numbered("each"), state.names.get("items")
    walrus = expression_walrus(state.analysis.template, parsed, node)
    with state.function(name, f"{items}: {state.helper('Any')}", line, walrus):
        _for(state, parsed, node, 0, items)
    call = f"{name}({first})"
    state.body.code(state.awaited(call) if state.has_waited else call, line)


def _captures(node: _Loop, names: frozenset[str]) -> bool:
    """Does a lambda or a generator keep one of the loop's names beyond the loop?"""
    inside = [node.elt, *(test for g in node.generators for test in g.ifs)]
    later = [
        each for root in inside for each in walk(root) if isinstance(each, ast.Lambda | ast.GeneratorExp)
    ]
    return any(free_names(each) & names for each in later)


def _for(state: State, parsed: ParsedExpression, node: _Loop, index: int, first: str | None) -> None:
    """The `for` of one generator, and inside it those of the next ones."""
    if index == len(node.generators):
        value(state, parsed, node.elt)
        return
    generator = node.generators[index]
    iterable = first if first is not None and index == 0 else argument(state, parsed, generator.iter)
    start, end = parsed.span(generator.target)
    target = parsed.code[start:end].replace("\n", " ")
    keyword = "async for" if generator.is_async else "for"
    state.awaiting[-1] |= bool(generator.is_async)
    line = _line(state, parsed, generator.target)
    names = frozenset(target_names(generator.target))
    state.rebinds |= bool(names & state.loop_names)
    state.loop_names |= names
    with (
        state.binding(names, inside_loop(generator.target, generator.iter, state.hints)),
        state.suite(f"{keyword} {target} in {iterable}:", line),
    ):
        if generator.ifs:
            test = _all_of(state, parsed, generator.ifs)
            with state.suite(f"if {test}:", _line(state, parsed, generator.ifs[0])):
                _for(state, parsed, node, index + 1, first)
        else:
            _for(state, parsed, node, index + 1, first)
