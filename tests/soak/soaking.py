"""Rounds of requests to a server, and what its process holds after each."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.hosts.running import Host, running
from tests.soak.site import build_soaked_site
from tests.soak.visits import visit_often

_SETTLE_SECONDS = 10.0


@dataclass(frozen=True)
class Held:
    """What a process holds: memory in bytes, descriptors, threads."""

    memory: int
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Round:
    """What came of some requests, and what the server holds after them."""

    held: Held
    seconds: float
    outcomes: Counter[str] = field(default_factory=Counter)


def soak(host: Host, folder: Path, *, rounds: int, requests: int, together: int) -> Iterator[Round]:
    """Serves a site, and asks it in rounds. The first is for warming up: caches fill, modules are loaded."""
    build_soaked_site(folder)
    with running(host, folder) as server:
        for _ in range(rounds + 1):
            start = time.monotonic()
            outcomes = asyncio.run(visit_often(server.port, requests, together))
            yield Round(settled(server.process.pid), time.monotonic() - start, outcomes)


def settled(process: int) -> Held:
    """What a process holds once it has noticed that its clients went away: its descriptors change no more."""
    end, before = time.monotonic() + _SETTLE_SECONDS, held(process)
    while time.monotonic() < end:
        time.sleep(0.5)
        now = held(process)
        if now.descriptors == before.descriptors:
            return now
        before = now
    return before


def held(process: int) -> Held:
    """What a process holds at this moment."""
    folder = Path(f"/proc/{process}")
    pages = int((folder / "statm").read_text().split()[1])
    threads = len(os.listdir(folder / "task"))
    return Held(pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(folder / "fd")), threads)


def growth(rounds: list[Round]) -> Held:
    """How much more a server holds at the end than after the warm-up; of memory, the least of each half is compared."""
    first, *later = rounds
    half = len(rounds) // 2
    memory = min(each.held.memory for each in rounds[half:]) - min(each.held.memory for each in rounds[:half])
    last = later[-1].held
    return Held(memory, last.descriptors - first.held.descriptors, last.threads - first.held.threads)
