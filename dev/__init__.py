"""A site while it is written: compiled and served anew after each change, with the browser kept up to date.

Like the command, this package knows compiler and runtime; nothing but the command knows it.
"""

from pyastro.dev.develop import PORT, develop
from pyastro.dev.outcome import Broken, Changed, Crashed, Outcome
from pyastro.dev.reporting import Reporter

__all__ = ["PORT", "Broken", "Changed", "Crashed", "Outcome", "Reporter", "develop"]
