"""The site that an `.astro` file belongs to, compiled for being imported."""

import json
from hashlib import sha256
from pathlib import Path

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import ProjectError, compile_project
from pyastro.compiler.project.naming import module_file, module_name
from pyastro.compiler.project.work_folder import NAME, work_folder
from pyastro.compiler.purpose import Purpose

PAGES = "pages"


class ImportedSite:
    """A source root whose components are imported one by one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._build = root / NAME / "hook"
        self._hashes: dict[str, str] | None = None

    def module(self, source: Path) -> Path:
        """The file of the module that a component was compiled to, as the component is now.

        Raises SyntaxError, at the author's line, where the site has an error.
        """
        path = source.relative_to(self.root).as_posix()
        if self._hashes is None or self._hashes.get(path) != sha256(source.read_bytes()).hexdigest():
            self._compile(path)
        name = module_name(path)
        file = self._build / module_file(name, is_package=False)
        return file if file.exists() else self._build / module_file(name, is_package=True)

    def _compile(self, path: str) -> None:
        work_folder(self.root)
        try:
            report = compile_project(self.root / PAGES, self._build, purpose=Purpose.DEVELOPING)
        except ProjectError as error:
            raise ImportError(f"{error} {error.hint}") from None
        if report.diagnostics:
            self._hashes = None
            own = (each for each in report.diagnostics if each.path == path)
            first = next(own, report.diagnostics[0])
            others = [each for each in report.diagnostics if each is not first]
            raise self._syntax_error(first, report.texts.get(first.path), others)
        self._hashes = json.loads((self._build / "manifest.json").read_bytes())["sources"]

    def _syntax_error(self, found: Diagnostic, text: str | None, others: list[Diagnostic]) -> SyntaxError:
        """A finding as the exception by which Python says the same of its own files."""
        lines = (text or "").splitlines()
        line = lines[found.line - 1] if found.line <= len(lines) else ""
        place = (str(self.root / found.path), found.line, found.column, line, found.line, found.end_column)
        error = SyntaxError(f"{found.message} [{found.code}]", place)
        if found.hint:
            error.add_note(f"hint: {found.hint}")
        for other in others:
            error.add_note(str(other))
        return error


def source_root(file: Path) -> Path | None:
    """The folder that holds the pages of the site that a file belongs to; None where there is no such folder."""
    return next((folder for folder in file.parents if (folder / PAGES).is_dir()), None)
