"""What came of a change in the sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyastro.compiler.diagnostics import Diagnostic


@dataclass(frozen=True)
class Changed:
    """A build that differs from the last one, and what of it a page that is open has to know."""

    styles: tuple[tuple[str, str], ...] = ()
    """Style sheets of components, as they were and as they are."""
    links: tuple[tuple[str, str], ...] = ()
    """Style sheets that are files and have another content: their paths in `public/`, as they were and as they are."""
    is_reload: bool = True
    """Is there more than style sheets can show?"""
    compiled: tuple[str, ...] = ()
    """The components that were compiled."""
    warnings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """Sources that cannot be compiled. The last build stays."""

    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts that diagnostics point into, by path."""
    message: str = ""
    """What is wrong with the folders rather than with a source."""
    hint: str = ""


@dataclass(frozen=True)
class Crashed:
    """A build whose site cannot start: what one of its modules raised. The last site goes on."""

    error: BaseException


Outcome = Changed | Broken | Crashed
