"""Search for inputs that the compiler cannot take, until the time is over.

Prints the smallest failing input of each kind, with the command that tries it again, and ends with 1 if there is one.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.compiler.fuzz.families import Elsewhere, Failure, Family, Texts, families
from tests.compiler.fuzz.properties import Interpreter

VERSIONS = ("python3.11", "python3.12", "python3.13", "python3.14")
LONGEST_SHOWN = 400


class Console:
    """Lines for whoever reads along: progress only on a terminal, colours only where they are wanted."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.has_color = self.is_terminal and not os.environ.get("NO_COLOR")
        self.shown = 0.0

    def line(self, text: str, color: str = "") -> None:
        clear = "\r\x1b[K" if self.is_terminal else ""
        print(clear + (f"\x1b[{color}m{text}\x1b[0m" if color and self.has_color else text), flush=True)

    def progress(self, text: str) -> None:
        now = time.monotonic()
        if self.is_terminal and now - self.shown > 0.2:
            self.shown = now
            print(f"\r\x1b[K{text}", end="", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the command; the exit code is 1 if something was found."""
    options = _options(arguments)
    console = Console()
    with _elsewhere(options) as elsewhere:
        if options.input is not None:
            return _again(options.input, elsewhere, console)
        chosen = [f for f in families(options.seed, elsewhere) if options.only in (None, f.name)]
        if not chosen:
            console.line(f"there is no family `{options.only}`", "31")
            return 2
        known = ", ".join(elsewhere.others) or "none"
        console.line(f"seed {options.seed}, {options.seconds:g} s; other interpreters: {known}")
        found = _search(chosen, options.seconds, console)
    for failure in found:
        _report(failure, options, console)
    return int(bool(found))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("scripts/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to search")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed, the same inputs")
    parser.add_argument("--only", help="one family: truncations, mutations, soups, sizes, components, python")
    parser.add_argument("--input", type=Path, help="try one file instead")
    parser.add_argument("--save", type=Path, help="the folder for failing inputs (default: a new one)")
    parser.add_argument(
        "--python", action="append", default=[], help="another interpreter that must take the modules"
    )
    return parser.parse_args(arguments)


@contextmanager
def _elsewhere(options: argparse.Namespace) -> Iterator[Elsewhere]:
    found = options.python or [path for name in VERSIONS if (path := shutil.which(name)) is not None]
    elsewhere = Elsewhere([path for path in found if Interpreter.works(path)], options.seed % 2**32)
    try:
        yield elsewhere
    finally:
        elsewhere.close()


def _search(chosen: Sequence[Family], seconds: float, console: Console) -> list[Failure]:
    """Ask whichever family has had the least time, until the time is over."""
    begin = time.monotonic()
    spent = {family.name: 0.0 for family in chosen}
    tried = dict.fromkeys(spent, 0)
    found: dict[tuple[str, str], Failure] = {}
    left = list(chosen)
    while left and (passed := time.monotonic() - begin) < seconds:
        family = min(left, key=lambda each: spent[each.name])
        start = time.monotonic()
        search = family.step()
        spent[family.name] += time.monotonic() - start
        if search is None:
            left.remove(family)
            continue
        tried[family.name] += search.tried
        if search.failure is not None:
            found.setdefault((family.name, search.failure.violation.kind), search.failure)
        console.progress(
            f"{passed:.0f} s, {sum(tried.values())} inputs, {len(found)} failures ({family.name})"
        )
    for name, count in tried.items():
        is_done = name not in [family.name for family in left]
        console.line(f"{name:12} {count:8} inputs{', which are all' if is_done else ''}")
    console.line(f"{len(found)} failures", "31" if found else "32")
    return list(found.values())


def _report(failure: Failure, options: argparse.Namespace, console: Console) -> None:
    folder = options.save or Path(tempfile.mkdtemp(prefix="pyastro-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{failure.family}-{abs(hash(failure.violation.kind)) % 10**6}.astro"
    path.write_bytes(failure.data)
    shown = repr(failure.data)
    console.line("")
    console.line(f"{failure.family}: {failure.violation.kind}", "1;31")
    console.line(f"  {failure.violation.detail[:LONGEST_SHOWN]}")
    console.line(
        f"  {len(failure.data)} bytes: {shown[:LONGEST_SHOWN]}{'…' if len(shown) > LONGEST_SHOWN else ''}"
    )
    again = (
        f"--input {path}"
        if failure.family not in ("components", "python")
        else f"--seed {options.seed} --only {failure.family}"
    )
    console.line(f"  kept as {path}; again: scripts/fuzz {again}")


def _again(path: Path, elsewhere: Elsewhere, console: Console) -> int:
    """Try one input."""
    texts = Texts("input", iter([path.read_bytes()]), True, elsewhere)
    texts.count = -1  # the next is number 0, which is asked everything
    search = texts.step()
    failure = search.failure if search else None
    if failure is None:
        console.line("all properties hold", "32")
        return 0
    console.line(f"{failure.violation.kind}: {failure.violation.detail}", "31")
    console.line(f"{len(failure.data)} bytes: {failure.data!r}")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
