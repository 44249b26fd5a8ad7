"""The pack for Netlify: what Netlify's own bundler makes of its function, called as the platform does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.hosts.deployment import built_for, previewed
from tests.hosts.parts import environment, require_part
from tests.hosts.request_suite import FORM, RequestSuite
from tests.hosts.running import running
from tests.hosts.visitor import Visitor

HOST = previewed("netlify")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require_part("@netlify/zip-it-and-ship-it")
    folder = tmp_path_factory.mktemp("netlify")
    (folder / "node_modules").symlink_to(require_part("pyodide").parent)
    built_for("netlify", folder)
    host = replace(HOST, environment=environment() | HOST.environment)
    with running(host, folder) as server:
        yield server.origin


class TestNetlify(RequestSuite):
    """Through the network's files, and the function."""

    def test_the_names_that_the_network_forwards_are_the_sites_own(self, visitor: Visitor) -> None:
        answer = visitor.ask(
            "POST", "/login", b"name=x", host="shop.example", origin="http://shop.example", **FORM
        )
        assert answer.status == 303
