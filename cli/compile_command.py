"""`pyastro compile`: a tree of sources becomes a build."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.pages_argument import add_pages
from pyastro.cli.terminal import Failure, ProgressLine, counted, wants_color

if TYPE_CHECKING:
    from pyastro.compiler.project import Report

NAME = "compile"
SUMMARY = "compile a site into a folder of Python modules"
DESCRIPTION = """\
Compile the site whose pages stand in PAGES. The folder that holds PAGES is the source root: its components, the Python
files that they import, and public/ belong to the site.

  pyastro compile pages/ -o build/
  pyastro compile site/pages -o /srv/site

The build is replaced as a whole, and only if there is no error. A file is compiled again only when it, or what it uses
of another one, has changed.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("build"),
        metavar="BUILD",
        help="the folder to write (default: build)",
    )
    parser.add_argument(
        "--no-inline",
        dest="inline",
        action="store_false",
        help="let every component be a function of its own, also a small one, so that debuggers and tests find it",
    )


def _kept(pages: Path) -> Path | None:
    """Where modules are kept beside the build; None where nothing can be."""
    from pyastro.compiler.project.work_folder import work_folder

    try:
        return work_folder(Path(os.path.abspath(pages)).parent) / "compiled" if pages.is_dir() else None
    except OSError:
        return None


def run(arguments: argparse.Namespace) -> int:
    """Compile, and say what came of it; 1 where the site has an error."""
    from pyastro.compiler.project import ProjectError, compile_project
    from pyastro.compiler.purpose import Purpose

    start = time.monotonic()
    line = ProgressLine(sys.stderr)
    try:
        report = compile_project(
            arguments.pages,
            arguments.output,
            progress=line.update,
            purpose=Purpose.SERVING if arguments.inline else Purpose.RUNNING,
            kept=_kept(arguments.pages),
        )
    except ProjectError as error:
        raise Failure(str(error), error.hint) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Failure(f"The build cannot be written: {place}{error.strerror or error}.", status=1) from None
    finally:
        line.clear()
    print_diagnostics(report)
    if not report.is_successful:
        print(f"{counted(len(report.diagnostics), 'error')}. {_old_build(arguments.output)}", file=sys.stderr)
        return 1
    print(summary(report, time.monotonic() - start))
    return 0


def summary(report: "Report", seconds: float) -> str:
    """What was done, in one line."""
    compiled = counted(len(report.compiled), "component")
    same = len(report.components) - len(report.compiled)
    unchanged = f" ({same} unchanged)" if same else ""
    return f"Compiled {compiled} in {seconds:.1f} s{unchanged}"


def _old_build(output: Path) -> str:
    return f"{output} is as it was." if output.exists() else "Nothing was written."


def diagnostics_text(report: "Report") -> str:
    """The warnings and the errors of a compilation, as they are shown."""
    from pyastro.compiler.diagnostics import render_diagnostic

    color = wants_color(sys.stderr)
    return "".join(
        f"{render_diagnostic(each, report.texts.get(each.path), color)}\n\n" for each in report.findings
    )


def print_diagnostics(report: "Report") -> None:
    """Show the warnings and the errors of a compilation."""
    print(diagnostics_text(report), end="", file=sys.stderr)
