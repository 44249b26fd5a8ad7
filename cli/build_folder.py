"""Finding the build that a command is about."""

from pathlib import Path


def existing_build(folder: Path) -> Path:
    """The same folder, after an exchange that a killed compilation left half done was finished."""
    if not folder.exists():
        from pyastro.compiler.project.exchange import recover

        recover(folder.resolve())
    return folder
