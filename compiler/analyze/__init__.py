"""From a tree to everything that is known of one component."""

from pyastro.compiler.analyze.analysis import PREDEFINED, Analysis, analyze
from pyastro.compiler.analyze.interface import Interface, Prop

__all__ = ["PREDEFINED", "Analysis", "Interface", "Prop", "analyze"]
