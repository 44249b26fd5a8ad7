"""What is wrong with an entry, at its line."""


class ContentError(ValueError):
    """An entry that does not fit its collection: the message names the file, the line and the field, and shows the line."""

    is_told = True
    """Who reads the message needs no traceback: what is wrong is in no code."""

    def __init__(self, path: str, text: str, line: int, column: int, sentence: str) -> None:
        lines = text.splitlines() or [""]
        shown = lines[min(line, len(lines)) - 1].expandtabs(1)
        start = min(column, len(shown) + 1)
        width = max(1, len(shown) - start + 1) if column <= len(shown) else 1
        mark = " " * len(str(line))
        super().__init__(
            f"{sentence}\n{path}:{line}:{column}: error: {sentence}\n"
            f"  {line} | {shown}\n  {mark} | {' ' * (start - 1)}{'^' * width}"
        )
        self.path = path
        self.line = line
        self.column = column
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.args[0]).partition("\n")[2]
