"""The suite of all hosts, asked of servers of one's own."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pyastro.adapters import find_adapter
from pyastro.adapters.registry import OWN
from tests.hosts.deployment import SECRET, built_for
from tests.hosts.request_suite import RequestSuite, StreamSuite
from tests.hosts.running import EXAMPLES, Host, require, running
from tests.hosts.visitor import Visitor

ENVIRONMENT = {"PYASTRO_SECRET": SECRET, "PYASTRO_BUILD": "dist"}
HOSTS = [
    Host("aiohttp", "pyastro serve dist", "--port {port}", ("aiohttp",)),
    Host("uvicorn", "uvicorn --app-dir dist asgi:app --workers 2", "--port {port}", ("uvicorn",)),
    Host(
        "gunicorn",
        "gunicorn --chdir dist -k uvicorn_worker.UvicornWorker -w 2 asgi:app",
        "--bind 127.0.0.1:{port}",
        ("gunicorn", "uvicorn_worker"),
    ),
    Host("hypercorn", "hypercorn dist.asgi:app", "--bind 127.0.0.1:{port}", ("hypercorn",)),
    Host("granian", "granian --interface asgi dist.asgi:app", "--port {port}", ("granian",)),
]
PROGRAMS = {
    "fastapi": (
        "from dist.asgi import app as site\nfrom fastapi import FastAPI\n"
        'app = FastAPI(lifespan=site.lifespan)\napp.mount("/site", site)\n'
    ),
    "starlette": (
        "from dist.asgi import app as site\nfrom starlette.applications import Starlette\n"
        "from starlette.routing import Mount\n"
        'app = Starlette(routes=[Mount("/site", site)], lifespan=site.lifespan)\n'
    ),
    "django": (EXAMPLES / "with_django.py")
    .read_text("utf-8")
    .replace("from build.components import Card", "from dist.asgi import app as site")
    .replace('site = Application(Path(__file__).with_name("build"))', "")
    .replace("Card.render", "str"),
}
"""Programs that mount the site below a path, as the document says."""
MOUNTS = [
    Host(name, f"uvicorn mounted_in_{name}:app", "--port {port}", ("uvicorn", name), "/site")
    for name in PROGRAMS
]
DOCUMENT = (EXAMPLES.parents[1] / "docs/deploy.md").read_text("utf-8")


def chosen() -> list[Host]:
    """All of them where no part of a host may be missing; else one of each kind, for the sake of time."""
    return [*HOSTS, *MOUNTS] if os.environ.get("PYASTRO_REQUIRE_PARTS") else [HOSTS[0], HOSTS[2]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("anywhere")
    built_for("server", folder)
    for name, program in PROGRAMS.items():
        (folder / f"mounted_in_{name}.py").write_text(program, "utf-8")
    return folder


@pytest.fixture(scope="module", params=chosen(), ids=lambda host: host.name)
def origin(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    host: Host = request.param
    require(host)
    with running(replace(host, environment=ENVIRONMENT), folder) as server:
        yield server.origin + host.root


class TestServers(RequestSuite, StreamSuite):
    """One build, under each of the servers, and mounted in applications of other frameworks."""


@pytest.mark.slow
def test_the_command_of_the_container_serves_the_site(folder: Path) -> None:
    recipe = (folder / "dist/Dockerfile").read_text("utf-8")
    (command,) = re.findall(r"^CMD (.*)$", recipe, re.MULTILINE)
    host = Host("container", " ".join(json.loads(command)), "--port {port}", environment=ENVIRONMENT)
    with running(host, folder) as server:
        visitor = Visitor(server.port)
        assert visitor.get("/healthz").status == 200
        assert "<h1>Anywhere</h1>" in visitor.get("/").text


def test_the_document_has_the_commands_that_are_tested() -> None:
    shown = re.findall(r"^(?:uvicorn|gunicorn|hypercorn|granian) .*$", DOCUMENT, re.MULTILINE)
    assert shown == [host.command for host in HOSTS[1:]]


def test_the_document_tells_what_each_adapter_can_do() -> None:
    (table,) = re.findall(r"<!-- capabilities -->\n(.*?)<!-- /capabilities -->", DOCUMENT, re.DOTALL)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()[2:]]
    told = {name.strip("`"): cells for name, *cells in rows}
    sections = set(re.findall(r"^## (\w+)$", DOCUMENT, re.MULTILINE))
    assert sections & set(OWN) <= set(told) <= set(OWN)
    for name, cells in told.items():
        can = find_adapter(name).capabilities
        if not can.renders_on_demand:
            assert cells == ["no", "", "", ""]
            continue
        sessions = ", ".join(f"`{driver}`" for driver in sorted(can.sessions))
        assert cells[:3] == ["yes", "yes" if can.streams else "no", sessions], name


@pytest.mark.parametrize("name", ["static", "server", "vercel", "lambda", "deno"])
def test_the_document_names_what_is_written(name: str, tmp_path: Path) -> None:
    """The table of each host's section lists the folder as it is."""
    (section,) = re.findall(rf"^## {name}\n(.*?)(?=^## )", DOCUMENT, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE))))
    assert named
    if name == "static":
        assert named == {"404.html", "_headers", "_redirects", ".pyastro-build"}
        return
    dist = built_for(name, tmp_path)
    there = {f"{path.name}/" if path.is_dir() else path.name for path in dist.iterdir()} - {".pyastro-build"}
    if name == "server":
        there = {each for each in there if each in ("asgi.py", "Dockerfile", "requirements.txt")}
    assert named == there
