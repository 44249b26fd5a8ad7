"""The `pyastro` command."""

from pyastro.cli.main import main

__all__ = ["main"]
