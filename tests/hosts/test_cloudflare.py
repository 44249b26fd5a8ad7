"""The pack for Cloudflare, under workerd."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.hosts.deployment import built_for, previewed
from tests.hosts.parts import environment, require_part
from tests.hosts.request_suite import FORM, RequestSuite
from tests.hosts.running import require, running
from tests.hosts.visitor import Visitor

HOST = previewed("cloudflare", "workers")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require(HOST)
    require_part("workerd")
    folder = tmp_path_factory.mktemp("cloudflare")
    (folder / "node_modules").symlink_to(require_part("pyodide").parent)
    built_for("cloudflare", folder)
    with running(replace(HOST, environment=environment() | HOST.environment), folder) as server:
        yield server.origin


class TestCloudflare(RequestSuite):
    """Through the network's files, and the worker."""

    def test_the_names_that_the_network_forwards_are_the_sites_own(self, visitor: Visitor) -> None:
        answer = visitor.ask(
            "POST", "/login", b"name=x", host="shop.example", origin="http://shop.example", **FORM
        )
        assert answer.status == 303
