"""The `pyastro` command."""

from pyastro.cli.main import command, main

__all__ = ["command", "main"]
