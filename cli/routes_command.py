"""`pyastro routes`: what a build answers."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.build_folder import existing_build
from pyastro.cli.terminal import Failure

if TYPE_CHECKING:
    from pyastro.runtime.manifest import Route

NAME = "routes"
SUMMARY = "list the routes of a build"
DESCRIPTION = """\
List the routes of the site that was compiled into BUILD, in the order in which they are tried: the first that fits
answers.

  pyastro routes build/
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "build",
        type=Path,
        nargs="?",
        default=Path("build"),
        metavar="BUILD",
        help="the folder of the build (default: build)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    from pyastro.runtime.manifest import Manifest, ManifestError

    try:
        manifest = Manifest.read(existing_build(arguments.build))
    except ManifestError as error:
        raise Failure(f"{error}.") from None
    except OSError as error:
        raise Failure(f"{arguments.build} cannot be read: {error.strerror}.") from None
    rows = [("ROUTE", "KIND", "SOURCE")]
    rows += [(route.pattern, _kind(route), _source(route)) for route in manifest.routes]
    print("\n".join(table(rows)))
    return 0


def _kind(route: "Route") -> str:
    if route.status is not None:
        return f"{route.kind}, {route.status}"
    return f"{route.kind}, prerendered" if route.prerender else route.kind


def _source(route: "Route") -> str:
    """The file that answers, or where a redirect leads."""
    return f"-> {route.to}" if route.kind == "redirect" else route.source


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
