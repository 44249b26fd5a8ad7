"""What `pyastro build` says at its end: the routes with their files, sizes and times."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.cli.routes_command import table
from pyastro.cli.terminal import counted

if TYPE_CHECKING:
    from pyastro.prerender import Report

_MOST_ROWS = 40


@dataclass
class _Row:
    """One route's files together."""

    files: int = 0
    bytes: int = 0
    seconds: float = 0.0


def print_summary(report: "Report", out: Path, seconds: float) -> None:
    """Print the table of routes, and a line for all of it."""
    rows = list(_rows(report))
    hidden = len(rows) - _MOST_ROWS
    for line in table([("ROUTE", "FILES", "SIZE", "TIME"), *rows[:_MOST_ROWS]]) if rows else ():
        print(line)
    if hidden > 0:
        print(f"… and {counted(hidden, 'route')} more")
    on_demand = f"; {counted(len(report.on_demand), 'route')} rendered on demand" if report.on_demand else ""
    total = f"{counted(len(report.sizes), 'file')}, {size(sum(report.sizes.values()))}"
    done = f"Rendered {total} to {out}" if report.sizes else f"Wrote {out}"
    print(f"{done} in {seconds:.1f} s{on_demand}")


def _rows(report: "Report") -> Iterable[tuple[str, str, str, str]]:
    routes: dict[str, _Row] = {}
    for each in report.rendered:
        row = routes.setdefault(each.job.route.pattern, _Row())
        row.files += 1
        row.bytes += report.sizes[each.job.file]
        row.seconds += each.seconds
    others = set(report.sizes) - {each.job.file for each in report.rendered}
    for pattern, row in routes.items():
        yield pattern, f"{row.files:,}", size(row.bytes), f"{row.seconds * 1000:,.0f} ms"
    for file in sorted(others):
        yield f"/{file}", "1", size(report.sizes[file]), ""


def size(count: int) -> str:
    """A number of bytes, to read: `812 B`, `3.4 kB`, `12 MB`."""
    if count < 1000:
        return f"{count} B"
    for unit in ("kB", "MB", "GB"):
        count_in_unit = count / 1000
        if count_in_unit < 1000 or unit == "GB":
            return f"{count_in_unit:.1f} {unit}" if count_in_unit < 10 else f"{count_in_unit:,.0f} {unit}"
        count //= 1000
    raise AssertionError("the last unit takes every number")
