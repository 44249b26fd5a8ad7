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

from pyastro.testing.answer import Answer
from pyastro.testing.client import AsyncClient, Client
from pyastro.testing.document import Document, Element, assert_html, parse_html
from pyastro.testing.rendering import render

__all__ = ["Answer", "AsyncClient", "Client", "Document", "Element", "assert_html", "parse_html", "render"]
