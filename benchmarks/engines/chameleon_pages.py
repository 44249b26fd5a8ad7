"""Chameleon, with METAL macros as components."""

from importlib.metadata import version
from typing import Any

from chameleon import PageTemplate

from benchmarks.contestants import Synchronous
from benchmarks.data import PAGES, Data
from benchmarks.engines import TEMPLATES, renderers
from benchmarks.static_page import static_source


def load(data: Data) -> Synchronous:
    """Templates that are compiled once."""
    templates = {page: PageTemplate(_source(page), boolean_attributes={"disabled"}) for page in PAGES}
    ui = PageTemplate(_source("components"), boolean_attributes={"disabled"})

    def render(page: str, /, **props: Any) -> str:
        html: str = templates[page].render(ui=ui, **props)
        return html

    return Synchronous("Chameleon", version("chameleon"), renderers(render, data))


def _source(page: str) -> str:
    if page == "static":
        return "<!DOCTYPE html>\n" + static_source("${{{}}}".format)
    return (TEMPLATES / f"chameleon/{page}.pt").read_text("utf-8")
