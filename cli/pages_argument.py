"""The argument of every command that begins with sources."""

import argparse
from pathlib import Path


def add_pages(parser: argparse.ArgumentParser) -> None:
    """Declare the folder of the pages."""
    parser.add_argument(
        "pages",
        type=Path,
        nargs="?",
        default=Path("pages"),
        metavar="PAGES",
        help="the folder that holds the pages (default: pages)",
    )
