"""The attributes of an element."""

import ast
import html
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.html import BOOLEAN_ATTRIBUTES, SPECIAL_ATTRIBUTES
from pyastro.compiler.module import Code, Line
from pyastro.compiler.nodes import (
    Attribute,
    EmptyAttribute,
    NamedAttribute,
    QuotedAttribute,
    SpreadAttribute,
)
from pyastro.compiler.transform.class_list import class_pieces
from pyastro.compiler.transform.hints import kind_of
from pyastro.compiler.transform.pieces import Piece, string_pieces, value_piece, write_pieces
from pyastro.compiler.transform.python import expression_code, fits_into_fstring, is_string
from pyastro.compiler.transform.state import State

DIRECTIVES = frozenset({"set:html", "set:text", "is:raw", "is:inline", "is:global", "define:vars"})
"""Attributes that are for the compiler, and are never written."""


def written_attributes(
    attributes: Sequence[Attribute], without: frozenset[str] = frozenset()
) -> list[Attribute]:
    """The attributes that reach the output."""
    return [
        a
        for a in attributes
        if isinstance(a, SpreadAttribute) or (a.name not in DIRECTIVES and a.name not in without)
    ]


def plain_name(attribute: NamedAttribute) -> str:
    """The name that is written: `class:list` is `class`."""
    return "class" if attribute.name == "class:list" else attribute.name


def is_static(attribute: Attribute) -> bool:
    """Is it written as it stands in the source?"""
    return isinstance(attribute, QuotedAttribute | EmptyAttribute) and attribute.name != "class:list"


def attributes(state: State, every: Sequence[Attribute]) -> None:
    """Append the attributes of an element, each with white space before it."""
    has_spread = any(isinstance(a, SpreadAttribute) for a in every)
    if has_spread or not all(map(is_static, _repeated(every))):
        merged_attributes(state, every)
        return
    warn_of_repeated(state, every)
    for attribute in every:
        assert not isinstance(attribute, SpreadAttribute)
        _single(state, attribute)


def _repeated(every: Sequence[Attribute]) -> list[NamedAttribute]:
    """The attributes whose name is given more than once."""
    named = [a for a in every if not isinstance(a, SpreadAttribute)]
    counts = Counter([plain_name(a).lower() for a in named])
    if len(counts) == len(named):  # nearly always
        return []
    return [a for a in named if counts[plain_name(a).lower()] > 1]


def warn_of_repeated(state: State, every: Sequence[Attribute]) -> None:
    """Say that literal attributes are given twice: they are written as they stand."""
    if len(every) < 2:
        return
    seen: set[str] = set()
    for attribute in _repeated(every):
        name = plain_name(attribute).lower()
        if name in seen and name.strip("*"):  # a star belongs to a comment of JavaScript's, which is told
            state.problems.append(messages.duplicate_attribute(attribute.span, name))
        seen.add(name)


def _single(state: State, attribute: NamedAttribute) -> None:
    """One attribute of which the name stands there only once."""
    if is_static(attribute):
        _as_written(state, attribute)
        return
    code = value_code(state, attribute)
    if code is None:
        return
    number = _number(code)
    name = plain_name(attribute)
    if number is not None and name.lower() not in SPECIAL_ATTRIBUTES:
        state.static(f' {name}="{number}"', attribute.span.start)
        return
    line = value_line(state, attribute)
    pieces = _pieces(state, attribute, name, code)
    if pieces is not None:
        pieces = [Piece(f' {name}="'), *pieces, Piece('"')]
    elif (known := _known(state, attribute, name, code)) is not None:
        pieces = [known]
    else:
        dynamic(state, _call(state, attribute, name, code), line)
        return
    write_pieces(state, pieces, attribute.span.start, line)


def _as_written(state: State, attribute: NamedAttribute) -> None:
    """An attribute as it stands in the source, with the white space before it."""
    text, start = state.analysis.source.text, attribute.span.start
    first = len(text[:start].rstrip()) if text[start - 1].isspace() else start
    state.static(("" if first < start else " ") + text[first : attribute.span.end], first)


def _pieces(state: State, attribute: NamedAttribute, name: str, code: str) -> list[Piece] | None:
    """The value in pieces, where the attribute is there for certain; else None."""
    if attribute.name == "class:list":
        return _classes(state, attribute)
    tree = _value_tree(state, attribute)
    if tree is None or not is_string(tree) or not fits_into_fstring(code):
        return None
    if not _is_ordinary(name) and not _is_path(name, tree):
        return None
    return string_pieces(state, tree) or [Piece(f"{state.helper('escape')}({code})", True)]


def _call(state: State, attribute: NamedAttribute, name: str, code: str) -> str:
    """The code that writes an attribute, whatever its value is."""
    if attribute.name == "class:list" and not _is_display(state, attribute):
        code = f"{code if code.isidentifier() else f'({code})'} or None"  # an empty list of classes is none
    return f'{state.helper("attribute")}({state.names.get("context")}, "{name}", {code})'


def _known(state: State, attribute: NamedAttribute, name: str, code: str) -> Piece | None:
    """An attribute as code that does without a call what `attribute` does with most values; None where it cannot."""
    if not fits_into_fstring(code) or attribute.name == "class:list":
        return None
    if name in BOOLEAN_ATTRIBUTES:
        value = code if code.isidentifier() else state.value()
        given = code if value == code else f"({value} := {code})"
        rest = _call(state, attribute, name, value)
        return Piece(f'" {name}" if {given} is True else "" if {value} is False else {rest}', True)
    if not _is_ordinary(name):
        return None
    tree = _value_tree(state, attribute)
    kind = None if tree is None else kind_of(tree, state.hints)
    return value_piece(state, code, kind, lambda value: _call(state, attribute, name, value), name)


