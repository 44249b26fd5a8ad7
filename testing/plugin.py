"""The pytest plug-in: the site compiled once, and a client for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyastro.testing.client import Client

# What compiles and serves is imported by the fixtures: pytest loads a plug-in in every project.


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting `pyastro_pages` of pytest's configuration."""
    parser.addini("pyastro_pages", "the folder of the site's pages", default="pages")


@pytest.fixture(scope="session")
def pyastro_build(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site's build, compiled for these tests."""
    from pyastro.compiler import render_diagnostic
    from pyastro.compiler.project import compile_project

    pages = pytestconfig.rootpath / str(pytestconfig.getini("pyastro_pages"))
    folder = tmp_path_factory.mktemp("pyastro") / "build"
    report = compile_project(pages, folder)
    if report.diagnostics:
        found = [render_diagnostic(each, report.texts.get(each.path)) for each in report.diagnostics]
        pytest.fail("The site does not compile:\n\n" + "\n\n".join(found), pytrace=False)
    return folder


@pytest.fixture
def pyastro_client(pyastro_build: Path) -> Iterator[Client]:
    """A visitor who comes for the first time, to a site that was just started."""
    from pyastro.testing.client import Client

    with Client(pyastro_build) as client:
        yield client
    client.site.build.unload()
