"""The mode inside of braces: Python is read over, up to markup or to the brace that ends it."""

import re

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.parse.modes import PythonMode, ScanError, TagMode, TextMode
from pyastro.compiler.parse.scan import Scan
from pyastro.compiler.parse.tag_names import tag_name
from pyastro.compiler.python_text import OPERATOR_WORDS, TOKEN, TooDeep, Unterminated, spec_end, string_end

_MARKUP_AHEAD = re.compile(r"<(?:[A-Za-z>]|!--)")
_END_TAG_AHEAD = re.compile(r"</[A-Za-z>]")
_CONVERSION = re.compile(r"![a-zA-Z](?=\s*[:}])")
_COMPARED = re.compile(r"<([A-Za-z][\w.:-]*)(?:\s[^<>]*)?>")
_STATEMENT_WORD = re.compile(r"\s*(if|for|while|else|elif)\b")
_CONDITIONAL = re.compile(r"(?<!\?)\?(?![.?])")
_CONDITION = re.compile(r"\s*if\b(?:(?!\belse\b)(?s:.))*")
_TAG_AT_LINE_START = re.compile(r"\n[ \t]*(?=<[A-Za-z/!])")


def scan_brace(scan: Scan) -> None:
    """A brace in content."""
    if scan.eat("SIMPLE_EXPRESSION") is None and not scan.eat_comment():
        scan.begin_expression()


def scan_python(scan: Scan, mode: PythonMode) -> None:
    """Python up to markup, or to the end of the expression."""
    text, at = scan.text, scan.at
    while at < scan.end:
        token = TOKEN.match(text, at)
        assert token is not None
        kind = token.lastgroup
        if kind == "name":
            word = token.group()
            mode.after_operand = word not in OPERATOR_WORDS
            mode.colons += word == "lambda" and not mode.brackets
        elif kind == "string":
            end = _string_end(scan, mode, token)
            if end is None:
                return
            mode.after_operand = True
            at = end
            continue
        elif kind == "number":
            mode.after_operand = True
        elif kind == "open":
            if text.startswith("{#", at):
                at = _comment(scan, mode, at)
                continue
            mode.brackets.append(token.group())
            mode.after_operand = False
        elif kind == "close":
            if _close_bracket(scan, mode, token.group(), at):
                return
            mode.after_operand = True
        elif kind == "other":
            if _operator(scan, mode, token.group(), at):
                return
            mode.after_operand = False
        at = token.end()
    scan.at = at


def _flush(scan: Scan, mode: PythonMode, at: int) -> None:
    if at > mode.mark:
        scan.emit("PYTHON", mode.mark, at)


def _comment(scan: Scan, mode: PythonMode, at: int) -> int:
    """A template comment inside Python: it is cut out of the Python around it."""
    _flush(scan, mode, at)
    count = len(scan.out)
    scan.at = at
    scan.eat_comment()
    if len(scan.out) > count:
        scan.out[-1].type = "PYTHON"
    mode.mark = scan.at
    return scan.at


def _report(scan: Scan, mode: PythonMode, problem: Problem) -> None:
    """Say what is wrong with an expression, once: what follows is a consequence."""
    if not mode.is_broken:
        scan.problems.append(problem)
    mode.broken_at = max(mode.broken_at, problem.span[1])


# ---------------------------------------------------------------- strings


def _string_end(scan: Scan, mode: PythonMode, opening: "re.Match[str]") -> int | None:
    """The offset after a string; None if there is no end, and scanning goes on somewhere else."""
    start, quote = opening.start(), opening.group()
    inner = opening.end()
    try:
        end = string_end(scan.text, opening)
        if end <= scan.end:
            return end
        problem = messages.unterminated_string((start, opening.end()))
    except TooDeep as error:
        problem = messages.python_syntax((error.start, error.start + 1), "This Python is nested too deeply.")
    except Unterminated as error:
        inner = max(inner, error.start + 1)
        width = len(quote) if error.start == start else 1
        problem = messages.unterminated_string((error.start, error.start + width))
    if quote.endswith(('"""', "'''")) and not mode.compared:
        raise ScanError(problem)
    if mode.compared:  # an apostrophe in text that was taken for Python
        name, at = next(iter(mode.compared.items()))
        problem = messages.markup_after_value((at, at + 1 + len(name)), name)
    _report(scan, mode, problem)
    brace = scan.find_on_line("}", inner)
    if brace is not None:
        scan.drop_expression(mode, brace + 1)
        return None
    line_end = scan.text.find("\n", inner, scan.end)
    return line_end if line_end >= 0 else scan.end


# ---------------------------------------------------------------- brackets


def _close_bracket(scan: Scan, mode: PythonMode, char: str, at: int) -> bool:
    """Close a bracket; True if it was the brace that ends the expression."""
    brackets = mode.brackets
    if char == "}":
        while brackets and brackets[-1] != "{":
            brackets.pop()
        if not brackets:
            _end(scan, mode, at)
            return True
        brackets.pop()
    elif not brackets:
        _report(scan, mode, messages.unmatched_bracket((at, at + 1), char))
    elif brackets[-1] + char in ("()", "[]"):
        brackets.pop()
    return False


