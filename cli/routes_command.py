"""`pyastro routes`: what a site answers."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.build_folder import existing_build
from pyastro.cli.terminal import Failure, wants_color

if TYPE_CHECKING:
    from pyastro.compiler.project.tree import Tree
    from pyastro.runtime.manifest import Route

NAME = "routes"
SUMMARY = "list the routes of a site"
DESCRIPTION = """\
List the routes of the site whose pages stand in FOLDER, or that was compiled into it, in the order in which they are
tried: the first that fits answers.

  pyastro routes
  pyastro routes build/
"""
Row = tuple[str, str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="a build, or the folder of the pages (default: build, where there is one, else pages)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 1 where the sources of the site have an error."""
    folder: Path | None = arguments.folder
    if folder is None:
        folder = Path("build") if _is_build(Path("build")) or not Path("pages").is_dir() else Path("pages")
    status, rows = _of_sources(folder) if _holds_pages(folder) else (0, _of_build(folder))
    print("\n".join(table([("ROUTE", "KIND", "SOURCE"), *rows])))
    return status


def _of_build(folder: Path) -> list[Row]:
    from pyastro.runtime.manifest import Manifest, ManifestError

    try:
        return list(map(_row, Manifest.read(existing_build(folder)).routes))
    except ManifestError as error:
        raise Failure(f"{error}.") from None
    except OSError as error:
        raise Failure(f"{folder} cannot be read: {error.strerror}.") from None


def _row(route: "Route") -> Row:
    if route.kind == "redirect":
        return route.pattern, _kind(route.kind, route.status, None), f"-> {route.to}"
    return route.pattern, _kind(route.kind, None, route.prerender), route.source


def _kind(kind: str, status: int | None, prerender: bool | None) -> str:
    if status is not None:
        return f"{kind}, {status}"
    return f"{kind}, prerendered" if prerender else kind


# ---------------------------------------------------------------- without a build


def _holds_pages(folder: Path) -> bool:
    """Is this a folder of sources?"""
    if not folder.is_dir() or _is_build(folder):
        return False
    return any(next(folder.rglob(f"*{suffix}"), None) for suffix in (".astro", ".md", ".py"))


def _is_build(folder: Path) -> bool:
    return (folder / "manifest.json").exists()


def _of_sources(pages: Path) -> tuple[int, list[Row]]:
    """The routes as the sources tell them. What is wrong with these goes to the error stream."""
    from pyastro.compiler.diagnostics import render_diagnostic
    from pyastro.compiler.project.cache import Memory
    from pyastro.compiler.project.tree import read_tree

    pages = pages.resolve()
    tree = read_tree(pages, pages.parent / "build", Memory())
    errors = [each for each in tree.problems if each.is_error]
    for each in errors:
        print(render_diagnostic(each, None, wants_color(sys.stderr)), file=sys.stderr)
    return int(bool(errors)), list(_source_rows(tree))


def _source_rows(tree: "Tree") -> Iterator[Row]:
    for route in tree.routes:
        if route.redirect is not None:
            yield route.pattern, _kind(route.kind, route.redirect.status, None), f"-> {route.redirect.to}"
        else:
            yield route.pattern, _kind(route.kind, None, tree.prerender.get(route.source)), route.source


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
