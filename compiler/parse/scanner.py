"""The tokens of a component.

What `<` or `{` means depends on where it stands. The scanner keeps a stack of modes (content, tag, Python) and hands
Lark's parser tokens of which the meaning is settled. The patterns are those of `grammar/astro.lark`.

After a mistake it goes on where it is sure to be right again; what it could not understand becomes one token. So a
file tells of all its mistakes, and not of their consequences.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, assert_never

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.parse.braces import scan_python
from pyastro.compiler.parse.content import scan_content, scan_text_only
from pyastro.compiler.parse.fences import almost_opening, find_fences
from pyastro.compiler.parse.modes import Mode, PythonMode, ScanError, TagMode, TextMode, TextOnlyMode
from pyastro.compiler.parse.scan import Scan
from pyastro.compiler.parse.tag import scan_tag
from pyastro.compiler.parse.token import Token


class Scanned(NamedTuple):
    """All tokens of a text, and what is wrong with it."""

    tokens: list[Token]
    problems: list[Problem]


def scan(text: str, patterns: Mapping[str, "re.Pattern[str]"]) -> Scanned:
    """Read a text; `patterns` are the grammar's terminals by name."""
    state = Scan(text, patterns)
    try:
        _frontmatter(state)
        while state.at < state.end:
            mode = state.modes[-1]
            _SCANNERS[mode.__class__](state, mode)
        _end(state)
    except ScanError as error:
        state.give_up(error.problem)
    return Scanned(state.out, state.problems)


_SCANNERS: dict[type[Mode], Callable[[Scan, Any], None]] = {
    TextMode: scan_content,
    PythonMode: scan_python,
    TagMode: scan_tag,
    TextOnlyMode: scan_text_only,
}


def _frontmatter(state: Scan) -> None:
    """The frontmatter, and the comments before it."""
    fences = find_fences(state.text)
    if fences is None:
        state.end = len(state.text.rstrip())
        if dashes := almost_opening(state.text):
            state.problems.append(messages.text_after_fence(dashes))
        return
    if fences.end is None:
        raise ScanError(messages.unterminated_frontmatter((fences.start - 3, fences.start)))
    if not fences.is_exact:
        dashes = (state.text.index("-", fences.end), fences.template)
        state.problems.append(messages.misplaced_fence(dashes))
    comments = state.text[: fences.start].rstrip()[:-3]
    state.emit("FRONTMATTER", fences.start, fences.end)
    state.frontmatter = state.text[fences.start : fences.end]
    if comments.strip():
        lead = len(comments) - len(comments.lstrip())
        state.emit("COMMENT", lead, len(comments.rstrip()))
    state.at = fences.template
    state.skip_space()
    state.end = max(state.at, len(state.text.rstrip()))


def _end(state: Scan) -> None:
    """The end of the file is no place to be in a tag, in Python, or in markup inside an expression."""
    mode = state.modes[-1]
    match mode:
        case PythonMode():
            if mode.is_broken:
                raise ScanError(state.problems.pop())
            raise ScanError(messages.unclosed_expression((mode.start, mode.start + 1)))
        case TagMode():
            raise ScanError(
                messages.unterminated_tag((mode.start, mode.start + 1 + len(mode.name)), mode.name)
            )
        case TextOnlyMode():
            raise ScanError(messages.unterminated_raw_text(mode.tag, mode.name))
        case TextMode():
            if mode.open_tags:
                name, start, end = mode.open_tags[-1]
                raise ScanError(messages.unclosed_element((start, end), name, "the end of the file"))
        case _:
            assert_never(mode)
