"""From a source to its tree."""

from pyastro.compiler.parse.parser import Parsed, parse

__all__ = ["Parsed", "parse"]
