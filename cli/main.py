"""Reading the command line, and running what it asks for."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from pyastro.cli.collector import collect_as_usual, end
from pyastro.cli.terminal import Failure, print_failure
from pyastro.cli.version import VERSION

COMMANDS = ("new", "dev", "build", "preview", "compile", "check", "serve", "routes", "info", "completion")
"""Each is a module `pyastro.cli.…_command` with NAME and SUMMARY, `add_arguments(parser)` and `run(arguments) -> int`."""

_DESCRIPTION = """\
Astro's way of making web sites, for Python: .astro components become typed, async Python modules.
"""

_EXAMPLES = """\
examples:
  pyastro new my-site                  begin a site that works
  pyastro dev                          serve the site in this folder while you edit it
  pyastro build                        render the site whose pages stand in pages/ to files in dist/
  pyastro preview                      look at them on http://127.0.0.1:4321/
  pyastro compile pages/ -o build/     compile the site whose pages stand in pages/
  pyastro check pages/                 check its types
  pyastro serve build/                 serve it on http://127.0.0.1:4321/
  pyastro routes                       list what it answers
  pyastro info                         what is installed, and how the site is understood

A first site is one file, pages/index.astro:
  ---
  name = "world"
  ---
  <h1>Hello, {name}!</h1>

`pyastro COMMAND --help` tells more of a command.
"""


def command() -> NoReturn:
    """Run the command in a process that is all its own, and end that with its status."""
    end(_run(sys.argv[1:]))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process by default, and return its status.

    0: done; 1: the site has an error; 2: the command was used wrongly; 130: interrupted.
    """
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    finally:
        collect_as_usual()


def _run(given: Sequence[str]) -> int:
    _allow_any_text()
    parser = make_parser(given)
    try:
        arguments = parser.parse_args(given)
    except SystemExit as stop:  # argparse has printed the help, the version, or what is wrong
        return stop.code if isinstance(stop.code, int) else 2
    if arguments.run is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except Failure as failure:
        print_failure(failure)
        return failure.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _allow_any_text() -> None:
    """Let output never fail over a character that the terminal cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def make_parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command line. Only the command that is asked for is loaded: all of them take a while."""
    parser = argparse.ArgumentParser(
        prog="pyastro",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pyastro {VERSION}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    asked = [name for name in COMMANDS if name in given[:1]] or COMMANDS
    for name in () if given[:1] == ["--version"] else asked:
        command = import_module(f"pyastro.cli.{name}_command")
        subparser = commands.add_parser(
            command.NAME,
            help=command.SUMMARY,
            description=command.DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser
