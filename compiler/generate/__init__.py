"""From a module to its text."""

from pyastro.compiler.generate.generate import Generated, generate, load

__all__ = ["Generated", "generate", "load"]
