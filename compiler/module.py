"""A Python module on its way to become text: what the transform phase hands to the generator."""

from typing import NamedTuple, TypeAlias


class Line(NamedTuple):
    """One line of code and the line of the source that it stands for, if it stands for one."""

    text: str
    source: int | None = None
    columns: tuple[tuple[int, int], ...] = ()
    """Where code of several source lines stands on it: from which column on (in bytes) it is which source line."""


class Static(NamedTuple):
    """Output that is the same on each render. `line` is where it begins in the source."""

    text: str
    line: int


class Escaped(NamedTuple):
    """A name whose escaped text an expression needs, and the expression where another name holds that text.

    The other name is None for a value that is no exact `str`.
    """

    name: str
    """The other name."""
    value: str
    """What it is bound to."""
    code: str


class Dynamic(NamedTuple):
    """An expression that gives output. It fits into an f-string of any Python."""

    code: str
    line: int
    is_text: bool = True
    """Is it certainly a `str`? A number is one only once it stands in an f-string."""
    escaped: Escaped | None = None
    """Where it escapes a name that keeps its value: how to do with a text that is escaped already."""


class Write(NamedTuple):
    """Output: neighbouring parts are one call."""

    parts: tuple[Static | Dynamic, ...]


class Code(NamedTuple):
    """Statements as text. The lines after the first are indented already, or stand inside brackets."""

    lines: tuple[Line, ...]


class Verbatim(NamedTuple):
    """The author's own statements, indented already."""

    lines: tuple[Line, ...]


class Suite(NamedTuple):
    """A compound statement: its header and its body."""

    header: Code
    body: "tuple[Statement, ...]"


class Block(NamedTuple):
    """Statements that belong together, as those of a suite do, and stand where a statement of theirs would."""

    body: "tuple[Statement, ...]"


Statement: TypeAlias = Write | Code | Verbatim | Suite | Block


class Copy(NamedTuple):
    """A component that is written where it is used.

    Its lines are counted behind those of the module's own source and of the copies before it, from `first` on.
    """

    path: str
    hash: str
    """The beginning of the SHA-256 of its source."""
    first: int
    used_at: int
    """The line of the module's source at which it is used."""


class Module(NamedTuple):
    """A whole module."""

    path: str
    """The source, relative to the source root."""
    future: str | None
    """The author's `from __future__` import."""
    imports: tuple[Code, ...]
    """The author's imports, as they are spelt in the build."""
    helpers: tuple[tuple[str, str], ...]
    """What is used of the runtime: the name there, and the name here."""
    hoisted: tuple[Verbatim, ...]
    """The author's statements at module level."""
    style: str
    """The style sheet; empty where there is none."""
    decorator: str
    is_async: bool
    """Is the render a coroutine?"""
    parameters: tuple[str, ...]
    returns: str
    rebinds: bool
    """Do several loops bind the same name? They may bind it to values of different types."""
    body: tuple[Statement, ...]
    copies: tuple[Copy, ...] = ()
    """The components that are written where they are used, in the order of their lines."""


def code(text: str, line: int | None = None) -> Code:
    """Code of which each line stands for the next line of the source, from `line` on."""
    return Code(tuple(Line(each, line + i if line else None) for i, each in enumerate(text.split("\n"))))
