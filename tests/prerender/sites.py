"""Small sites for tests, built by the command."""

from pathlib import Path

from pyastro.cli import main


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """These files below a folder; the folder of the pages."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root / "pages"


def build(root: Path, files: dict[str, str | bytes] | None = None, *options: str) -> int:
    """Write files, and build the site into `dist`; the status."""
    return main(["build", str(write(root, files or {})), "--out", str(root / "dist"), *options])


def built(root: Path) -> list[str]:
    """The files of `dist`, without our mark, and what hosts are told of headers."""
    dist = root / "dist"
    files = sorted(path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file())
    return [file for file in files if file not in (".pyastro-build", "_headers")]


def text(root: Path, file: str) -> str:
    """The text of a file of `dist`, without the doctype."""
    return (root / "dist" / file).read_text().removeprefix("<!DOCTYPE html>\n").strip()