def _is_ordinary(name: str) -> bool:
    """Is a `str` written as it is, escaped, under this name, whatever it says?"""
    return name.islower() and (name not in SPECIAL_ATTRIBUTES or name == "class")


def _is_path(name: str, tree: ast.expr) -> bool:
    """Is this a URL that begins, in the template, as none does that could run script?"""
    match tree:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return name in ("href", "src", "action", "formaction") and text.startswith(("/", "#", "?", "./"))
    return False


def _value_tree(state: State, attribute: NamedAttribute) -> ast.expr | None:
    """The expression that gives the value, where it has no format of its own."""
    if isinstance(attribute, QuotedAttribute | EmptyAttribute) or attribute.value.format is not None:
        return None
    parsed = state.analysis.template.expressions.get(id(attribute.value))
    return None if parsed is None or parsed.markup else parsed.tree


def _classes(state: State, attribute: NamedAttribute) -> list[Piece] | None:
    if _value_tree(state, attribute) is None or isinstance(attribute, QuotedAttribute | EmptyAttribute):
        return None
    return class_pieces(state, state.analysis.template.expressions[id(attribute.value)])


def _is_display(state: State, attribute: NamedAttribute) -> bool:
    """Is the value text, a list, a tuple, a set or a dict that is written there?"""
    displays = ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp
    return isinstance(attribute, QuotedAttribute) or isinstance(_value_tree(state, attribute), displays)


def dynamic(state: State, call: str, line: int) -> None:
    """Append output that a call gives, as a statement where it does not fit into an f-string."""
    if fits_into_fstring(call):
        state.body.dynamic(call, line)
    else:
        state.body.code(f"{state.names.get('write')}({call})", line)


def _number(code: str) -> str | None:
    """The text of a number that stands there literally."""
    if code.lstrip()[:1] not in _BEFORE_NUMBERS:
        return None
    try:
        value = ast.literal_eval(code)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return str(value) if type(value) in (int, float) else None


_BEFORE_NUMBERS = frozenset("0123456789.+-(")
"""What a number may begin with, where it stands in brackets perhaps."""


def value_code(state: State, attribute: NamedAttribute) -> str | None:
    """The code of an attribute's value; None for empty braces."""
    if isinstance(attribute, EmptyAttribute):
        return "True"
    if isinstance(attribute, QuotedAttribute):
        return python_string(html.unescape(attribute.value))
    return expression_code(state, attribute.value)


def value_line(state: State, attribute: Attribute) -> int:
    """The line on which an attribute's value begins."""
    if not isinstance(attribute, QuotedAttribute | EmptyAttribute):
        parsed = state.analysis.template.expressions.get(id(attribute.value))
        if parsed is not None:
            return state.line(parsed.source_span(parsed.tree)[0])
    return state.line(attribute.span.start)


def python_string(text: str) -> str:
    """A string literal as black writes it."""
    literal = repr(text)
    if literal[0] == "'" and '"' not in text:
        return '"' + literal[1:-1].replace("\\'", "'") + '"'
    return literal


def merged_attributes(state: State, every: Sequence[Attribute], variables: str | None = None) -> None:
    """All attributes by one call, which lets later ones win; `variables` names what comes behind the style."""
    items = [(item, value_line(state, a)) for a in every if (item := _item(state, a)) is not None]
    line = state.line(every[0].span.start) if every else 1
    items = [(state.names.get("context"), line), *items]
    items += [(f"variables={variables}", line)] if variables else []
    head = f"{state.helper('attributes')}("
    if len({at for _, at in items}) == 1:
        dynamic(state, f"{head}{', '.join(item for item, _ in items)})", line)
        return
    lines = [Line(f"{state.names.get('write')}({head}", line)]
    lines += [Line(text, at + i) for item, at in items for i, text in enumerate(f"{item},".split("\n"))]
    state.body.statement(Code((*lines, Line("))", line))))


def _item(state: State, attribute: Attribute) -> str | None:
    if isinstance(attribute, SpreadAttribute):
        return expression_code(state, attribute.value)
    code = value_code(state, attribute)
    return None if code is None else f"({python_string(plain_name(attribute))}, {code})"


class Content(NamedTuple):
    """What `set:html` or `set:text` says: the directive, and its value's code."""

    directive: str
    code: str
    line: int
    literal: str | None


def set_content(state: State, every: Sequence[Attribute]) -> Content | None:
    """The value that replaces an element's children."""
    for attribute in every:
        if isinstance(attribute, SpreadAttribute) or attribute.name not in ("set:html", "set:text"):
            continue
        literal = html.unescape(attribute.value) if isinstance(attribute, QuotedAttribute) else None
        code = value_code(state, attribute) or "None"
        return Content(attribute.name, code, value_line(state, attribute), literal)
    return None


def write_content(state: State, content: Content, offset: int, keeps_newline: bool = False) -> None:
    """Append what `set:html` or `set:text` gives; `keeps_newline` where HTML would drop one at its beginning."""
    if content.literal is not None:
        text = content.literal
        text = "\n" + text if keeps_newline and text.startswith(("\n", "\r")) else text
        state.static(text if content.directive == "set:html" else html.escape(text, quote=False), offset)
        return
    helper = state.helper("raw" if content.directive == "set:html" else "text")
    call = f"{helper}({content.code}, {state.names.get('context')})"
    dynamic(
        state,
        f"{state.helper('keep_newline')}({call}, {state.names.get('context')})" if keeps_newline else call,
        content.line,
    )
