"""The mode of content: text, comments, start tags and end tags."""

import re

from pyastro.compiler import messages
from pyastro.compiler.html import RAW_TEXT_ELEMENTS, TEXT_ELEMENTS, VOID_ELEMENTS
from pyastro.compiler.parse.braces import scan_brace
from pyastro.compiler.parse.modes import MAX_DEPTH, PythonMode, ScanError, TagMode, TextMode, TextOnlyMode
from pyastro.compiler.parse.raw_text import raw_text_end
from pyastro.compiler.parse.scan import Scan
from pyastro.compiler.parse.tag_names import closes_itself, is_component_name, tag_name

_MORE_MARKUP = re.compile(r"\s*(?=<(?:[A-Za-z>]|!--))|\s*(?=\{#)")
_IS_RAW = re.compile(r"\sis:raw(?=[\s/>=])")


def scan_content(scan: Scan, mode: TextMode) -> None:
    """Content, up to where something else begins or ends."""
    text, modes = scan.text, scan.modes
    while scan.at < scan.end and modes[-1] is mode:
        char = text[scan.at]
        if char == "<":
            _less_than(scan, mode)
        elif char == "{":
            scan_brace(scan)
        else:
            _text(scan)


def _less_than(scan: Scan, mode: TextMode) -> None:
    text, at = scan.text, scan.at
    after = text[at + 1 : at + 2]
    if after.isascii() and after.isalpha():
        _start_tag(scan, mode)
    elif after == "/":
        _end_tag(scan, mode)
    elif after == ">":
        scan.emit("TAG", at, at + 2)
        scan.at = at + 2
        open_tag(scan, mode, "", at, has_content=True)
    elif after == "!" or after == "?":
        _declaration(scan, mode)
    else:
        _text(scan)


def _text(scan: Scan) -> None:
    start = scan.at
    found = scan.patterns["TEXT"].match(scan.text, start)
    assert found is not None
    scan.at = min(found.end(), scan.end)
    scan.emit("TEXT", start, scan.at)


def _declaration(scan: Scan, mode: TextMode) -> None:
    start = scan.at
    kinds = ("CDATA", "DOCTYPE", "COMMENT") if _is_in_svg(scan) else ("DOCTYPE", "COMMENT")
    if not any(scan.eat(kind) for kind in kinds):
        raise ScanError(messages.unterminated_comment((start, start + 4)))
    _end_markup(scan, mode)


# ---------------------------------------------------------------- tags


def _start_tag(scan: Scan, mode: TextMode) -> None:
    start = scan.at
    tag = scan.eat("TAG")
    if tag is not None:
        is_raw = "is:raw" in tag and _IS_RAW.search(tag) is not None
        open_tag(scan, mode, tag_name(scan.text, start + 1), start, not closes_itself(tag), is_raw)
        return
    first = len(scan.out)
    opening = scan.eat("TAG_OPEN")
    assert opening is not None
    scan.modes.append(TagMode(opening[1:], start, first))


def _end_tag(scan: Scan, mode: TextMode) -> None:
    start = scan.at
    name = tag_name(scan.text, start + 2)
    if scan.patterns["END_TAG"].match(scan.text, start) is None:
        if scan.eat("COMMENT") is None:
            scan.at = scan.end
            scan.emit("TEXT", start, scan.end)
        return
    is_innermost = not mode.open_tags or mode.open_tags[-1][0].lower() == name.lower()
    if not is_innermost and not _closes_outer(scan, mode, name, start):
        return
    scan.eat("END_TAG")
    _leave(scan, name)
    if mode.open_tags:
        mode.open_tags.pop()
        _end_markup(scan, mode)


def _closes_outer(scan: Scan, mode: TextMode, name: str, at: int) -> bool:
    """An end tag that is not the innermost one's, inside an expression; False if the expression ends before it."""
    assert mode.open_tags is not None
    opened, start, end = mode.open_tags[-1]
    python = scan.modes[-2]
    assert isinstance(python, PythonMode)
    if not python.is_broken:
        scan.problems.append(messages.unclosed_element((start, end), opened, f"`</{name}>`"))
    python.broken_at = max(python.broken_at, end)
    while mode.open_tags and mode.open_tags[-1][0].lower() != name.lower():
        mode.open_tags.pop()
    if not mode.open_tags:
        scan.drop_expression(python, at)
    return bool(mode.open_tags)


