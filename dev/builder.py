"""Compiling a site again and again in one process."""

from pathlib import Path

from pyastro.compiler.project import ProjectError, Report, compile_project
from pyastro.dev.differences import Contents
from pyastro.dev.outcome import Broken, Changed

FOLDER = ".pyastro"
"""Where the work on a site leaves what is no source, below the source root."""


class Builder:
    """Compiles the site whose pages stand in a folder, and tells what changed."""

    def __init__(self, pages: Path) -> None:
        self.pages = pages.resolve()
        self.root = self.pages.parent
        self.build = self.root / FOLDER / "dev"
        self.report = Report()
        """The last one without an error."""
        self._contents: Contents | None = None

    def run(self) -> Changed | Broken | None:
        """What came of compiling; None where the build is as it was."""
        try:
            self._ignore_folder()
            report = compile_project(self.pages, self.build)
        except ProjectError as error:
            return Broken(message=str(error), hint=error.hint)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            return Broken(message=f"The build cannot be written: {place}{error.strerror or error}.")
        if not report.is_successful:
            return Broken((*report.warnings, *report.diagnostics), report.texts)
        self.report = report
        return self._changes(report)

    def _changes(self, report: Report) -> Changed | None:
        is_first = self._contents is None
        if is_first:
            self._contents = Contents(self.build)
        elif not report.written and not report.removed:
            return None
        assert self._contents is not None
        found = self._contents.differences(report.written, report.removed)
        return Changed(
            styles=tuple(found.styles),
            links=tuple(found.links),
            is_reload=is_first or found.has_more,
            compiled=tuple(report.compiled),
            warnings=tuple(w for w in report.warnings if is_first or w.path in report.compiled),
            texts=report.texts,
        )

    def _ignore_folder(self) -> None:
        """Keep the folder out of version control, without a line of the author's."""
        ignore = self.root / FOLDER / ".gitignore"
        if not ignore.exists() and self.pages.is_dir():
            ignore.parent.mkdir(exist_ok=True)
            ignore.write_text("*\n")
