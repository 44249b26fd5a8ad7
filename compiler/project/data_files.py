"""Files that come along as they are: `public/`, and the data that the configuration includes."""

import os
from pathlib import Path

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.build_folder import CACHE, MANIFEST
from pyastro.compiler.project.config import Config
from pyastro.compiler.project.layout import PUBLIC
from pyastro.compiler.project.naming import python_name
from pyastro.compiler.project.resolver import Resolver

CONTENT = "content/config.py"
CONTENT_SUFFIXES = (".json", ".markdown", ".md", ".toml", ".yaml", ".yml")


def included_files(root: Path, config: Config, output: Path | None) -> tuple[list[str], list[Diagnostic]]:
    """The files that the patterns of `include` match, relative to the source root, and what is wrong with a pattern."""
    found: set[str] = set()
    problems: list[Diagnostic] = []
    line = config.lines.get("include", 1)
    for pattern in config.include:
        files = [path for path in root.glob(pattern) if path.is_file() and not _is_below(path, output)]
        paths = {path.relative_to(root).as_posix() for path in files}
        if not paths:
            problems.append(messages.include_matches_nothing(config.path, line, pattern))
        for path in paths & {MANIFEST, CACHE}:
            found_text = f"a pattern that matches `{path}`, which a build has of its own"
            problems.append(
                messages.wrong_setting(config.path, line, "include", "a list of data files", found_text)
            )
        found |= {path for path in paths if not path.startswith(f"{PUBLIC}/")}
    return sorted(found | _content(root)), problems


def _content(root: Path) -> set[str]:
    """The entries of content collections, which come along where `content/config.py` declares some."""
    if not (root / CONTENT).is_file():
        return set()
    start, found = len(str(root)) + 1, set[str]()
    for above, _, names in os.walk((root / CONTENT).parent):
        files = [os.path.join(above, name) for name in names if name.endswith(CONTENT_SUFFIXES)]
        found |= {file[start:].replace(os.sep, "/") for file in files if os.path.isfile(file)}
    return found


def _is_below(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


def data_place(path: str, resolver: Resolver) -> str:
    """Where a data file goes in the build: beside the modules of its folder, which may be spelt otherwise there."""
    *folders, name = path.split("/")
    places: list[str] = []
    is_package = True
    for folder in folders:
        spelt = python_name(folder)
        is_package = is_package and resolver.is_package(".".join([*places, spelt]))
        places.append(spelt if is_package else folder)
    return "/".join([*places, name])
