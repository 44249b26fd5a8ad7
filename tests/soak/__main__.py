"""`scripts/soak`: thousands of requests, and a table of what the server holds."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.hosts.running import HOSTS
from tests.soak.soaking import Round, growth, soak

# Each new session adds a quarter of a KB to the pages that SQLite keeps in memory, up to its 2 MB; the rest is the allocator's.
_MOST_MEMORY = 4 * 2**20
_MOST_DESCRIPTORS = 2


def main(arguments: list[str]) -> int:
    """Soaks a server, and tells what it holds after each round; 1 where it grew."""
    options = _parser().parse_args(arguments)
    host = next(host for host in HOSTS if host.name == options.server)
    per_round = max(options.requests // options.rounds, 1)
    print(f"{host.command}: {options.rounds} rounds of {per_round} requests, {options.together} at a time")
    print("round  seconds  memory MB  descriptors  threads  outcomes")
    found: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        for each in soak(
            host, Path(folder), rounds=options.rounds, requests=per_round, together=options.together
        ):
            print(_row(len(found), each), flush=True)
            found.append(each)
    grown = growth(found)
    print(
        f"grown: {grown.memory / 2**20:+.1f} MB, {grown.descriptors:+d} descriptors, {grown.threads:+d} threads"
    )
    return int(grown.memory > _MOST_MEMORY or grown.descriptors > _MOST_DESCRIPTORS)


def _row(number: int, each: Round) -> str:
    held = each.held
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(each.outcomes.items()))
    name = str(number or "warm")
    return f"{name:>5}  {each.seconds:7.1f}  {held.memory / 2**20:9.1f}  {held.descriptors:11}  {held.threads:7}  {outcomes}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("scripts/soak", description=__doc__)
    parser.add_argument("--server", default="aiohttp", choices=[host.name for host in HOSTS if not host.root])
    parser.add_argument(
        "--requests", type=int, default=20_000, help="how many in all, beside a round to warm up"
    )
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--together", type=int, default=16, help="how many clients at a time")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
