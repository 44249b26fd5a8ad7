"""The documents, which lie in `docs/` of the repository, where the command is run."""

from pathlib import Path

from pyastro.content import define_collection

ROOT = Path.cwd()
docs = define_collection("docs", folder=ROOT / "docs")
