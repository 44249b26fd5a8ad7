"""Where the scanner is: in content, in a tag, or in Python."""

from dataclasses import dataclass, field

from pyastro.compiler.diagnostics import Problem

MAX_DEPTH = 400
"""How deep markup in expressions in markup may nest."""


class ScanError(Exception):
    """Nothing after this place of the source can be read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@dataclass(slots=True, eq=False, repr=False)
class TextMode:
    """Content. Inside an expression, `open_tags` holds the names and offsets of what is still open."""

    open_tags: list[tuple[str, int, int]] | None = None


@dataclass(slots=True, eq=False, repr=False)
class TextOnlyMode:
    """The content of a `<textarea>` or `<title>`: text and expressions, but no tags. `tag` is its start tag."""

    name: str
    tag: tuple[int, int]
    first: int
    """The number of its first token."""


@dataclass(slots=True, eq=False, repr=False)
class TagMode:
    """A tag of which a part is dynamic. `first` is the number of its first token."""

    name: str
    start: int
    first: int
    is_raw: bool = False
    is_over: bool = False
    """Does it end right here, since no bracket ends it?"""


@dataclass(slots=True, eq=False, repr=False)
class PythonMode:
    """The inside of braces. `start` is the opening brace, `mark` where the Python that is not yet a token begins."""

    start: int
    first: int
    """The number of its first token."""
    mark: int
    brackets: list[str] = field(default_factory=list)
    after_operand: bool = False
    colons: int = 0
    """How many colons are still to come that are a lambda's, or JavaScript's behind its `?`: they begin no format."""
    compared: dict[str, int] = field(default_factory=dict)
    """The words behind a less-than sign, by which markup is recognised that stands where an operator should."""
    broken_at: int = -1
    """Behind what was found that no Python has. Such an expression is read to its end and dropped."""

    @property
    def is_broken(self) -> bool:
        """Has a mistake been reported?"""
        return self.broken_at >= 0


Mode = TextMode | TextOnlyMode | TagMode | PythonMode
