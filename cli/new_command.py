"""`pyastro new`: the beginning of a site."""

import argparse
import shlex
import sys
from pathlib import Path

from pyastro.cli.scaffold import TEMPLATES, write_site
from pyastro.cli.terminal import Failure

NAME = "new"
SUMMARY = "begin a site"
DESCRIPTION = """\
Write a site that works into FOLDER: pages, a test, settings for editors. Asks for what is not given, if somebody is there
to answer; a script gets the defaults.

  pyastro new my-site
  pyastro new my-blog --template blog
  pyastro new .
"""
_FIRST = next(iter(TEMPLATES))
_HARMLESS = frozenset((".git", ".venv", ".DS_Store"))
"""What may be there already."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="the folder of the site")
    described = "; ".join(f"{name}: {text}" for name, text in TEMPLATES.items())
    parser.add_argument(
        "--template", choices=tuple(TEMPLATES), help=f"what to begin with (default: {_FIRST}). {described}"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the site, and say what to do next."""
    is_person = sys.stdin.isatty() and sys.stdout.isatty()
    folder = arguments.folder
    if folder is None:
        if not is_person:
            raise Failure("There is no folder to write to.", "Give one: `pyastro new my-site`.")
        folder = Path(_asked("Folder", "my-site"))
    _check(folder)
    template = arguments.template or (_template() if is_person else _FIRST)
    try:
        written = write_site(template, folder)
    except OSError as error:
        raise Failure(f"{error.filename or folder} cannot be written: {error.strerror}.", status=1) from None
    print(f"{folder}: {len(written)} files of the template {template}.\n")
    if folder.resolve() != Path.cwd():
        print(f"  cd {shlex.quote(str(folder))}")
    print("  pyastro dev")
    return 0


def _check(folder: Path) -> None:
    """Refuse to write where something is that could be lost."""
    if folder.exists() and not folder.is_dir():
        raise Failure(f"{folder} is a file.", "Choose another name.")
    if folder.is_dir() and (found := sorted({each.name for each in folder.iterdir()} - _HARMLESS)):
        raise Failure(
            f"{folder} is not empty: {', '.join(found[:3])}{' …' if len(found) > 3 else ''}. Nothing was written.",
            "Choose another folder, or empty this one yourself.",
        )


def _template() -> str:
    for name, text in TEMPLATES.items():
        print(f"  {name:8} {text}")
    while (answer := _asked("Template", _FIRST)) not in TEMPLATES:
        print(f"There is no template {answer}.")
    return answer


def _asked(question: str, default: str) -> str:
    """What a person answers; nothing is the default. The end of the input ends the command, as an interrupt does."""
    try:
        return input(f"{question} [{default}]: ").strip() or default
    except EOFError:
        raise KeyboardInterrupt from None
