"""Style sheets in Sass, compiled by libsass where it is installed (the extra `sass`)."""

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

LANGUAGES = frozenset({"scss", "sass"})

_PLACE = r"\n\s+on line (\d+):(\d+) of (.+)"
_REFUSED = r"_Refused: (.+?)\n"
_CHARSET = '@charset "UTF-8";\n'


class NoSassError(Exception):
    """libsass is not installed."""


class SassProblem(NamedTuple):
    """What Sass says: of which file, None for the text itself; line and column are counted from 1."""

    path: str | None
    line: int
    column: int
    message: str


@dataclass(slots=True)
class Sass:
    """A compiled style sheet."""

    css: str = ""
    reads: dict[str, str] = field(default_factory=dict)
    """The files that it imports, relative to the source root, with the SHA-256 of each."""
    problem: SassProblem | None = None


class _Refused(Exception):
    pass


def compile_sass(text: str, path: str, root: Path, is_indented: bool) -> Sass:
    """The CSS of a text in Sass, which stands in the source `path`. Raises `NoSassError` where it cannot be made.

    Only files of the source root are imported.
    """
    try:
        import sass
    except ImportError:
        raise NoSassError from None
    result = Sass()

    def load(wanted: str, importer: str) -> list[tuple[str, str]] | None:
        if wanted.endswith(".css") or re.match(r"[a-z]+:|//", wanted):
            return None
        folder = posixpath.dirname(path if importer == "stdin" else importer)
        found = _file(posixpath.normpath(posixpath.join(folder, wanted)), root)
        if found is None:
            raise _Refused(f"There is no file `{wanted}`.")
        data = (root / found).read_bytes()
        result.reads[found] = sha256(data).hexdigest()
        return [(found, data.decode("utf-8", errors="replace"))]

    try:
        css: str = sass.compile(
            string=text, indented=is_indented, output_style="expanded", importers=[(0, load)]
        )
    except sass.CompileError as error:
        result.problem = _problem(str(error))
    else:
        result.css = css.removeprefix(_CHARSET)
    return result


def _file(path: str, root: Path) -> str | None:
    """The file that an import means, inside the source root."""
    inside = os.path.realpath(root)
    for candidate in _candidates(path):
        is_hidden = any(name.startswith(".") for name in candidate.split("/"))
        real = Path(os.path.realpath(root / candidate))
        is_inside = not candidate.startswith("/") and real.is_relative_to(inside)
        if is_inside and not is_hidden and real.is_file():
            return candidate
    return None


def _candidates(path: str) -> Iterator[str]:
    """Where Sass looks for what an import names."""
    folder, name = posixpath.split(path)
    names = [name] if name.endswith((".scss", ".sass")) else [f"{name}.scss", f"{name}.sass"]
    for each in names:
        yield posixpath.join(folder, each)
        yield posixpath.join(folder, f"_{each}")
    for each in ("_index.scss", "_index.sass"):
        yield posixpath.join(path, each)


def _problem(said: str) -> SassProblem:
    place = re.search(_PLACE, said)
    refused = re.search(_REFUSED, said)
    message = refused[1] if refused else said.partition("\n")[0].removeprefix("Error: ").strip()
    message = message if message.endswith(".") else f"{message}."
    if place is None:
        return SassProblem(None, 1, 1, message)
    return SassProblem(None if place[3] == "stdin" else place[3], int(place[1]), int(place[2]), message)
