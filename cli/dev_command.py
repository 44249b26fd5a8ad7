"""`pyastro dev`: a site while it is written."""

import argparse
import logging

from pyastro.cli.listening import add_allowed_host, add_host, cannot_listen, port_number
from pyastro.cli.pages_argument import add_pages
from pyastro.cli.terminal import Failure

NAME = "dev"
SUMMARY = "serve a site while you edit it"
DESCRIPTION = """\
Compile the site whose pages stand in PAGES, serve it, and watch its files: a change is in the browser at once. A change of
styles alone leaves the page as it is, form fields and all. What is wrong is shown in the browser and here, and goes away
when it is right.

  pyastro dev
  pyastro dev site/pages --port 8000 --open

A click on a place in an error page opens your editor: the command in PYASTRO_EDITOR, else VISUAL, else `code`.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    add_host(parser)
    parser.add_argument(
        "--port",
        type=port_number,
        help="the port to listen at, 0 for any that is free (default: 4321, or the next that is free)",
    )
    add_allowed_host(parser)
    parser.add_argument("--open", action="store_true", help="open the site in a browser")
    parser.add_argument("--requests", action="store_true", help="say what was answered, not only what failed")


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    try:
        import watchfiles as _watchfiles  # noqa: F401
    except ImportError:
        raise Failure(
            "`pyastro dev` needs the package watchfiles, which notices that a file has changed.",
            "Install it: `pip install 'pyastro-web[live]'`.",
        ) from None
    from pyastro.cli.dev_report import TerminalReporter
    from pyastro.compiler.project import ProjectError
    from pyastro.dev import PORT, develop
    from pyastro.runtime.server.logs import set_up_logs

    set_up_logs(access_log=False)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it reports each change
    try:
        return develop(
            arguments.pages,
            TerminalReporter(opens=arguments.open, shows_requests=arguments.requests),
            host=arguments.host,
            port=arguments.port,
            allowed_hosts=tuple(arguments.allowed_host),
        )
    except ProjectError as error:
        raise Failure(str(error), error.hint) from None
    except OSError as error:
        raise cannot_listen(error, arguments.host, arguments.port or PORT) from None
