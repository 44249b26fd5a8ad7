"""The beginning of `<pre>` and `<textarea>`: HTML drops a newline there, and a value must come back whole."""

from collections.abc import Sequence

from pyastro.compiler.analyze.expressions import is_empty
from pyastro.compiler.analyze.free import node_walrus
from pyastro.compiler.module import Dynamic, Static, Write
from pyastro.compiler.nodes import Expression, Fragment, Node, SpreadAttribute, TemplateComment, Text
from pyastro.compiler.transform.state import State


def children_behind_newline(state: State, children: Sequence[Node]) -> None:
    """Append the children of an element of which HTML drops the first newline: what a value begins with is doubled.

    A newline that the template itself has there is written as it stands.
    """
    first = next((i for i, each in enumerate(children) if not _is_nothing(each)), len(children))
    if not _is_value(children[first:]):
        state.nodes(children)
    elif _is_alone(state, children[first:]):
        _value(state, children[first])
        state.nodes(children[first + 1 :])
    else:
        _function(state, children)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, TemplateComment) or (isinstance(node, Expression) and is_empty(node))


def _is_value(children: Sequence[Node]) -> bool:
    """Does a value come first?"""
    match children:
        case [Expression(), *_]:
            return True
        case [Fragment(attributes=attributes, children=inside), *_]:
            names = {a.name for a in attributes if not isinstance(a, SpreadAttribute)}
            return bool(names & {"set:html", "set:text"}) or _is_value(inside)
    return False


def _is_alone(state: State, children: Sequence[Node]) -> bool:
    """Is this one value without markup, and no other behind it that would be first where it is empty?"""
    first, *rest = children
    parsed = state.analysis.template.expressions.get(id(first))
    behind = rest[0] if rest else None
    is_newline_behind = isinstance(behind, Text) and behind.value.startswith(("\n", "\r"))
    is_value_behind = isinstance(behind, Expression | Fragment)
    return (parsed is None or not parsed.markup) and not is_newline_behind and not is_value_behind


def _value(state: State, node: Node) -> None:
    with state.new_body() as body:
        state.visit(state, node)
    for statement in body.finish():
        match statement:
            case Write(parts=(Dynamic(code=code, line=line),)):
                state.body.dynamic(
                    f"{state.helper('keep_newline')}({code}, {state.names.get('context')})", line
                )
            case Write(parts=(Static(text=text, line=line),)):
                state.body.static("\n" + text if text.startswith(("\n", "\r")) else text, line)
            case _:
                state.body.statement(statement)


def _function(state: State, children: Sequence[Node]) -> None:
    """The children in a function of their own, which is given a `write` that heeds its first text."""
    line, name = state.line(children[0].span.start), state.names.numbered("content")
    with state.function(name, state.writer(), line, node_walrus(state.analysis.template, children)):
        state.nodes(children)
    write, context = state.names.get("write"), state.names.get("context")
    if state.waits:
        call = f"{name}({state.helper('newline_keeper')}({write}, {context}))"
        state.body.code(state.awaited(call) if state.has_waited else call, line)
    else:  # what is awaited later may turn out to be empty: then the text behind it is the first
        state.body.code(f"{write}({state.helper('newline_kept')}({name}, {context}))", line)
