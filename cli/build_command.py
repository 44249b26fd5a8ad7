"""`pyastro build`: a site becomes files, and where its host runs code, a build beside them."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyastro.cli.collector import collect_rarely, keep_loaded
from pyastro.cli.inputs import Reads, is_unchanged, remember, watched
from pyastro.cli.pages_argument import add_pages
from pyastro.cli.terminal import Failure, ProgressLine, counted

if TYPE_CHECKING:
    from pyastro.adapters import Problem
    from pyastro.compiler.project import Output
    from pyastro.compiler.project.output import Changes
    from pyastro.prerender import Rendered, Report
    from pyastro.runtime.manifest import Manifest, Prerendered

NAME = "build"
SUMMARY = "render a site to files, ready for its host"
DESCRIPTION = """\
Compile the site whose pages stand in PAGES, and render every page to a file of DIST, unless it says
`prerender = False`. With an adapter, or `output = "server"`, it is the other way round: pages are rendered on demand,
unless they say `prerender = True`.

  pyastro build
  pyastro build site/pages --out /srv/www

DIST is replaced as a whole, and only if there is no error. Where nothing has changed that the last build read, nothing
is done.
"""

"""The folder beside the pages for what is kept between runs."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        default=Path("dist"),
        metavar="DIST",
        help="the folder to write (default: dist)",
    )
    parser.add_argument(
        "--force", action="store_true", help="render everything, even where nothing seems to have changed"
    )


def run(arguments: argparse.Namespace) -> int:
    """Build, and say what came of it; 1 where the site has an error."""
    start, since = time.monotonic(), time.time_ns()
    collect_rarely()
    work, out = _work_folder(arguments.pages), Path(os.path.abspath(arguments.out))
    record, key = work / "inputs.json", f"{os.path.abspath(arguments.pages)}\n{out}"
    note = None if arguments.force else is_unchanged(record, key)
    if note is not None:
        print(f"{arguments.out} is up to date: {note['summary']} ({time.monotonic() - start:.2f} s)")
        return 0
    sys.path.insert(0, os.getcwd())  # as for `pyastro serve`
    try:
        with watched() as reads:
            built = _build(arguments.pages, arguments.out, work, reads)
    finally:
        sys.path.remove(os.getcwd())
    if built is None:
        return 1
    from pyastro.cli.build_report import print_summary

    report, output, is_quiet = built
    print_summary(report, arguments.out, time.monotonic() - start)
    if is_quiet:
        files = [f"{output.target}/{path}" for path in (*output.changes.written, *output.changes.unchanged)]
        own = [work, output.target, output.folder]
        remember(record, key, reads, files, own, since, {"summary": _summary(report)})
    else:
        record.unlink(missing_ok=True)
    return 0


def _summary(report: "Report") -> str:
    from pyastro.cli.build_report import size

    return f"{counted(len(report.sizes), 'file')}, {size(sum(report.sizes.values()))}"


def _work_folder(pages: Path) -> Path:
    """The folder for what is kept between runs, which version control leaves alone."""
    from pyastro.compiler.project.work_folder import NAME, work_folder

    root = Path(os.path.abspath(pages)).parent
    return work_folder(root) if pages.is_dir() else root / NAME


def _build(pages: Path, out: Path, work: Path, reads: Reads) -> "tuple[Report, Output, bool] | None":
    """Compile, render, pack and install. None where there is an error, which was printed; else also: were there no warnings?"""
    from pyastro.compiler.project import Output, ProjectError, check_output, check_pages

    _keep_markdown(work / "markdown")
    try:
        check_output(out, pages)
        check_pages(pages)
        compiled = _compile(pages, work / "build", reads)
        print(compiled.said, end="", file=sys.stderr)
        if not compiled.is_successful:
            print(_nothing(out), file=sys.stderr)
            return None
        reads.trust()
        keep_loaded()
        with Output(out) as output:
            report = _render(work / "build", output, reads)
            if report.failures:
                print(f"{counted(len(report.failures), 'error')}. {_nothing(out)}", file=sys.stderr)
                return None
            output.install()
    except ProjectError as error:
        raise Failure(str(error), error.hint) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Failure(f"{out} cannot be written: {place}{error.strerror or error}.", status=1) from None
    return report, output, compiled.is_quiet and not report.warnings


def _keep_markdown(folder: Path) -> None:
    """Let rendered Markdown be kept."""
    from pyastro.compiler.project.libraries import installed
    from pyastro.markdown.cache import keep_in

    if folder.parent.is_dir():
        keep_in(folder, repr(sorted(installed().items())))


def _nothing(out: Path) -> str:
    return f"{out} is as it was." if out.exists() else "Nothing was written."


