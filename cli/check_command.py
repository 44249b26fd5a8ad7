"""`pyastro check`: the types of a site."""

import argparse
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.pages_argument import add_pages
from pyastro.cli.terminal import Failure, counted, wants_color

if TYPE_CHECKING:
    from pyastro.compiler.check import Checked
    from pyastro.compiler.diagnostics import Diagnostic

NAME = "check"
SUMMARY = "check the types of a site"
DESCRIPTION = """\
Compile the site whose pages stand in PAGES, without writing a build, and check its types: of the frontmatter, of what
stands in braces, and of the props that components pass on. What is wrong is told at its place in the .astro file.

  pyastro check
  pyastro check site/pages --strict
  pyastro check --with pyright --format github

Status 0: nothing is wrong; 1: there are errors; 2: it could not be checked.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    parser.add_argument(
        "--with",
        dest="checker",
        choices=("mypy", "pyright"),
        default="mypy",
        help="the type checker (default: mypy)",
    )
    parser.add_argument("--strict", action="store_true", help="check as strictly as the checker can")
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how findings are written: for a person, as JSON, or as annotations of a workflow on GitHub",
    )


def run(arguments: argparse.Namespace) -> int:
    """Say what is wrong; 1 where anything is."""
    from pyastro.compiler.check import CheckerError, check_project
    from pyastro.compiler.project import ProjectError

    try:
        checked = check_project(arguments.pages, _runtime(), arguments.checker, is_strict=arguments.strict)
    except (ProjectError, CheckerError) as error:
        raise Failure(str(error), error.hint) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Failure(f"The site cannot be checked: {place}{error.strerror or error}.") from None
    root = Path(os.path.abspath(arguments.pages)).parent
    if checked.build is not None:
        _add_what_the_host_refuses(checked, root, checked.build)
    match arguments.format:
        case "json":
            print(_json(checked, root))
        case "github":
            print("".join(f"{_annotation(each, root)}\n" for each in checked.diagnostics), end="")
        case _:
            _print_text(checked)
    return 1 if checked.errors else 0


def _add_what_the_host_refuses(checked: "Checked", root: Path, build: Path) -> None:
    """Tell what the adapter has against the site, where the configuration names it.

    What stands against building it on this machine alone is a warning: another one may build it.
    """
    from pyastro.compiler.project.config import read_config

    config, _ = read_config(root)
    if config.adapter is None:
        return
    from pyastro.adapters import Problem  # only now: each of these takes a while to load
    from pyastro.cli.site_adapter import site_adapter
    from pyastro.compiler.diagnostics import Diagnostic
    from pyastro.runtime.manifest import Manifest

    try:
        problems = site_adapter(build, Manifest.read(build)).problems
    except Failure as failure:
        problems = [Problem(str(failure), failure.hint or "")]
    place = config.path, config.lines["adapter"], 1
    for each in problems:
        told = Diagnostic("adapter", "error", *place, each.message, each.hint)
        checked.diagnostics.append(told._replace(severity="warning") if each.is_local else told)
    checked.texts[config.path] = (root / config.path).read_text("utf-8-sig", errors="replace")


def _runtime() -> Path:
    """The folder of `pyastro.runtime`, which is not imported."""
    spec = find_spec("pyastro.runtime")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def _print_text(checked: "Checked") -> None:
    from pyastro.compiler.diagnostics import render_diagnostic

    color = wants_color(sys.stdout)
    for diagnostic in checked.diagnostics:
        print(render_diagnostic(diagnostic, checked.texts.get(diagnostic.path), color), end="\n\n")
    found = f"{counted(checked.errors, 'error')} in" if checked.errors else "No error in"
    print(f"{found} {counted(checked.files, 'component')}.")


def _json(checked: "Checked", root: Path) -> str:
    """An object with all findings. `file` is the path from the working directory, `path` that from the source root."""
    findings = [
        {
            "file": _file(each, root),
            "path": each.path,
            "line": each.line,
            "column": each.column,
            "end_column": each.end_column,
            "severity": each.severity,
            "code": each.code,
            "message": each.message,
            "hint": each.hint,
        }
        for each in checked.diagnostics
    ]
    return json.dumps(
        {"version": 1, "errors": checked.errors, "diagnostics": findings}, ensure_ascii=False, indent=2
    )


def _annotation(diagnostic: "Diagnostic", root: Path) -> str:
    """A workflow command: `::error file=…,line=…,col=…::message`."""
    properties = {
        "file": _file(diagnostic, root),
        "line": diagnostic.line,
        "col": diagnostic.column,
        **({"endColumn": diagnostic.end_column} if diagnostic.end_column else {}),
        "title": diagnostic.code,
    }
    listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    text = " ".join(filter(None, [diagnostic.message, diagnostic.hint]))
    return f"::{diagnostic.severity} {listed}::{_escaped(text)}"


def _escaped(text: str, others: str = "") -> str:
    """A text that ends neither the command nor a property of it."""
    for char in "%\r\n" + others:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _file(diagnostic: "Diagnostic", root: Path) -> str:
    return Path(os.path.relpath(root / diagnostic.path)).as_posix()
