"""The pack for Netlify: what Netlify's own bundler makes of its function, called as the platform does."""

from collections.abc import Iterator

import pytest

from tests.hosts.deployment import deployed, previewed
from tests.hosts.request_suite import NetworkSuite, RequestSuite, StreamSuite

HOST = previewed("netlify")
PARTS = ("@netlify/zip-it-and-ship-it", "pyodide")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deployed(HOST, tmp_path_factory.mktemp("netlify"), *PARTS) as origin:
        yield origin


class TestNetlify(RequestSuite, NetworkSuite, StreamSuite):
    """Through the network's files, and the function."""
