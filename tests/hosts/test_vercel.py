"""The pack for Vercel, under Vercel's own runtime."""

from collections.abc import Iterator

import pytest

from tests.hosts.deployment import deployed, previewed
from tests.hosts.request_suite import NetworkSuite, RequestSuite, StreamSuite

HOST = previewed("vercel", "vercel_runtime", oldest=(3, 12))


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deployed(HOST, tmp_path_factory.mktemp("vercel")) as origin:
        yield origin


class TestVercel(RequestSuite, NetworkSuite, StreamSuite):
    """Through the network's files, and the function."""
