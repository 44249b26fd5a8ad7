"""`pyastro info`: what is installed, and how a site is understood."""

import argparse
import json
import platform
import re
import sys
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyastro.cli.pages_argument import add_pages
from pyastro.cli.terminal import counted, wants_color
from pyastro.cli.version import VERSION

if TYPE_CHECKING:
    from pyastro.compiler.project.config import Config

NAME = "info"
SUMMARY = "tell what is installed, and how the site is understood"
DESCRIPTION = """\
Tell the versions of pyastro, Python and the libraries, which extras are there, and what the configuration of the site whose
pages stand in PAGES says. Good to have beside a report of a fault: it holds no secrets.

  pyastro info
  pyastro info --json
"""
_DISTRIBUTION = "pyastro-web"
_CONTRIBUTORS = ("bench", "dev")
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+).*?(?:extra *== *[\"'](?P<extra>[\w-]+)[\"'].*)?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    parser.add_argument("--json", action="store_true", help="write JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """Tell it; 1 where the configuration has an error."""
    extras = _extras()
    facts: dict[str, Any] = {
        "pyastro": VERSION,
        "python": f"{platform.python_version()} ({platform.python_implementation()}, {platform.system()})",
        "libraries": {name: _version(name) for name in extras.pop("", [])},
        "extras": {
            extra: [name for name in names if _version(name) is None] for extra, names in extras.items()
        },
    }
    status = _add_site(facts, arguments.pages) if arguments.pages.is_dir() else 0
    print(json.dumps(facts, indent=2) if arguments.json else _text(facts))
    return status


def _extras() -> dict[str, list[str]]:
    """The packages that each extra needs, and under the empty name those that are always needed."""
    found: dict[str, list[str]] = {}
    try:
        requirements = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        requirements = []
    for each in requirements:
        match = _REQUIREMENT.fullmatch(each)
        if match is not None and match["extra"] not in _CONTRIBUTORS:
            found.setdefault(match["extra"] or "", []).append(match["name"])
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _add_site(facts: dict[str, Any], pages: Path) -> int:
    """Say how the site is understood. What is wrong with its configuration goes to the error stream."""
    from pyastro.compiler.diagnostics import render_diagnostic
    from pyastro.compiler.project.config import read_config
    from pyastro.compiler.project.layout import discover
    from pyastro.compiler.project.redirects import with_redirects
    from pyastro.compiler.project.routes import find_routes

    pages = pages.resolve()
    config, problems = read_config(pages.parent)
    layout, _ = discover(pages, None, config.external)
    routes, _ = with_redirects(find_routes(layout)[0], config)
    for problem in problems:
        file = pages.parent / problem.path
        text = file.read_text("utf-8", "replace") if file.is_file() else None
        print(render_diagnostic(problem, text, wants_color(sys.stderr)), end="\n\n", file=sys.stderr)
    facts["site"] = str(pages.parent)
    facts["routes"] = dict(Counter(route.kind for route in routes))
    facts["components"] = len(layout.components)
    facts["configuration"] = {"file": config.path if config.lines else None, "settings": _settings(config)}
    return int(bool(problems))


def _settings(config: "Config") -> dict[str, Any]:
    """What the author set, as it is understood. Secrets are none of them: those are taken from the environment."""
    redirects = {path: each._asdict() for path, each in config.redirects.items()}
    values = config._asdict() | {"redirects": redirects}
    named = {name.replace("-", "_") for name in config.lines}
    return {name: value for name, value in values.items() if name in named}


def _text(facts: Mapping[str, Any]) -> str:
    rows = [("pyastro", facts["pyastro"]), ("Python", facts["python"])]
    rows.append(("libraries", ", ".join(f"{n} {v or 'missing'}" for n, v in facts["libraries"].items())))
    rows.append(("extras", ", ".join(name for name, missing in facts["extras"].items() if not missing)))
    rows += [("", f"without {name}: {', '.join(lack)}") for name, lack in facts["extras"].items() if lack]
    if "site" in facts:
        routes = [counted(number, kind) for kind, number in facts["routes"].items()]
        settings = facts["configuration"]["settings"].items()
        rows.append(("site", facts["site"]))
        rows.append(("routes", f"{', '.join(routes) or 'none'}; {counted(facts['components'], 'component')}"))
        rows.append(("settings", facts["configuration"]["file"] or "none: all have their defaults"))
        rows += [("", f"{name} = {json.dumps(value, ensure_ascii=False)}") for name, value in settings]
    return "\n".join(f"{name:10} {value}".rstrip() for name, value in rows)
