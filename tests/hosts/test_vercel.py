"""The pack for Vercel, under Vercel's own runtime."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.deployment import built_for, previewed
from tests.hosts.request_suite import FORM, RequestSuite
from tests.hosts.running import require, running
from tests.hosts.visitor import Visitor

HOST = previewed("vercel", "vercel_runtime", oldest=(3, 12))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vercel")
    built_for("vercel", folder)
    return folder


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    require(HOST)
    with running(HOST, folder) as server:
        yield server.origin


class TestVercel(RequestSuite):
    """Through the network's files, and the function."""

    def test_the_network_sends_files_with_their_headers(self, visitor: Visitor) -> None:
        headers = visitor.get("/icon.png").headers
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("SAMEORIGIN", "nosniff")

    def test_the_names_that_the_network_forwards_are_the_sites_own(self, visitor: Visitor) -> None:
        answer = visitor.ask(
            "POST", "/login", b"name=x", host="shop.example", origin="http://shop.example", **FORM
        )
        assert answer.status == 303