class _Compiled(NamedTuple):
    """What came of a compilation."""

    is_successful: bool
    is_quiet: bool
    """Were there no warnings?"""
    said: str
    """What is shown of it."""
    reads: Reads


def _compile(pages: Path, build: Path, reads: Reads) -> _Compiled:
    """Compile, in a copy of this process if that can be: this one loads what rendering needs meanwhile."""
    from pyastro.compiler.project.workers import beside

    compiled = beside(lambda: _compiled(pages, build, reads), lambda: _load(pages.parent))
    reads.add(compiled.reads)
    return compiled


def _compiled(pages: Path, build: Path, reads: Reads) -> _Compiled:
    from pyastro.cli.compile_command import diagnostics_text
    from pyastro.compiler.project import compile_project
    from pyastro.compiler.project.config import read_config
    from pyastro.compiler.purpose import Purpose

    config, _ = read_config(pages.parent)
    is_packed = config.adapter not in (None, "static") or config.output == "server"
    purpose = Purpose.SERVING if is_packed else Purpose.RENDERING
    line = ProgressLine(sys.stderr)
    try:
        report = compile_project(pages, build, progress=line.update, purpose=purpose, once=True)
    finally:
        line.clear()
    reads.trust()
    return _Compiled(report.is_successful, not report.warnings, diagnostics_text(report), reads.take())


def _load(root: Path) -> None:
    """Load what a site is rendered with."""
    import pyastro.adapters
    import pyastro.prerender

    if (root / "content").is_dir():
        with suppress(ImportError):  # who needs it says so
            import pyastro.content
            import pyastro.markdown.rendering  # noqa: F401


def _render(build: Path, output: "Output", reads: Reads) -> "Report":
    """Render what is rendered ahead into the output, and let the adapter add what its host needs."""
    from pyastro.adapters import Product
    from pyastro.cli.site_adapter import site_adapter
    from pyastro.compiler.project.build_folder import MANIFEST, MARK, MARK_TEXT, is_manifest
    from pyastro.prerender import prerender
    from pyastro.runtime.manifest import Manifest

    manifest = Manifest.read(build)
    found = site_adapter(build, manifest)
    if found.problems:
        raise _refused(found.problems)
    adapter = found.adapter
    folders = [adapter.public, manifest.config.base if adapter.capabilities.is_at_root else ""]
    prefix = "".join(f"{folder.strip('/')}/" for folder in folders if folder.strip("/"))
    for file in manifest.public:
        output.copy(prefix + file.path, build / "public" / file.path)
    line = ProgressLine(sys.stderr, task="Rendering")
    try:
        report = prerender(
            build,
            lambda file, data: output.write(prefix + file, data),
            share=_share(reads, output),
            has_server=found.runs_code,
            sends_headers=adapter.capabilities.sends_headers,
            progress=line.update,
        )
    finally:
        line.clear()
    for text in (*(f"warning: {each}" for each in report.warnings), *report.failures):
        print(text.rstrip("\n"), end="\n\n", file=sys.stderr)
    if not report.failures:
        redirects = {each.job.path: each.redirect for each in report.rendered if each.redirect is not None}
        files = _answers(report, manifest)
        adapter.build(Product(build, manifest, report.on_demand, files, redirects), output)
        if MANIFEST not in output.paths or not is_manifest(output.read(MANIFEST)):
            output.write(MARK, MARK_TEXT)
    return report


def _refused(problems: "Sequence[Problem]") -> Failure:
    """All that stands against the site, each with its advice."""
    if len(problems) == 1:
        return Failure(problems[0].message, problems[0].hint, status=1)
    return Failure("\n  ".join(f"{each.message} {each.hint}" for each in problems), status=1)


def _answers(report: "Report", manifest: "Manifest") -> "dict[str, Prerendered]":
    """What answers each path below the base that was rendered ahead; error pages answer no path."""
    from pyastro.runtime.manifest import Prerendered

    base = manifest.config.base.rstrip("/")
    return {
        each.job.path.removeprefix(base).rstrip("/") or "/": Prerendered(each.job.file, each.headers)
        for each in report.rendered
        if each.job.file not in ("404.html", "500.html")
    }


def _share(reads: Reads, output: "Output") -> Any:
    """How pages are spread over processes, of which each tells what it read and wrote."""
    from pyastro.compiler.project.workers import results

    def share(chunks: Sequence[Any], work: Any) -> "Iterable[tuple[Any, list[Rendered]]]":
        def told(chunk: Any) -> "tuple[list[Rendered], Reads, Changes]":
            with output.noted() as changes:
                return work(chunk), reads.take(), changes

        output.begin()
        for chunk, (rendered, read, changes) in results(chunks, told, jobs_per_worker=2):
            reads.add(read)
            output.add(changes)
            yield chunk, rendered

    return share
