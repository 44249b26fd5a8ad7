"""Components in the views of other frameworks, as the examples have them."""

import shutil
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from tests.hosts.running import EXAMPLES, FLASK, HOSTS, Host, require, running
from tests.hosts.visitor import Visitor

VIEWS = {
    "fastapi": ["/hello/{}"],
    "starlette": ["/hello/{}"],
    "django": ["/hello/{}", "/hello-sync/{}"],
    "flask": ["/hello/{}", "/hello-async/{}", "/hello-jinja/{}"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the examples, compiled as its README says."""
    folder = tmp_path_factory.mktemp("examples") / "hosts"
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("build", "__pycache__", ".pyastro"))
    report = compile_project(folder / "pages", folder / "build")
    assert not [*report.diagnostics, *report.warnings]
    return folder


@pytest.mark.parametrize("name", VIEWS)
def test_a_component_in_a_view(name: str, folder: Path) -> None:
    host: Host = next(host for host in (*HOSTS, FLASK) if host.name == name)
    require(host)
    with running(host, folder) as server:
        visitor = Visitor(server.port)
        for view in VIEWS[name]:
            answer = visitor.get(view.format("%3CAda%3E"))
            assert answer.status == 200
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.text.count("<h2") == 1 and "Hello, &lt;Ada&gt;!</h2>" in answer.text
            inside = "You are at /hello-jinja/&lt;Ada&gt;." if "jinja" in view else "Rendered by pyastro."
            assert inside in answer.text
        if host.root:
            site = Visitor(server.port, host.root)
            assert "for the 1. time" in site.get("/").text
            assert f"This is {server.origin}/site/, which you see for the 2. time" in site.get("/").text
