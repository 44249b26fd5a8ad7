"""The folder `.pyastro` below a source root, for what is no source and is kept between runs."""

from pathlib import Path

NAME = ".pyastro"


def work_folder(root: Path) -> Path:
    """The folder, made where it is missing, and kept out of version control without a line of the author's.

    Raises OSError where it cannot be written.
    """
    folder = root / NAME
    folder.mkdir(exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n")
    return folder
