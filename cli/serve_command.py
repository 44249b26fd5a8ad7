"""`pyastro serve`: a build answers requests."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyastro.cli.build_folder import existing_build
from pyastro.cli.listening import add_allowed_host, add_host, cannot_listen, number, port_number
from pyastro.cli.terminal import Failure

NAME = "serve"
SUMMARY = "serve a build over HTTP"
DESCRIPTION = """\
Serve the site that was compiled into BUILD, with aiohttp, until it is interrupted.

  pyastro serve build/
  pyastro serve build/ --host 0.0.0.0 --port 8000 --workers 4 --allowed-host example.org
"""

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "build",
        type=Path,
        nargs="?",
        default=Path("build"),
        metavar="BUILD",
        help="the folder of the build (default: build)",
    )
    add_host(parser)
    parser.add_argument(
        "--port",
        type=port_number,
        default=4321,
        help="the port to listen at, 0 for any that is free (default: 4321)",
    )
    parser.add_argument(
        "--workers", type=_positive, default=1, metavar="N", help="how many processes answer (default: 1)"
    )
    add_allowed_host(parser)
    parser.add_argument(
        "--trust-forwarded",
        action="store_true",
        help="believe X-Forwarded-For, -Proto and -Host: only behind a proxy that sets them",
    )
    parser.add_argument(
        "--access-log", action="store_true", help="write one line for each request to the standard output"
    )
    parser.add_argument(
        "--compress", action="store_true", help="compress text with gzip, where no proxy does it"
    )
    parser.add_argument(
        "--health",
        type=_path,
        metavar="PATH",
        help="a path that answers 200 while the server takes requests, and 503 when it is about to stop",
    )
    parser.add_argument(
        "--max-body",
        type=_size,
        metavar="SIZE",
        help="the largest body of a request, in bytes or as 64K, 8M, 1G (default: 32M)",
    )
    parser.add_argument(
        "--notice",
        type=_seconds,
        metavar="SECONDS",
        help="how long a stopping server still takes requests, so that a balancer notices (default: 0)",
    )
    parser.add_argument(
        "--drain",
        type=_seconds,
        metavar="SECONDS",
        help="how long a stopping server lets requests come to their end (default: 8)",
    )
    parser.add_argument(
        "--development",
        action="store_true",
        help="show errors with their sources in the browser, and read settings from the file .env",
    )

    parser.add_argument(
        "--profile", action="store_true", help="tell at the end which lines of the site took the time"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    build = existing_build(arguments.build)
    if not arguments.profile:
        return _serve(build, arguments, announce)
    if arguments.workers > 1:
        raise Failure("A profile is one of one process.", "Leave out --workers.")
    from pyastro.runtime.profiler import Profiler

    profiler = Profiler(build)

    def begin(url: str) -> None:
        profiler.start()  # what the start of a site takes is no page's
        announce(url)

    status = _serve(build, arguments, begin)
    if status == 0:
        print(profiler.stop().report(), end="")
    return status


def _serve(build: Path, arguments: argparse.Namespace, on_listening: Callable[[str], None]) -> int:
    from pyastro.runtime.deadlines import Deadlines
    from pyastro.runtime.environment_file import load_environment_file
    from pyastro.runtime.limits import Limits
    from pyastro.runtime.manifest import ManifestError
    from pyastro.runtime.server import serve
    from pyastro.runtime.server.logs import set_up_logs
    from pyastro.runtime.startup_report import startup_report

    set_up_logs(arguments.access_log)
    try:
        if arguments.development:
            load_environment_file(Path(".env"))
        return serve(
            build,
            host=arguments.host,
            port=arguments.port,
            workers=arguments.workers,
            allowed_hosts=tuple(arguments.allowed_host),
            trust_forwarded=arguments.trust_forwarded,
            development=arguments.development,
            access_log=arguments.access_log,
            compress=arguments.compress,
            health=arguments.health,
            limits=Limits(**_given(body=arguments.max_body)),
            deadlines=Deadlines(**_given(notice=arguments.notice, shutdown=arguments.drain)),
            on_listening=on_listening,
        )
    except ManifestError as error:
        raise Failure(f"{error}.", "Compile the site first: `pyastro compile pages/ -o build/`.") from None
    except OSError as error:
        if error.errno is None:
            raise
        raise cannot_listen(error, arguments.host, arguments.port) from None
    except Exception as error:
        print(startup_report(error), end="", file=sys.stderr)
        return 1


def _given(**settings: Any) -> dict[str, Any]:
    """The settings that the command line names; the others have their defaults."""
    return {name: value for name, value in settings.items() if value is not None}


def announce(url: str) -> None:
    """Say where to look."""
    print(f"Serving on {url}", flush=True)
    if sys.stdout.isatty():
        print("Press Ctrl+C to stop.", flush=True)


def _positive(text: str) -> int:
    found = number(text)
    if found < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {text}")
    return found


def _path(text: str) -> str:
    if not text.startswith("/") or not text.isascii() or set(text) & set("?# "):
        raise argparse.ArgumentTypeError(f"expected a path such as /healthz, found {text!r}")
    return text


def _size(text: str) -> int:
    unit = _UNITS.get(text[-1:].upper(), 1)
    return _positive(text[:-1] if unit > 1 else text) * unit


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected seconds, found {text!r}") from None
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"expected 0 to 3600 seconds, found {text}")
    return seconds
