"""What a checker says of modules, told where their authors wrote the code."""

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from pyastro.compiler.check.checkers import Finding
from pyastro.compiler.check.places import Place, Places
from pyastro.compiler.check.wording import advice, sentence
from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.pipeline import inspect
from pyastro.compiler.source import Source, Span

_OF_GLUE = frozenset(
    {"comparison-overlap", "possibly-undefined", "redundant-expr", "reportArgumentType", "unreachable"}
)
"""What a checker may say of code that only the compiler wrote: it is no error of anybody."""

_NOT_FAILING = frozenset({"import-untyped", "reportMissingModuleSource", "reportMissingTypeStubs"})
"""Libraries without types: what they give is not checked, and that is all."""


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
    return found.path, found.line, found.column, found.end_column


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
            yield ours._replace(
                hint="This is code that pyastro made. Please report it as a mistake of pyastro."
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
