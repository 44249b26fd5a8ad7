"""Testing a site without a socket: requests to it, and what is in the HTML that comes back.

    from pyastro.testing import Client

    def test_home() -> None:
        with Client("build") as client:
            answer = client.get("/")
            assert answer.status == 200
            assert answer.one("h1").text == "Hello"

The pytest plug-in, which is there where pyastro is installed, compiles the site and gives a client to each test that
asks for `pyastro_client`. Reading HTML needs html5lib: `pip install 'pyastro-web[testing]'`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyastro.testing.answer import Answer
    from pyastro.testing.client import AsyncClient, Client
    from pyastro.testing.document import Document, Element, assert_html, parse_html
    from pyastro.testing.rendering import render

_MODULES = {
    "Answer": "answer",
    "AsyncClient": "client",
    "Client": "client",
    "Document": "document",
    "Element": "document",
    "assert_html": "document",
    "parse_html": "document",
    "render": "rendering",
}


def __getattr__(name: str) -> Any:
    """What is asked for: pytest loads the plug-in of this package in every project, and needs nothing else of it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


__all__ = ["Answer", "AsyncClient", "Client", "Document", "Element", "assert_html", "parse_html", "render"]
