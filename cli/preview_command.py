"""`pyastro preview`: what `pyastro build` wrote, as its host would serve it."""

import argparse
from pathlib import Path

from pyastro.cli.build_command import WORK
from pyastro.cli.listening import add_host, cannot_listen, port_number
from pyastro.cli.pages_argument import add_pages
from pyastro.cli.serve_command import announce
from pyastro.cli.terminal import Failure

NAME = "preview"
SUMMARY = "look at what build wrote"
DESCRIPTION = """\
Serve DIST on this machine as its host would, until it is interrupted. It is no server for the public.

  pyastro preview
  pyastro preview site/pages --out /srv/www --port 8000
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_pages(parser)
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("dist"), metavar="DIST", help="what was built (default: dist)"
    )
    add_host(parser)
    parser.add_argument(
        "--port",
        type=port_number,
        default=4321,
        help="the port to listen at, 0 for any that is free (default: 4321)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    from pyastro.adapters import AdapterError, PreviewUnavailable, find_adapter
    from pyastro.runtime.manifest import Manifest, ManifestError

    hint = "Build the site first: `pyastro build`."
    try:
        manifest = Manifest.read(arguments.pages.absolute().parent / WORK / "build")
        if not arguments.out.is_dir():
            raise Failure(f"There is no folder {arguments.out}.", hint)
        adapter = find_adapter(manifest.config.adapter or manifest.config.output)
        return adapter.preview(arguments.out.resolve(), manifest, arguments.host, arguments.port, announce)
    except AdapterError as error:
        raise Failure(f"{error}.") from None
    except PreviewUnavailable as error:
        raise Failure(str(error), error.hint, status=1) from None
    except ManifestError as error:
        raise Failure(f"{error}.", hint) from None
    except OSError as error:
        if error.errno is None:
            raise
        raise cannot_listen(error, arguments.host, arguments.port) from None
