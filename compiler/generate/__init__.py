"""From a module to its text."""

from pyastro.compiler.generate.generate import Generated, generate

__all__ = ["Generated", "generate"]
