"""`pyastro compile`: a tree of sources becomes a build."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.collector import collect_rarely
from pyastro.cli.inputs import Reads, is_unchanged, remember, watched
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
of another one, has changed; where nothing has changed that the last run read or wrote, nothing is looked at but that.
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


def run(arguments: argparse.Namespace) -> int:
    """Compile, and say what came of it; 1 where the site has an error."""
    start, since = time.monotonic(), time.time_ns()
    collect_rarely()
    output = Path(os.path.abspath(arguments.output))
    work = _work_folder(arguments.pages)
    record = None if work is None else work / "compiled.json"
    key = f"{os.path.abspath(arguments.pages)}\n{output}\n{arguments.inline}"
    note = None if record is None else is_unchanged(record, key)
    if note is not None:
        print(_summary(0, note["components"], time.monotonic() - start))
        return 0
    with watched() as reads:
        report = _compiled(arguments, None if work is None else work / "compiled")
        reads.trust()
    print_diagnostics(report)
    if not report.is_successful:
        print(f"{counted(len(report.diagnostics), 'error')}. {_old_build(arguments.output)}", file=sys.stderr)
        return 1
    print(summary(report, time.monotonic() - start))
    if record is not None and work is not None:
        _remember(record, key, report, reads, [work, output], since)
    return 0


def _work_folder(pages: Path) -> Path | None:
    """The folder for what is kept between runs; None where nothing can be."""
    from pyastro.compiler.project.work_folder import work_folder

    try:
        return work_folder(Path(os.path.abspath(pages)).parent) if pages.is_dir() else None
    except OSError:
        return None


def _compiled(arguments: argparse.Namespace, kept: Path | None) -> "Report":
    """Compile. `kept` is where modules are kept beside the build."""
    from pyastro.compiler.project import ProjectError, compile_project
    from pyastro.compiler.purpose import Purpose

    line = ProgressLine(sys.stderr)
    try:
        return compile_project(
            arguments.pages,
            arguments.output,
            progress=line.update,
            purpose=Purpose.SERVING if arguments.inline else Purpose.RUNNING,
            kept=kept,
            once=True,
        )
    except ProjectError as error:
        raise Failure(str(error), error.hint) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Failure(f"The build cannot be written: {place}{error.strerror or error}.", status=1) from None
    finally:
        line.clear()


def _remember(
    record: Path, key: str, report: "Report", reads: Reads, own: Sequence[Path], since: int
) -> None:
    """Note what was read, so that a run with the same is spared; one that has something to say is not."""
    with suppress(OSError):  # where it cannot be kept, the next run looks at each file
        if report.warnings:
            record.unlink(missing_ok=True)
        else:
            files = [f"{own[-1]}/{path}" for path in (*report.written, *report.unchanged)]
            remember(record, key, reads, files, own, since, {"components": len(report.components)})


def summary(report: "Report", seconds: float) -> str:
    """What was done, in one line."""
    return _summary(len(report.compiled), len(report.components), seconds)


def _summary(compiled: int, components: int, seconds: float) -> str:
    unchanged = f" ({components - compiled} unchanged)" if compiled < components else ""
    return f"Compiled {counted(compiled, 'component')} in {seconds:.1f} s{unchanged}"


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
