"""The suite of all hosts, asked of servers of one's own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hosts.deployment import SECRET, built_for
from tests.hosts.request_suite import RequestSuite
from tests.hosts.running import Host, require, running

ENVIRONMENT = {"PYASTRO_SECRET": SECRET, "PYASTRO_BUILD": "dist"}
HOSTS = [
    Host("aiohttp", "pyastro serve dist", "--port {port}", ("aiohttp",)),
    Host("uvicorn", "uvicorn pyastro.asgi:app", "--port {port}", ("uvicorn",)),
    Host("hypercorn", "hypercorn dist.asgi:app", "--bind 127.0.0.1:{port}", ("hypercorn",)),
    Host("granian", "granian --interface asgi dist.asgi:app", "--port {port}", ("granian",)),
    Host(
        "gunicorn",
        "gunicorn -k uvicorn_worker.UvicornWorker -w 2 dist.asgi:app",
        "--bind 127.0.0.1:{port}",
        ("gunicorn", "uvicorn_worker"),
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("anywhere")
    built_for("server", folder)
    return folder


@pytest.fixture(scope="module", params=HOSTS, ids=lambda host: host.name)
def origin(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    host: Host = request.param
    require(host)
    with running(replace(host, environment=ENVIRONMENT), folder) as server:
        yield server.origin


class TestServers(RequestSuite):
    """One build, under each of the servers."""