def _end(scan: Scan, mode: PythonMode, at: int) -> None:
    """The brace at `at` ends the expression."""
    if mode.is_broken:
        scan.drop_expression(mode, at + 1)
        return
    _flush(scan, mode, at)
    _right_brace(scan, at)


def _right_brace(scan: Scan, at: int) -> None:
    scan.emit("RBRACE", at, at + 1)
    scan.at = at + 1
    scan.modes.pop()


# ---------------------------------------------------------------- operators, markup, formats


def _operator(scan: Scan, mode: PythonMode, char: str, at: int) -> bool:
    """An operator; True if it ended this stretch of Python."""
    if char == "<":
        return _less_than(scan, mode, at)
    if mode.brackets or char not in ":!?":
        return False
    if char == "?":
        mode.colons += _CONDITIONAL.match(scan.text, at) is not None
        return False
    if mode.colons and char == ":":
        mode.colons -= 1
        return False
    if not mode.after_operand:
        return False  # a format needs something to be the format of
    if char == "!" and _CONVERSION.match(scan.text, at):
        _conversion(scan, mode, at)
        return True
    if char == ":" and scan.text[at + 1 : at + 2] != "=":
        _flush(scan, mode, at)
        _spec(scan, mode, at)
        return True
    return False


def _less_than(scan: Scan, mode: PythonMode, at: int) -> bool:
    """Markup, the end tag of something outside, or an operator."""
    if not mode.after_operand and _MARKUP_AHEAD.match(scan.text, at):
        _flush(scan, mode, at)
        scan.emit("MARKUP_START", at, at)
        scan.modes.append(TextMode([]))
        scan.at = at
        return True
    if _END_TAG_AHEAD.match(scan.text, at):
        return _foreign_end_tag(scan, mode, at)
    if compared := _COMPARED.match(scan.text, at):
        mode.compared.setdefault(compared[1], at)
    return False


def _foreign_end_tag(scan: Scan, mode: PythonMode, at: int) -> bool:
    """No Python has `</p`: it ends markup that stands behind a value, or the brace is missing before it."""
    name = tag_name(scan.text, at + 2)
    if name in mode.compared and not mode.is_broken:
        start = mode.compared[name]
        problem = messages.markup_after_value((start, start + 1 + len(name)), name)
        _report(scan, mode, _statement(scan, mode) or _without_else(scan, mode, start) or problem)
        return False
    _report(scan, mode, messages.unclosed_expression((mode.start, mode.start + 1), f"`</{name}>`"))
    scan.drop_expression(mode, _plausible_end(scan, mode, at) if scan.may_return(mode) else at)
    return True


def _statement(scan: Scan, mode: PythonMode) -> Problem | None:
    """`{if user <p>…</p>}`: no expression begins so."""
    found = _STATEMENT_WORD.match(scan.text, mode.start + 1)
    return messages.statement_in_expression(found.span(1), found[1]) if found else None


def _without_else(scan: Scan, mode: PythonMode, at: int) -> Problem | None:
    """`{<p/> if user <b>…</b>}`: markup stands before the condition, and another behind it."""
    found = _CONDITION.fullmatch(scan.text, mode.mark, at)
    is_behind_markup = bool(found) and scan.out[-1].type == "MARKUP_END"
    return messages.else_missing((at, at + 1)) if is_behind_markup else None


def _plausible_end(scan: Scan, mode: PythonMode, at: int) -> int:
    """Where an expression was perhaps meant to end: before a tag, or before the bracket of its own tag."""
    if isinstance(scan.modes[-2], TagMode):
        bracket = scan.text.find(">", mode.broken_at, at)
        return bracket if bracket >= 0 else at
    line_start = _TAG_AT_LINE_START.search(scan.text, mode.broken_at, at + 1)
    tags = [start for start in mode.compared.values() if start >= mode.broken_at]
    return min([at, *tags, line_start.end() if line_start else at])


def _conversion(scan: Scan, mode: PythonMode, at: int) -> None:
    _flush(scan, mode, at)
    scan.at = at
    scan.eat("CONVERSION")
    scan.skip_space()
    if scan.text[scan.at] == ":":
        _spec(scan, mode, scan.at)
    elif mode.is_broken:
        scan.drop_expression(mode, scan.at + 1)
    else:
        _right_brace(scan, scan.at)


def _spec(scan: Scan, mode: PythonMode, colon: int) -> None:
    """A format spec: everything from the colon to the closing brace. It never reaches over lines to an end tag."""
    try:
        stop = spec_end(scan.text, colon + 1, mode.start)
    except Unterminated:
        stop = scan.end
    tag = _END_TAG_AHEAD.search(scan.text, colon, min(stop, scan.end))
    if tag is not None and (stop >= scan.end or "\n" in scan.text[colon:stop]):
        if not _foreign_end_tag(scan, mode, tag.start()):
            scan.drop_expression(mode, tag.start())
    elif stop >= scan.end:
        raise ScanError(messages.unclosed_expression((mode.start, mode.start + 1)))
    elif mode.is_broken:
        scan.drop_expression(mode, stop + 1)
    else:
        scan.emit("SPEC", colon, stop)
        _right_brace(scan, stop)
