"""A short soak; `scripts/soak` is the long one."""

import sys
from pathlib import Path

import pytest

from tests.hosts.running import HOSTS, Host, require
from tests.soak.soaking import growth, soak

SERVERS = [host for host in HOSTS if host.name in ("aiohttp", "uvicorn")]


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds stands in /proc")
@pytest.mark.parametrize(
    "host",
    [pytest.param(each, marks=() if each.name == "aiohttp" else pytest.mark.slow) for each in SERVERS],
    ids=lambda host: host.name,
)
def test_a_short_soak_is_flat(host: Host, tmp_path: Path) -> None:
    require(host)
    rounds = list(soak(host, tmp_path, rounds=3, requests=300, together=12))
    outcomes = rounds[-1].outcomes
    assert outcomes.total() == 300
    assert min(outcomes[name] for name in ("200", "404", "500", "cut", "aborted")) > 10
    grown = growth(rounds)
    assert grown.descriptors <= 2, rounds
    assert grown.memory < 6 * 2**20, rounds
