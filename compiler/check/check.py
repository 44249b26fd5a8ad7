"""Checking the types of a site."""

import json
import os
import shutil
import site
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pyastro.compiler.check.checkers import CHECKERS, PACKAGE, Checker, Finding, Job
from pyastro.compiler.check.surroundings import surroundings
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import compile_project
from pyastro.compiler.project.build_folder import CACHE, MANIFEST
from pyastro.compiler.purpose import Purpose

FOLDER = ".pyastro/check"
"""Where the modules that are checked, and what the checkers remember, are kept below the source root."""


@dataclass
class Checked:
    """What was found. The texts that diagnostics point into are given by path."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    files: int = 0
    """How many components there are."""
    build: Path | None = None
    """The folder of the modules that were checked, with a manifest, where everything compiles."""

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(each.is_error for each in self.diagnostics)


def check_project(pages: Path, runtime: Path, checker: str = "mypy", *, is_strict: bool = False) -> Checked:
    """The errors and warnings of the site whose pages stand in a folder, those of the compiler and those of the types.

    `runtime` is the folder of the package `pyastro.runtime`. Types are checked where everything compiles. Raises
    `ProjectError` where the folder cannot be used, and `CheckerError` where the checker cannot work.
    """
    root = Path(os.path.abspath(pages)).parent
    folder = root / FOLDER
    used = CHECKERS[checker]
    version = used.version()
    _make_folder(folder)
    report = compile_project(pages, folder / PACKAGE, purpose=Purpose.CHECKING)
    found = report.findings
    if report.is_successful:
        job = Job(folder, types_of(folder, runtime), Path.cwd(), is_strict)
        found = _merged(found, _type_diagnostics(root, used, version, job, report.modules))
    texts = {**_texts(root, found), **report.texts}
    build = folder / PACKAGE if report.is_successful else None
    return Checked(found, texts, len(report.components), build)


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n")


def types_of(folder: Path, runtime: Path) -> Path:
    """A folder in which a checker finds `pyastro.runtime` and the packages beside it, also where it does not by itself."""
    types = folder / "types"
    packages = {} if _is_found(runtime) else _packages(runtime)
    links = {link.name: link.resolve() for link in (types / "pyastro").glob("*") if link.is_symlink()}
    if links == packages:
        return types
    shutil.rmtree(types, ignore_errors=True)
    for name, package in packages.items():
        link = types / "pyastro" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        try:
            link.symlink_to(package, target_is_directory=True)
        except OSError:  # a system on which not everybody may make links
            shutil.copytree(package, link)
    return types


def _packages(runtime: Path) -> dict[str, Path]:
    """The package of the runtime, and those beside it that a site may import: all that have types."""
    beside = [mark.parent for mark in runtime.resolve().parent.glob("*/py.typed")]
    return {package.name: package for package in (*beside, runtime.resolve())}


def _is_found(runtime: Path) -> bool:
    """Whether a checker finds the package by itself: an editable installation is found by import alone.

    The folder's name does not tell: that of a clone may be `pyastro` as well.
    """
    home = runtime.resolve().parent
    installed = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()]
    folders = {Path(each).resolve() for each in (*installed, *site.getsitepackages())}
    return home.name == "pyastro" and home.parent in folders


# ---------------------------------------------------------------- what is remembered


def _type_diagnostics(
    root: Path, checker: Checker, version: str, job: Job, modules: Mapping[str, str]
) -> list[Diagnostic]:
    """What the checker says; from memory, where nothing of what it depends on has changed."""
    file = job.folder / f"{checker.name}.json"
    key = _key(checker, version, job)
    try:
        known = json.loads(file.read_bytes())
        if known["key"] == key:
            return [Diagnostic(**each) for each in known["diagnostics"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    sources = {(job.folder / PACKAGE / file).resolve(): path for path, file in modules.items()}
    found = _told(root, sources, checker.run(job))
    new = file.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps({"key": key, "diagnostics": [each._asdict() for each in found]}), "utf-8")
    new.replace(file)
    return found


def _told(root: Path, sources: Mapping[Path, str], findings: list[Finding]) -> list[Diagnostic]:
    if not findings:
        return []
    from pyastro.compiler.check.told import told_in_sources  # only now: it loads most of the compiler

    return told_in_sources(root, sources, findings)


def _key(checker: Checker, version: str, job: Job) -> str:
    """A text that differs when the checker might say something else."""
    digest = sha256(f"{checker.name} {version} {job.is_strict} {job.place}\0".encode())
    for file in (MANIFEST, CACHE):
        digest.update((job.folder / PACKAGE / file).read_bytes())
    for place in (job.place, *job.place.parents):
        for name in checker.settings:
            if (place / name).is_file():
                digest.update(f"{place / name}\0".encode() + (place / name).read_bytes())
    paths = [Path(each) for each in os.environ.get("MYPYPATH", "").split(os.pathsep) if each]
    digest.update(surroundings(job.folder / PACKAGE, [job.place, *paths, job.folder / "types"]).encode())
    return digest.hexdigest()


# ---------------------------------------------------------------- compiler and checker


def _merged(compiled: list[Diagnostic], typed: list[Diagnostic]) -> list[Diagnostic]:
    """What both say of one place is said once, as the compiler says it, and as an error where the checker calls it one."""
    known = {(*_place(each), code) for each in compiled for code in _SAME.get(each.code, ())}
    twice = [each for each in typed if {(*_place(each), each.code), (*_place(each), _ANY)} & known]
    errors = {_place(each) for each in twice if each.is_error}
    merged = [
        each._replace(severity="error") if each.code in _SAME and _place(each) in errors else each
        for each in compiled
    ]
    return sorted((*merged, *(each for each in typed if each not in twice)), key=Diagnostic.order)


_ANY = ""
_SAME = {
    "undefined-name": ("name-defined", "reportUndefinedVariable"),
    "unknown-of-astro": ("attr-defined", "reportAttributeAccessIssue"),
    "missing-await": (_ANY,),
}
"""What the compiler warns of, and the codes by which a checker says the same; what is not awaited has any consequence."""


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return diagnostic.path, diagnostic.line, diagnostic.column


def _texts(root: Path, diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    texts = {}
    for path in {d.path for d in diagnostics}:
        try:
            texts[path] = (root / path).read_text("utf-8", errors="replace").removeprefix("\ufeff")
        except OSError:
            continue
    return texts
