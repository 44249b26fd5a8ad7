"""The pack for Cloudflare, under workerd."""

from collections.abc import Iterator

import pytest

from tests.hosts.deployment import deployed, previewed
from tests.hosts.request_suite import NetworkSuite, RequestSuite, StreamSuite

HOST = previewed("cloudflare", "workers")
PARTS = ("workerd", "pyodide")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deployed(HOST, tmp_path_factory.mktemp("cloudflare"), *PARTS) as origin:
        yield origin


class TestCloudflare(RequestSuite, NetworkSuite, StreamSuite):
    """Through the network's files, and the worker."""
