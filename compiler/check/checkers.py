"""The type checkers: how each is run on a package, and what it finds there."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

PACKAGE = "pyastro_site"
"""The package that the modules of a site are while they are checked."""

TIME = 600
"""For how many seconds a checker may run."""


class CheckerError(Exception):
    """A type checker that is not there, or cannot work: a sentence that says why, and advice."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Finding(NamedTuple):
    """What a checker says of a place in a module. Lines are counted from 1, columns from 0 in bytes of UTF-8."""

    file: Path
    start: tuple[int, int]
    end: tuple[int, int]
    severity: Literal["error", "warning"]
    message: str
    code: str
    notes: tuple[str, ...] = ()


class Job(NamedTuple):
    """What is to be checked: the package in `folder`, with the types in `types`, from the working directory `place`."""

    folder: Path
    types: Path
    place: Path
    is_strict: bool


class Checker(NamedTuple):
    """A type checker: the files that configure it, its version, and how it is run."""

    name: str
    settings: tuple[str, ...]
    version: Callable[[], str]
    """Raises `CheckerError` where it is not installed."""
    run: Callable[[Job], list[Finding]]


def _run(
    command: list[str], place: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            cwd=place,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIME,
        )
    except subprocess.TimeoutExpired:
        raise CheckerError(f"The type checker did not end within {TIME} seconds.") from None


# ---------------------------------------------------------------- mypy

_LINE = re.compile(
    r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+):(?P<end_line>\d+):(?P<end_column>\d+): "
    r"(?P<kind>error|note): (?P<message>.*?)(?:  \[(?P<code>[a-z0-9-]+)\])?"
)
_MYPY_OPTIONS = (
    "--explicit-package-bases",
    "--namespace-packages",
    "--follow-imports=silent",
    "--show-absolute-path",
    "--show-column-numbers",
    "--show-error-end",
    "--show-error-codes",
    "--hide-error-context",
    "--no-pretty",
    "--no-color-output",
    "--no-error-summary",
)


def _mypy_version() -> str:
    try:
        return version("mypy")
    except PackageNotFoundError:
        hint = "Install it beside pyastro: `pip install 'pyastro-web[check]'`."
        raise CheckerError("mypy, which checks the types, is not installed.", hint) from None


def _mypy(job: Job) -> list[Finding]:
    paths = [str(job.folder), str(job.types), *filter(None, [os.environ.get("MYPYPATH")])]
    command = [sys.executable, "-m", "mypy", "-p", PACKAGE, *_MYPY_OPTIONS]
    command += ["--cache-dir", str(job.folder / "mypy"), *(["--strict"] if job.is_strict else [])]
    done = _run(command, job.place, {"MYPYPATH": os.pathsep.join(paths)})
    findings = list(_in_bytes(_mypy_findings(done.stdout.splitlines())))
    if done.returncode not in (0, 1) and not findings:
        said = (done.stderr or done.stdout).strip()
        raise CheckerError(f"mypy could not do its work: {said or f'status {done.returncode}'}")
    return findings


def _mypy_findings(lines: Iterable[str]) -> Iterator[Finding]:
    """The errors, each with the notes that follow it; a note without an error is a warning of its own."""
    last: Finding | None = None
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        start = int(found["line"]), int(found["column"]) - 1
        finding = Finding(
            file=Path(found["file"]),
            start=start,
            end=(int(found["end_line"]), int(found["end_column"])),
            severity="error" if found["kind"] == "error" else "warning",
            message=found["message"],
            code=found["code"] or "note",
        )
        if (
            found["kind"] == "note"
            and last is not None
            and (last.file, last.start[0]) == (finding.file, start[0])
        ):
            last = last._replace(notes=(*last.notes, finding.message))
            continue
        if last is not None:
            yield last
        last = finding
    if last is not None:
        yield last


