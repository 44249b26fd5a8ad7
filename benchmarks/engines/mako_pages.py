"""Mako, with defs as components."""

from importlib.metadata import version

from mako.lookup import TemplateLookup

from benchmarks.contestants import Synchronous
from benchmarks.data import Data
from benchmarks.engines import TEMPLATES, renderers
from benchmarks.static_page import static_source


def load(data: Data) -> Synchronous:
    """Escaping by default, and no look at the files' times."""
    lookup = TemplateLookup([str(TEMPLATES / "mako")], default_filters=["h"], filesystem_checks=False)
    lookup.put_string("static.html", "<!DOCTYPE html>\n" + static_source("${{{}}}".format))

    def render(page: str, /, **props: object) -> str:
        html: str = lookup.get_template(f"{page}.html").render(**props)
        return html

    return Synchronous("Mako", version("mako"), renderers(render, data))
