"""Checking the types of a site."""

import json
import os
import shutil
import site
import sysconfig
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from pyastro.compiler.check.checkers import CHECKERS, PACKAGE, Checker, Finding, Job
from pyastro.compiler.check.places import Place, Places
from pyastro.compiler.check.surroundings import surroundings
from pyastro.compiler.check.wording import advice, sentence
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.pipeline import inspect
from pyastro.compiler.project import compile_project
from pyastro.compiler.project.build_folder import CACHE, MANIFEST
from pyastro.compiler.purpose import Purpose
from pyastro.compiler.source import Source, Span

FOLDER = ".pyastro/check"
"""Where the modules that are checked, and what the checkers remember, are kept below the source root."""

_OF_GLUE = frozenset(
    {"comparison-overlap", "possibly-undefined", "redundant-expr", "reportArgumentType", "unreachable"}
)
"""What a checker may say of code that only the compiler wrote: it is no error of anybody."""

_NOT_FAILING = frozenset({"import-untyped", "reportMissingModuleSource", "reportMissingTypeStubs"})
"""Libraries without types: what they give is not checked, and that is all."""


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
    found = told_in_sources(root, sources, checker.run(job))
    new = file.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps({"key": key, "diagnostics": [asdict(each) for each in found]}), "utf-8")
    new.replace(file)
    return found


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


# ---------------------------------------------------------------- from modules to sources


def told_in_sources(root: Path, sources: Mapping[Path, str], findings: Iterable[Finding]) -> list[Diagnostic]:
    """The findings about modules, told in their sources, each once."""
    by_source: dict[str, list[Finding]] = {}
    for finding in findings:
        path = sources.get(finding.file.resolve())
        if path is not None:
            by_source.setdefault(path, []).append(finding)
    found: dict[Diagnostic, None] = {}
    for path, group in by_source.items():
        told = _of_component if path.endswith(".astro") else _of_python
        found |= dict.fromkeys(told(root, path, group))
    return sorted(_without_none(found), key=lambda d: (d.path, d.line, d.column, d.message))


def _without_none(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings without those that `None` has no attribute where the rest of a union has none of that name either."""
    every = list(found)
    others = {_span(each) for each in every if each.code in _ATTRIBUTE and not _is_of_none(each)}
    return (each for each in every if not (_is_of_none(each) and _span(each) in others))


_ATTRIBUTE = frozenset({"union-attr", "attr-defined", "reportAttributeAccessIssue"})


def _is_of_none(found: Diagnostic) -> bool:
    is_of_mypy = found.code == "union-attr" and found.message.startswith('Item "None" of ')
    return is_of_mypy or found.code == "reportOptionalMemberAccess"


def _span(found: Diagnostic) -> tuple[str, int, int, int | None]:
    return *_place(found), found.end_column


def _of_component(root: Path, path: str, findings: list[Finding]) -> Iterator[Diagnostic]:
    try:
        analysis = inspect(Source.read(root, path)).analysis
    except (CompileError, OSError):  # changed since it was compiled
        return
    assert analysis is not None
    places = Places(analysis, findings[0].file.read_text("utf-8"))
    located = [(finding, places.find((finding.start, finding.end), finding.message)) for finding in findings]
    said = {finding.message for finding, place in located if place is not None}
    for finding, place in located:
        if place is not None and (place.is_exact or finding.code not in _OF_GLUE):
            yield _diagnostic(analysis.source, finding, place)
        elif place is None and not _is_repeated(finding, said):
            # anything else that has no place is our mistake
            ours = _diagnostic(analysis.source, finding, Place(Span(0, 0)))
            yield replace(
                ours, hint="This is code that pyastro made. Please report it as a mistake of pyastro."
            )


def _is_repeated(finding: Finding, said: Container[str]) -> bool:
    """Is a finding about code that the compiler made said elsewhere? A signature repeats the fields of `class Props`."""
    is_default = finding.message.startswith(
        ("Incompatible default for parameter", "Incompatible default for argument")
    )
    return is_default or finding.message in said or finding.code in _OF_GLUE


def _of_python(root: Path, path: str, findings: list[Finding]) -> Iterator[Diagnostic]:
    """A local Python file has the lines of its source, and its columns but for imports that are spelt differently."""
    try:
        source = Source.read(root, path)
    except (CompileError, OSError):
        return
    lines = findings[0].file.read_text("utf-8").split("\n")
    texts = source.text.split("\n")
    for finding in findings:
        line = min(finding.start[0], len(texts))
        text, start = texts[line - 1], source.line_starts[line - 1]
        span = Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
        if text.rstrip("\r") == lines[line - 1].rstrip("\r"):
            ends = finding.end[1] if finding.end[0] == line else len(text.encode())
            span = Span(
                *(start + len(text.encode()[:at].decode(errors="ignore")) for at in (finding.start[1], ends))
            )
        yield _diagnostic(source, finding, Place(span))


def _diagnostic(source: Source, finding: Finding, place: Place) -> Diagnostic:
    message, hint = sentence(finding.message, place.tag)
    line, column = source.location(place.span.start)
    end_line, end_column = source.location(place.span.end)
    if end_line != line:
        end_column = len(source.text[source.line_starts[line - 1] :].split("\n", 1)[0].rstrip()) + 1
    severity = "warning" if finding.code in _NOT_FAILING else finding.severity
    hints = " ".join(filter(None, [hint, advice(finding.notes)])) or None
    return Diagnostic(finding.code, severity, source.path, line, column, message, hints, end_column)


def _merged(compiled: list[Diagnostic], typed: list[Diagnostic]) -> list[Diagnostic]:
    """What both say of one place is said once, as the compiler says it, and as an error where the checker calls it one."""
    known = {(*_place(each), code) for each in compiled for code in _SAME.get(each.code, ())}
    twice = [each for each in typed if {(*_place(each), each.code), (*_place(each), _ANY)} & known]
    errors = {_place(each) for each in twice if each.is_error}
    merged = [
        replace(each, severity="error") if each.code in _SAME and _place(each) in errors else each
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
