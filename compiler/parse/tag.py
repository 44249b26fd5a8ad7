"""The mode inside of a tag of which a part is dynamic."""

import re

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.parse.content import open_tag
from pyastro.compiler.parse.modes import TagMode, TextMode
from pyastro.compiler.parse.scan import Scan
from pyastro.compiler.python_text import TOKEN, Unterminated, string_end

_EQUALS = re.compile(r"\s*=\s*")
_WITHOUT_NAME = re.compile(r"=[^\s>]*")
_VALUE_COMMENT = re.compile(r"\{#(?s:.)*?#\}")


def scan_tag(scan: Scan, mode: TagMode) -> None:
    """One attribute, or the end, of a tag with dynamic parts."""
    scan.skip_space()
    if scan.at >= scan.end:
        return
    text, at = scan.text, scan.at
    char = text[at]
    if char == ">" or text.startswith("/>", at) or mode.is_over:
        _end_tag(scan, mode)
    elif char == "{":
        if scan.eat("SIMPLE_EXPRESSION") is None and not scan.eat_comment():
            scan.begin_expression()
    elif char == "/":
        scan.at += 1
    elif (attribute := scan.eat("ATTRIBUTE")) is not None:
        mode.is_raw = mode.is_raw or attribute == "is:raw"
    elif scan.eat("ATTRIBUTE_NAME") is not None:
        _value(scan)
    else:
        found = _WITHOUT_NAME.match(text, at)
        assert found is not None  # any other character begins a name
        scan.problems.append(messages.attribute_without_name(found.span(), found.group()))
        scan.at = found.end()


def _end_tag(scan: Scan, mode: TagMode) -> None:
    """The bracket that ends the tag, and what follows."""
    scan.modes.pop()
    outer = scan.modes[-1]
    assert isinstance(outer, TextMode)
    if mode.is_over:
        scan.emit("TAG_CLOSE", scan.at, scan.at)
        closing = ">"
    else:
        closing = scan.eat("TAG_CLOSE") or ">"
    open_tag(scan, outer, mode.name, mode.start, closing == ">", mode.is_raw)


def _value(scan: Scan) -> None:
    """What follows `name=` where it is neither quoted nor a plain word."""
    name = scan.out[-1]
    equals = _EQUALS.match(scan.text, scan.at)
    assert equals is not None
    scan.at = at = equals.end()
    char = scan.text[at : at + 1]
    if char == "{":
        _braced_value(scan)
    elif char in ("'", '"'):
        _without_end(scan, messages.unterminated_attribute((at, at + 1)))
    elif char == "`":
        closing = scan.text.find("`", at + 1, scan.end)
        if closing > 0:
            scan.at = closing + 1
            scan.emit("TEMPLATE_LITERAL", at, scan.at)
        else:
            _without_end(scan, messages.backtick_attribute((at, at + 1), name.text))
    elif (opening := TOKEN.match(scan.text, at)) and opening.lastgroup == "string":
        try:
            scan.at = string_end(scan.text, opening)
        except Unterminated:
            _without_end(scan, messages.unterminated_attribute((at, opening.end())))
        else:
            scan.emit("TEMPLATE_LITERAL", at, scan.at)
    else:
        name.type = "ATTRIBUTE"
        scan.problems.append(messages.attribute_value_missing((name.start, at), name.text))


def _braced_value(scan: Scan) -> None:
    """`name={…}`; a template comment there is a value of nothing."""
    if scan.eat("SIMPLE_EXPRESSION") is not None:
        return
    comment = _VALUE_COMMENT.match(scan.text, scan.at)
    if comment is None:
        scan.begin_expression()
        return
    scan.emit("LBRACE", scan.at, scan.at + 1)
    scan.emit("RBRACE", comment.end() - 1, comment.end())
    scan.at = comment.end()


def _without_end(scan: Scan, problem: Problem) -> None:
    """A value whose quote is never closed: it was perhaps meant to end with the tag, or with the line."""
    scan.out[-1].type = "ATTRIBUTE"
    bracket = scan.find_on_line(">", scan.at)
    line_end = scan.text.find("\n", scan.at, scan.end)
    if bracket is not None:
        scan.problems.append(problem)
        scan.at = bracket - 1 if scan.text[bracket - 1] == "/" else bracket
    elif line_end >= 0:
        scan.problems.append(problem)
        scan.at = line_end
    else:
        scan.give_up(problem)