def open_tag(
    scan: Scan, mode: TextMode, name: str, start: int, has_content: bool, is_raw: bool = False
) -> None:
    """A start tag is complete and emitted: what follows is its content, unless it has none."""
    tag = (start, scan.at)
    is_component = is_component_name(name, scan.frontmatter)
    lower = name.lower()
    if has_content and (is_component or lower not in VOID_ELEMENTS):
        if is_raw or (lower in RAW_TEXT_ELEMENTS and not is_component):
            _raw_text(scan, lower, tag, is_raw)
        elif lower in TEXT_ELEMENTS and not is_component and not _is_in_svg(scan):
            scan.modes.append(TextOnlyMode(lower, tag, len(scan.out)))
            return
        else:
            if lower in _INTEGRATION:
                scan.foreign.append(lower)
            _note_open_tag(mode, name, tag)
    _end_markup(scan, mode)


def _note_open_tag(mode: TextMode, name: str, tag: tuple[int, int]) -> None:
    """Inside an expression, remember what must be closed."""
    if mode.open_tags is None:
        return
    if len(mode.open_tags) > MAX_DEPTH:
        raise ScanError(messages.nesting_too_deep(tag, MAX_DEPTH))
    mode.open_tags.append((name, *tag))


def _end_markup(scan: Scan, mode: TextMode) -> None:
    """Inside an expression: when nothing is open any more, Python goes on, unless more markup follows."""
    if mode.open_tags is None or mode.open_tags:
        return
    while (more := _MORE_MARKUP.match(scan.text, scan.at)) is not None:
        if more.end() > scan.at:
            scan.emit("TEXT", scan.at, more.end())
        scan.at = more.end()
        if scan.text[scan.at] != "{":
            return
        scan.eat_comment()
    scan.emit("MARKUP_END", scan.at, scan.at)
    scan.modes.pop()
    python = scan.modes[-1]
    assert isinstance(python, PythonMode)
    python.mark = scan.at
    python.after_operand = True


# ---------------------------------------------------------------- SVG

_INTEGRATION = frozenset({"svg", "foreignobject"})
"""Where SVG begins, and where HTML begins in it: `<![CDATA[` and `<title>` mean something else in the two."""


def _is_in_svg(scan: Scan) -> bool:
    return bool(scan.foreign) and scan.foreign[-1] == "svg"


def _leave(scan: Scan, name: str) -> None:
    """An end tag was read."""
    lower = name.lower()
    if lower in scan.foreign:
        del scan.foreign[len(scan.foreign) - 1 - scan.foreign[::-1].index(lower) :]


# ---------------------------------------------------------------- content that is only text


def _raw_text(scan: Scan, name: str, tag: tuple[int, int], is_raw: bool) -> None:
    """The content and the end tag of an element whose content is not read."""
    stop = raw_text_end(scan.text, scan.at, scan.end, name, nests=is_raw)
    if stop is None:
        spelt = scan.text[tag[0] + 1 : tag[0] + 1 + len(name)]
        raise ScanError(messages.unterminated_raw_text(tag, spelt))
    if stop > scan.at:
        scan.emit("RAW_TEXT", scan.at, stop)
    scan.at = stop
    if scan.at < scan.end:
        scan.eat("END_TAG")


def scan_text_only(scan: Scan, mode: TextOnlyMode) -> None:
    """Text of a `<textarea>` or `<title>` up to an expression, or its end tag."""
    found = re.compile(rf"</{mode.name}(?=[\s/>])", re.IGNORECASE).search(scan.text, scan.at)
    if found is None:
        scan.give_up(messages.unterminated_raw_text(mode.tag, mode.name))
        return
    brace = scan.text.find("{", scan.at, found.start())
    upto = found.start() if brace < 0 else brace
    if upto > scan.at:
        scan.emit("RAW_TEXT", scan.at, upto)
    scan.at = upto
    if brace >= 0:
        scan_brace(scan)
        return
    scan.modes.pop()
    outer = scan.modes[-1]
    assert isinstance(outer, TextMode)
    if scan.eat("END_TAG") is None:
        scan.give_up(messages.unterminated_raw_text(mode.tag, mode.name))
        return
    _end_markup(scan, outer)
