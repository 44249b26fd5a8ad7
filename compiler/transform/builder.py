"""Collecting the statements of a function body. The only place where neighbouring output is merged."""

from pyastro.compiler.module import Block, Code, Dynamic, Escaped, Line, Statement, Static, Suite, Write


class Body:
    """The statements of one suite, in the making."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._open: list[Static | Dynamic] = []

    def static(self, text: str, line: int) -> None:
        """Append output that never changes."""
        if text:
            self._open.append(Static(text, line))

    def dynamic(self, code: str, line: int, is_text: bool = True, escaped: Escaped | None = None) -> None:
        """Append output that an expression gives; `is_text`: is it a `str`, not a number?"""
        self._open.append(Dynamic(code, line, is_text, escaped))

    def cut(self) -> None:
        """End a run of output: what is appended next is written after the output so far was."""
        self._close()

    def statement(self, statement: Statement) -> None:
        """Append a statement, after the output so far."""
        self._close()
        self._statements.append(statement)

    def code(self, text: str, line: int | None) -> None:
        """Append a statement as text."""
        self.statement(
            Code(tuple(Line(each, line + i if line else None) for i, each in enumerate(text.split("\n"))))
        )

    def suite(self, header: str, line: int, body: "Body") -> None:
        """Append a compound statement; an empty body is `pass`."""
        statements = body.finish() or (Code((Line("pass"),)),)
        lines = tuple(Line(each, line + i) for i, each in enumerate(header.split("\n")))
        self.statement(Suite(Code(lines), statements))

    def block(self, body: "Body") -> None:
        """Append the statements of a body that is one thing for itself."""
        self.statement(Block(body.finish()))

    def finish(self) -> tuple[Statement, ...]:
        """All that was appended."""
        self._close()
        return tuple(self._statements)

    def _close(self) -> None:
        if self._open:
            self._statements.append(Write(tuple(self._open)))
            self._open = []
