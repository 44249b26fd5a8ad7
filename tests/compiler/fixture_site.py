"""Compiling a fixture as a site of one page, and what comes of it."""

import asyncio
import importlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pyastro.compiler import render_diagnostic
from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose
from pyastro.runtime import Astro, Request, Response

_SNAPSHOTS = ("module.py", "served.py")
_SOURCES = (".astro", ".md", ".py", ".toml", ".css", ".sass", ".scss", ".svg", ".ts")


@dataclass(frozen=True)
class Outcome:
    """What a fixture gives: the module and the page, or what the compiler says."""

    module: str | None
    page: str | None
    said: str


def compile_fixture(case: Path, folder: Path, purpose: Purpose = Purpose.RUNNING) -> Outcome:
    """Compile `case/input.astro` as `pages/index.astro`; whatever else is in the folder stands in the source root."""
    site = folder / "site"
    for path in sorted(case.rglob("*")):
        if (
            path.is_file()
            and path.name not in _SNAPSHOTS
            and (path.suffix in _SOURCES or "public" in path.parts)
        ):
            name = path.relative_to(case)
            target = site / ("pages/index.astro" if str(name) == "input.astro" else name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    report = compile_project(site / "pages", folder / "build", purpose=purpose)
    said = "\n".join(
        render_diagnostic(d, report.texts.get(d.path)) + "\n" for d in [*report.warnings, *report.diagnostics]
    )
    if report.diagnostics:
        return Outcome(None, None, said)
    return Outcome((folder / "build/pages/index.py").read_text("utf-8"), render(folder), said)


def render(folder: Path) -> str:
    """The page of a build, as a program would render it."""
    name = f"fixture_{abs(hash(folder))}"
    package = folder / name
    (folder / "build").rename(package)
    sys.path.insert(0, str(folder))
    try:
        index = importlib.import_module(f"{name}.pages.index")
        result = asyncio.run(index.render(Astro(Request("GET", "http://localhost/"))))
    finally:
        sys.path.remove(str(folder))
        package.rename(folder / "build")
    if isinstance(result, Response):
        return f"{result.status} {dict(result.headers.items())}\n{result.body or ''}"
    return str(result)
