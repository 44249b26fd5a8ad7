"""One reading of one text: where the scanner is, the tokens so far, and what is wrong with them."""

import re
from collections.abc import Mapping

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.parse.modes import (
    MAX_DEPTH,
    Mode,
    PythonMode,
    ScanError,
    TagMode,
    TextMode,
    TextOnlyMode,
)
from pyastro.compiler.parse.token import Token

MAX_RETURNS = 20
"""How often text may be read again in one file: each time costs as much as the text is long."""

_SPACE = re.compile(r"\s*")
_JSX_COMMENT = re.compile(r"\{\s*/\*(?s:.)*?\*/\s*\}")
_SVELTE_BLOCK = re.compile(r"\{#(?:if|each|await|key|snippet)\b[^{}\n]*\}")


class Scan:
    """The state of a scanner. `patterns` are the grammar's terminals, by name."""

    def __init__(self, text: str, patterns: Mapping[str, "re.Pattern[str]"]) -> None:
        self.text = text
        self.patterns = patterns
        self.at = 0
        self.end = len(text)
        self.out: list[Token] = []
        self.problems: list[Problem] = []
        self.modes: list[Mode] = [TextMode()]
        self.frontmatter = ""
        self.returns = 0
        self.foreign: list[str] = []
        """The elements that decide whether HTML or SVG is read, as far as they are open."""

    # ------------------------------------------------------------ tokens

    def emit(self, kind: str, start: int, end: int) -> None:
        self.out.append(Token(kind, self.text[start:end], start, end))

    def eat(self, kind: str) -> str | None:
        """Emit the terminal `kind` if it stands here, and return its text."""
        found = self.patterns[kind].match(self.text, self.at)
        if found is None:
            return None
        text = found.group()
        end = found.end()
        self.out.append(Token(kind, text, self.at, end))
        self.at = end
        return text

    def skip_space(self) -> None:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it always matches

    # ------------------------------------------------------------ braces

    def eat_comment(self) -> bool:
        """Emit the template comment that stands here; False if none does."""
        start = self.at
        jsx = _JSX_COMMENT.match(self.text, start)
        if jsx is not None:
            self.problems.append(messages.jsx_comment(jsx.span()))
            self.at = jsx.end()
        elif not self.text.startswith("{#", start):
            return False
        elif self.eat("TEMPLATE_COMMENT") is None:
            self.skip_open_comment(start)
        return True

    def skip_open_comment(self, start: int) -> None:
        """A template comment without an end: what stands on its line up to a brace was perhaps meant."""
        block = _SVELTE_BLOCK.match(self.text, start)
        if block is not None:
            self.problems.append(messages.svelte_block(block.span()))
            self.at = block.end()
            return
        problem = messages.unterminated_template_comment((start, start + 2))
        brace = self.find_on_line("}", start)
        if brace is None:
            raise ScanError(problem)
        self.problems.append(problem)
        self.at = brace + 1

    def begin_expression(self) -> None:
        if len(self.modes) > MAX_DEPTH:
            raise ScanError(messages.nesting_too_deep((self.at, self.at + 1), MAX_DEPTH))
        self.modes.append(PythonMode(self.at, len(self.out), self.at + 1))
        self.emit("LBRACE", self.at, self.at + 1)
        self.at += 1

    # ------------------------------------------------------------ going on after a mistake

    def find_on_line(self, char: str, start: int) -> int | None:
        """Where a character stands between `start` and the end of its line."""
        line_end = self.text.find("\n", start, self.end)
        at = self.text.find(char, start, line_end if line_end >= 0 else self.end)
        return at if at >= 0 else None

    def drop_expression(self, mode: PythonMode, end: int) -> None:
        """End an expression that was not understood at `end`: a token stands for all of it."""
        del self.out[mode.first :]
        self.emit("UNREADABLE", mode.start, end)
        while self.modes.pop() is not mode:
            pass
        self.at = end
        outer = self.modes[-1]
        if isinstance(outer, TagMode) and self.text.startswith("<", end):
            outer.is_over = True

    def may_return(self, mode: PythonMode) -> bool:
        """May some text of an expression be read again, as content? Only what holds nothing, and not too often."""
        self.returns += 1
        return len(self.out) == mode.first + 1 and self.returns < MAX_RETURNS

    def give_up(self, problem: Problem) -> None:
        """Nothing can be said of the rest of the text: it ends before the outermost thing that is open."""
        self.problems.append(problem)
        outermost = self.modes[1] if len(self.modes) > 1 else None
        if isinstance(outermost, PythonMode | TagMode | TextOnlyMode):
            del self.out[outermost.first :]
        del self.modes[1:]
        self.at = self.end
