"""The command line of the benchmarks."""

import argparse
import sys
from pathlib import Path

from benchmarks import building, compiling, developing, growing, hosts, render, serving
from benchmarks.machine import machine
from benchmarks.report import DEPLOY, DOCUMENT, write_section

ROOT = Path(__file__).parent.parent
KINDS = ("render", "growth", "server", "compile", "build", "dev", "hosts")


def main() -> int:
    """Run what is asked for, print the results and, where that is wanted, put them into docs/performance.md."""
    arguments = _arguments()
    sections = {}
    if arguments.kind in ("render", "all"):
        sections["render"] = render.run(
            arguments.rounds, arguments.seconds, arguments.work, arguments.node, arguments.write
        )
    if arguments.kind in ("growth", "all"):
        sections["growth"] = growing.run()
    if arguments.kind in ("server", "all"):
        sections["server"] = serving.run(arguments.work, arguments.node, arguments.requests)
    if arguments.kind in ("compile", "all"):
        sections["compile"] = compiling.run(arguments.full)
    if arguments.kind in ("build", "all"):
        sections["build"] = building.run(arguments.work, arguments.node, min(arguments.rounds, 5))
    if arguments.kind in ("dev", "all"):
        sections["dev"] = developing.run()
    if arguments.kind in ("hosts", "all"):
        sections["hosts"] = hosts.run(min(arguments.rounds, 5))
    print(machine(), *sections.values(), sep="\n\n")
    if arguments.write:
        for name, content in sections.items():
            told = f"{machine()}\n\n{content}"  # sections are measured on different days
            write_section(name, told, DEPLOY if name == "hosts" else DOCUMENT)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure pyastro beside others."
    )
    parser.add_argument("kind", nargs="?", choices=(*KINDS, "all"), default="render", help="what is measured")
    parser.add_argument("--rounds", type=int, default=15, help="how often each contestant has its turn")
    parser.add_argument("--seconds", type=float, default=0.1, help="how long about a turn is")
    parser.add_argument(
        "--requests", type=int, default=100_000, help="how many requests a server has answered at the end"
    )
    parser.add_argument(
        "--work", type=Path, default=ROOT / ".bench/astro", help="where Astro is installed and built"
    )
    parser.add_argument("--no-node", dest="node", action="store_false", help="leave Astro out")
    parser.add_argument(
        "--full", action="store_true", help="compile: very large files and very many of them, too"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the results into docs/performance.md and .svg, of hosts into docs/deploy.md",
    )
    arguments = parser.parse_args()
    arguments.work = arguments.work.resolve()
    return arguments


if __name__ == "__main__":
    sys.exit(main())
