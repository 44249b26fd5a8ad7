"""A type checker finds in compiled modules what is wrong in their authors' code, at its place, and nothing else."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

import pyastro.runtime
from pyastro.compiler.check.check import types_of
from pyastro.compiler.check.checkers import CHECKERS, PACKAGE, Finding, Job
from pyastro.compiler.check.told import told_in_sources
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose

ROOT = Path(__file__).parent.parent.parent.parent
CASES = sorted(
    [path.parent for path in ROOT.glob("fixtures/*/*/module.py")]
    + [ROOT / "examples/shop", ROOT / "examples/hosts"]
)


def name_of(case: Path) -> str:
    return f"{case.parent.name}_{case.name}".replace("-", "_")


def copy(case: Path, site: Path) -> None:
    """The sources of a case as a site of its own."""
    shutil.copytree(
        case, site, ignore=shutil.ignore_patterns("build", ".pyastro", "module.py", "*.html", "*.txt")
    )
    if (site / "input.astro").exists():
        (site / "pages").mkdir(exist_ok=True)
        (site / "input.astro").rename(site / "pages/index.astro")


def checked(
    folder: Path, sites: Path, purpose: Purpose
) -> tuple[list[Finding], dict[Path, tuple[Path, str]]]:
    """What mypy says of all cases, compiled into one package; and the site and the source of each module."""
    sources: dict[Path, tuple[Path, str]] = {}
    for case in CASES:
        build = folder / PACKAGE / name_of(case)
        report = compile_project(sites / name_of(case) / "pages", build, purpose=purpose)
        if not report.is_successful:  # it needs a later Python
            continue
        site = sites / name_of(case)
        sources |= {(build / file).resolve(): (site, path) for path, file in report.modules.items()}
    types = types_of(folder, Path(str(pyastro.runtime.__file__)).parent)
    return CHECKERS["mypy"].run(Job(folder, types, folder, is_strict=True)), sources


def counted(findings: list[Finding], sources: dict[Path, tuple[Path, str]]) -> Counter[tuple[str, str, str]]:
    """How often something is said of a file, wherever it is."""
    places = [
        (sources[f.file.resolve()], f.message) for f in findings if f.code not in ("note", "unused-ignore")
    ]
    return Counter((site.name, path, message.replace(f"{PACKAGE}.", "")) for (site, path), message in places)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    for case in CASES:
        copy(case, folder / name_of(case))
    return folder


@pytest.mark.slow
def test_what_is_told_of_a_module_is_the_authors(sites: Path, tmp_path: Path) -> None:
    checking, sources = checked(tmp_path / "checking", sites, purpose=Purpose.CHECKING)
    told: list[Diagnostic] = []
    for site in sorted({site for site, _ in sources.values()}):
        own = {file: path for file, (home, path) in sources.items() if home == site}
        told += told_in_sources(site, own, [f for f in checking if f.file.resolve() in own])
    assert len(told) > 50 and len({site for site, _ in sources.values()}) > 100
    assert not [each for each in told if each.hint and "pyastro made" in each.hint]

    running, running_sources = checked(tmp_path / "running", sites, purpose=Purpose.SERVING)
    more = counted(running, running_sources).keys() - counted(checking, sources).keys()
    assert not more, "a module that runs has no error that the one for checking has not"