def _in_bytes(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with their columns in bytes.

    mypy counts columns in bytes, in characters, or takes the difference off twice, as its version has it. So on a line
    with other letters than ASCII, the place is that of the code for which one of these gives what was said.
    """
    texts: dict[Path, list[str]] = {}
    for finding in findings:
        lines = texts.setdefault(finding.file, finding.file.read_text("utf-8").split("\n"))
        number = finding.start[0]
        if number > len(lines) or lines[number - 1].isascii() or finding.end[0] != number:
            yield finding
        else:
            yield _on_line(finding, lines)


def _on_line(finding: Finding, lines: list[str]) -> Finding:
    number = finding.start[0]
    data = lines[number - 1].encode()
    for wider in (2, 1, 0):
        for start, end in _code_on_line("\n".join(lines), number):
            said = (start - wider * _wider(data[:start]), end - wider * _wider(data[:end]))
            if said == (finding.start[1], finding.end[1]):
                return finding._replace(start=(number, start), end=(number, end))
    return finding


def _wider(data: bytes) -> int:
    """How many bytes more than characters these are."""
    return len(data) - len(data.decode(errors="ignore"))


def _code_on_line(code: str, number: int) -> list[tuple[int, int]]:
    """Where on a line a node begins and ends, for each that does so on this line alone."""
    nodes = [node for node in ast.walk(ast.parse(code)) if getattr(node, "lineno", 0) == number]
    return [(n.col_offset, n.end_col_offset) for n in nodes if n.end_lineno == number]  # type: ignore[attr-defined]


# ---------------------------------------------------------------- pyright


def _pyright_command() -> str:
    here = Path.cwd()
    local = [str(folder / "node_modules" / ".bin") for folder in (here, *here.parents)]
    found = shutil.which("pyright") or shutil.which("pyright", path=os.pathsep.join(local))
    if found is None:
        hint = "Install it: `npm install pyright` or `pip install pyright`."
        raise CheckerError("pyright is not installed.", hint)
    return found


def _pyright_version() -> str:
    return _run([_pyright_command(), "--version"], Path.cwd(), {}).stdout.strip()


def _pyright(job: Job) -> list[Finding]:
    mode = "strict" if job.is_strict else "standard"
    settings = {
        "include": [PACKAGE],
        "extraPaths": [str(job.types), str(job.place)],
        "typeCheckingMode": mode,
        # what a compiled module has whatever its author wrote
        "reportUnusedFunction": False,
        "reportUnusedVariable": False,
        "reportUnnecessaryComparison": False,
        "reportUnnecessaryIsInstance": False,
        "reportRedeclaration": False,
        "reportUnusedExpression": False,
    }
    config = job.folder / "pyrightconfig.json"
    config.write_text(json.dumps(settings), "utf-8")
    command = [_pyright_command(), "--outputjson", "-p", str(config), "--pythonpath", sys.executable]
    done = _run(command, job.place, {})
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
        return [_pyright_finding(each) for each in found if each["severity"] in ("error", "warning")]
    except (ValueError, KeyError, TypeError):
        said = (done.stderr or done.stdout).strip()
        raise CheckerError(f"pyright could not do its work: {said or f'status {done.returncode}'}") from None


def _pyright_finding(data: Mapping[str, Any]) -> Finding:
    file = Path(data["file"])
    message, *notes = (line.strip() for line in data["message"].split("\n"))
    lines = file.read_text("utf-8").split("\n")
    start, end = (
        _byte_place(lines, data.get("range", {}).get(key, {"line": 0, "character": 0}))
        for key in ("start", "end")
    )
    code = data.get("rule", "syntax")
    return Finding(file, start, end, data["severity"], message, code, tuple(notes))


def _byte_place(lines: list[str], place: Mapping[str, int]) -> tuple[int, int]:
    """A place that pyright counts from 0, in units of UTF-16."""
    text = lines[place["line"]] if place["line"] < len(lines) else ""
    before = text.encode("utf-16-le")[: 2 * place["character"]].decode("utf-16-le", errors="ignore")
    return place["line"] + 1, len(before.encode())


CHECKERS: Mapping[str, Checker] = MappingProxyType(
    {
        "mypy": Checker(
            "mypy", ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"), _mypy_version, _mypy
        ),
        "pyright": Checker("pyright", (), _pyright_version, _pyright),
    }
)
"""By name, the default first."""
