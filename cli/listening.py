"""What the commands that serve have in common: where to listen, and what is said when that cannot be."""

import argparse
import errno
import os

from pyastro.cli.terminal import Failure


def add_host(parser: argparse.ArgumentParser) -> None:
    """Declare the address to listen at."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1; 0.0.0.0 for all)"
    )


def add_allowed_host(parser: argparse.ArgumentParser) -> None:
    """Declare the names by which a site may be called."""
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name by which the site is called; may be given several times",
    )


def port_number(text: str) -> int:
    """A port, as an argument says it."""
    port = number(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: expected 0 to 65535")
    return port


def number(text: str) -> int:
    """A number, as an argument says it."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number, found {text!r}") from None


def cannot_listen(error: OSError, host: str, port: int) -> Failure:
    """What is said when an address cannot be listened at."""
    reason = os.strerror(error.errno or 0) if error.errno and error.errno > 0 else error.strerror
    hint = (
        "Stop what uses it, or choose another: `--port 0` takes any free one."
        if error.errno == errno.EADDRINUSE
        else None
    )
    return Failure(f"Cannot listen at {host}, port {port}: {reason}.", hint, status=1)
