"""`python -m pyastro.cli`: the command without its script."""

from pyastro.cli.main import command

command()
