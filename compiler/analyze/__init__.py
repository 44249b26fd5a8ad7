"""From a tree to everything that is known of one component.

What others may know of a component is there at once; the analysis itself is loaded with its first use, because a run
that finds nothing changed has none.
"""

from typing import TYPE_CHECKING, Any

from pyastro.compiler.analyze.interface import Interface, Prop

if TYPE_CHECKING:
    from pyastro.compiler.analyze.analysis import PREDEFINED, Analysis, analyze

__all__ = ["PREDEFINED", "Analysis", "Interface", "Prop", "analyze"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pyastro.compiler.analyze import analysis

    return getattr(analysis, name)
