"""The pack for AWS Lambda, under Lambda's own runtime."""

from collections.abc import Iterator

import pytest

from tests.hosts.deployment import deployed, previewed
from tests.hosts.request_suite import RequestSuite

HOST = previewed("lambda", "awslambdaric")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deployed(HOST, tmp_path_factory.mktemp("lambda")) as origin:
        yield origin


class TestLambda(RequestSuite):
    """Behind a function's own address, which gives a response as a whole."""
