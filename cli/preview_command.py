"""`pyastro preview`: what `pyastro build` wrote, as its host would serve it."""

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.listening import add_host, cannot_listen, port_number
from pyastro.cli.pages_argument import add_pages
from pyastro.cli.serve_command import announce
from pyastro.cli.terminal import Failure

if TYPE_CHECKING:
    from pyastro.adapters import Adapter
    from pyastro.runtime.manifest import Manifest

NAME = "preview"
SUMMARY = "look at what build wrote"
DESCRIPTION = """\
Serve DIST on this machine as its host would, until it is interrupted. It is no server for the public. The file `.env` of
the folder in which it is started stands for the settings that the host has.

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
    from pyastro.compiler.project import work_folder
    from pyastro.runtime.environment_file import load_environment_file
    from pyastro.runtime.manifest import Manifest, ManifestError
    from pyastro.runtime.startup_report import startup_report

    hint = "Build the site first: `pyastro build`."
    try:
        manifest = Manifest.read(arguments.pages.absolute().parent / work_folder.NAME / "build")
        if not arguments.out.is_dir():
            raise Failure(f"There is no folder {arguments.out}.", hint)
        adapter = find_adapter(manifest.config.adapter or manifest.config.output)
        load_environment_file(Path(".env"))
        _lend_a_secret(adapter, manifest)
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
    except Exception as error:
        print(startup_report(error), end="", file=sys.stderr)
        return 1


def _lend_a_secret(adapter: "Adapter", manifest: "Manifest") -> None:
    """A secret for a site that needs one, where this machine has none: the host has its own."""
    from pyastro.runtime.signing import VARIABLE

    needs_one = manifest.needs_secret or manifest.config.session.driver == "cookie"
    if needs_one and adapter.capabilities.renders_on_demand and not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = secrets.token_urlsafe(32)
        print(f"{VARIABLE} is not set: this preview has one of its own, which ends with it.", file=sys.stderr)
