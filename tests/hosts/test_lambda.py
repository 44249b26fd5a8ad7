"""The pack for AWS Lambda, under Lambda's own runtime."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.deployment import built_for, previewed
from tests.hosts.request_suite import RequestSuite
from tests.hosts.running import require, running

HOST = previewed("lambda", "awslambdaric")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lambda")
    built_for("lambda", folder)
    return folder


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    require(HOST)
    with running(HOST, folder) as server:
        yield server.origin


class TestLambda(RequestSuite):
    """Behind a function's own address."""
